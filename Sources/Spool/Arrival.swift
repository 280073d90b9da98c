/// One instance as it came in: its header, and its image where it is to be sent. The spool reads none of it.
public struct Arrival: Sendable, Equatable {
    /// Who is responsible for it: the same study from two sources is two studies.
    public var source: String
    /// Study Instance UID.
    public var study: String
    /// Series Instance UID.
    public var series: String
    /// What else must be known of it, in the caller's own words (transfer syntax, calling AE title). Kept once per
    /// different text, so it must not differ from instance to instance.
    public var attributes: String
    /// Kept byte for byte.
    public var header: [UInt8]
    public var receivedAt: Timestamp
    /// What is to be sent of it besides; nil: the header is all that is kept.
    public var image: QueuedImage?
    /// From when it is durable on, nothing of the study's images is sent until it is released; `image` says for itself.
    public var withholdsImages: Bool
    /// Where its image was to be sent, and is not kept for.
    public var omissions: [ImageOmission] = []

    public init(
        source: String, study: String, series: String, attributes: String, header: [UInt8], receivedAt: Timestamp,
        image: QueuedImage? = nil, withholdsImages: Bool = false
    ) {
        self.source = source
        self.study = study
        self.series = series
        self.attributes = attributes
        self.header = header
        self.receivedAt = receivedAt
        self.image = image
        self.withholdsImages = withholdsImages
    }
}

/// The order in which the spool took what it holds: each arrival has a larger one than all that were durable before.
public struct ArrivalNumber: Hashable, Comparable, Sendable {
    public var value: Int64
    public init(_ value: Int64) { self.value = value }
    public static func < (a: ArrivalNumber, b: ArrivalNumber) -> Bool { a.value < b.value }
}
