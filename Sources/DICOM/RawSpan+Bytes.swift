extension Array where Element == UInt8 {
    /// Appends a part of a span.
    mutating func append(_ span: RawSpan, _ range: Range<Int>) {
        guard !range.isEmpty else { return }
        span.extracting(range).withUnsafeBytes { append(contentsOf: $0) }
    }

    init(_ span: RawSpan) { self = span.withUnsafeBytes { [UInt8]($0) } }
}

extension RawSpan {
    func holds(_ bytes: [UInt8], at offset: Int) -> Bool {
        guard offset + bytes.count <= byteCount else { return false }
        return bytes.indices.allSatisfy { unsafeLoad(fromByteOffset: offset + $0, as: UInt8.self) == bytes[$0] }
    }
}
