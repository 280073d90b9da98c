import DICOM

/// A Key Object Selection document as bytes whose head was read: what stands before its references, which are many.
struct DocumentBytes: Sendable {
    /// Inflated where it was deflated.
    let bytes: [UInt8]
    /// Where the data set begins.
    let start: Int
    let encoding: Encoding
    /// Everything before Current Requested Procedure Evidence Sequence.
    let head: DataSet

    /// A PS3.10 file, or a bare data set.
    init(file: [UInt8]) throws(ParseError) {
        let part10 = try Part10File(file)
        try self.init(file, from: part10.dataSetOffset, part10.transferSyntax)
    }

    init(dataSet: [UInt8], transferSyntax: TransferSyntax) throws(ParseError) {
        try self.init(dataSet, from: 0, transferSyntax)
    }

    private init(_ bytes: [UInt8], from start: Int, _ transferSyntax: TransferSyntax) throws(ParseError) {
        let isDeflated = transferSyntax.isDeflated
        let plainBytes = isDeflated ? try DataSet.inflated(bytes.span.bytes.extracting(start...)) : bytes
        let plainStart = isDeflated ? 0 : start
        let plain: TransferSyntax = isDeflated ? .explicitVRLittleEndian : transferSyntax
        head = try DataSet(
            parsing: plainBytes.span.bytes.extracting(plainStart...), transferSyntax: plain,
            stopBefore: .currentRequestedProcedureEvidenceSequence)
        (self.bytes, self.start, encoding) = (plainBytes, plainStart, plain.encoding)
    }

    /// The references, without a tree of them.
    func references(withContent: Bool) throws(ParseError) -> ReferenceScan {
        var scan = ReferenceScan(withContent: withContent)
        try scan.read(bytes.span.bytes.extracting(start...), encoding: encoding)
        return scan
    }
}
