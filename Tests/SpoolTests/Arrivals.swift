import Spool

/// A header that resembles its neighbours as those of a series do: mostly the same, a few values different.
func syntheticHeader(_ index: Int, count: Int = 2_000) -> [UInt8] {
    var bytes = Array(pattern.prefix(count))
    bytes.append(contentsOf: repeatElement(7, count: count - bytes.count))
    let text = Array("instance \(index) at \(Double(index) * 1.25)".utf8)
    bytes.replaceSubrange(100..<100 + text.count, with: text)
    bytes.append(contentsOf: repeatElement(UInt8(truncatingIfNeeded: index), count: index % 7))
    return bytes
}

func arrival(
    source: String = "CT1", study: String = "1.2", series: String = "1.2.1", attributes: String = "1.2.840.10008.1.2.1",
    header: [UInt8]
) -> Arrival {
    Arrival(
        source: source, study: study, series: series, attributes: attributes, header: header,
        receivedAt: Timestamp(milliseconds: 1_000))
}

private let pattern = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ ($0 >> 3)) }

/// What the spool tells of a header.
struct Told: Equatable {
    var series: String
    var attributes: String
    var header: [UInt8]
    var isSealed: Bool

    init(series: String, attributes: String, header: [UInt8], isSealed: Bool) {
        self.series = series
        self.attributes = attributes
        self.header = header
        self.isSealed = isSealed
    }

    init(_ arrival: Arrival, isSealed: Bool) {
        self.init(
            series: arrival.series, attributes: arrival.attributes, header: arrival.header, isSealed: isSealed)
    }
}

func stored(_ study: StudyEntry.ID, in spool: Spool, after: ArrivalNumber? = nil) throws -> [Told] {
    var told: [Told] = []
    try spool.headers(of: study, after: after) { header, bytes in
        told.append(
            Told(
                series: header.series, attributes: header.attributes, header: bytes.withUnsafeBytes { Array($0) },
                isSealed: header.isSealed))
    }
    return told
}

func settlement(through: ArrivalNumber?, outgoing: [Outgoing] = [], hold: String? = nil) -> Settlement {
    Settlement(
        through: through ?? ArrivalNumber(0), record: Array("state".utf8), hold: hold, outgoing: outgoing,
        at: Timestamp(milliseconds: 2_000))
}
