extension Array where Element == UInt8 {
    /// Appends a part of a span.
    mutating func append(_ span: RawSpan, _ range: Range<Int>) {
        guard !range.isEmpty else { return }
        span.extracting(range).withUnsafeBytes { append(contentsOf: $0) }
    }

    init(_ span: RawSpan) { self = span.withUnsafeBytes { [UInt8]($0) } }
}
