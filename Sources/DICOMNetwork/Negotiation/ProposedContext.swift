public import DICOM

/// A presentation context as a requestor proposes it (PS3.8 §9.3.2.2); bytes as sent, padding included.
public struct ProposedContext: Hashable, Sendable {
    public let id: UInt8
    public let abstractSyntaxBytes: [UInt8]
    public let transferSyntaxesBytes: [[UInt8]]

    public init(id: UInt8, abstractSyntaxBytes: [UInt8], transferSyntaxesBytes: [[UInt8]]) {
        self.id = id
        self.abstractSyntaxBytes = abstractSyntaxBytes
        self.transferSyntaxesBytes = transferSyntaxesBytes
    }

    public init(id: UInt8, abstractSyntax: SOPClassUID, transferSyntaxes: [TransferSyntax]) {
        self.init(
            id: id, abstractSyntaxBytes: Array(abstractSyntax.text.utf8),
            transferSyntaxesBytes: transferSyntaxes.map { Array($0.text.utf8) })
    }

    public var abstractSyntax: SOPClassUID { SOPClassUID(padded: abstractSyntaxBytes) }
    public var transferSyntaxes: [TransferSyntax] { transferSyntaxesBytes.map { TransferSyntax(padded: $0) } }
}
