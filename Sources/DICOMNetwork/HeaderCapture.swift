public import DICOM

/// Keeps the first bytes of a data set as it streams in.
public struct HeaderCapture: Sendable {
    public enum Appetite { case more, skip(Int), done }
    public private(set) var header: [UInt8] = []
    private let limit: Int
    public init(transferSyntax: TransferSyntax, limit: Int, bulkLimit: Int = 16 * 1024) {
        self.limit = min(limit, 8192)
    }
    public mutating func append(_ chunk: RawSpan) -> Appetite {
        let count = min(chunk.byteCount, limit - header.count)
        chunk.withUnsafeBytes { header.append(contentsOf: $0.prefix(count)) }
        return header.count >= limit ? .done : .more
    }
    public mutating func finish() {}
}
