/// One instance's header, as it came in. The spool reads none of it.
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

    public init(
        source: String, study: String, series: String, attributes: String, header: [UInt8], receivedAt: Timestamp
    ) {
        self.source = source
        self.study = study
        self.series = series
        self.attributes = attributes
        self.header = header
        self.receivedAt = receivedAt
    }
}

/// The order in which the spool took what it holds: each arrival has a larger one than all that were durable before.
public struct ArrivalNumber: Hashable, Comparable, Sendable {
    public var value: Int64
    public init(_ value: Int64) { self.value = value }
    public static func < (a: ArrivalNumber, b: ArrivalNumber) -> Bool { a.value < b.value }
}
