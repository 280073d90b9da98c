public import DICOM

/// A data set in the other of the two uncompressed little endian transfer syntaxes (`Reencoder`).
public final class ReencodedDataSet: DataSetBytes {
    private static let chunk = 64 * 1024

    private let source: any DataSetBytes
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: ReencodedDataSet.chunk, alignment: 16)
    private var reencoder: Reencoder
    private var hasEnded = false

    /// - Parameter source: from its first byte.
    /// - Precondition: both transfer syntaxes are uncompressed and little endian.
    public init(_ source: any DataSetBytes, from: TransferSyntax, to: TransferSyntax) {
        precondition(from.alternative != nil && to.alternative != nil, "nothing else is re-encoded")
        self.source = source
        reencoder = Reencoder(from: from.encoding, to: to.encoding)
    }

    deinit { input.deallocate() }

    /// Not known before the end: lengths change.
    public var left: Int? { hasEnded ? reencoder.ready : nil }

    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataSetFault) -> Int {
        while reencoder.ready == 0, !hasEnded { try readOn() }
        return reencoder.take(into: buffer)
    }

    private func readOn() throws(DataSetFault) {
        let count = try source.read(into: input)
        do throws(ParseError) {
            if count > 0 {
                let part = UnsafeRawBufferPointer(rebasing: input[..<count])
                try reencoder.append(RawSpan(_unsafeBytes: part))
            } else {
                try reencoder.finish()
                hasEnded = true
            }
        } catch {
            throw .unreadable(error)
        }
    }
}
