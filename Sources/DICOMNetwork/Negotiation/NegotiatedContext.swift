public import DICOM

/// The answer to one proposed context; raw values are those of PS3.8 §9.3.3.2.
public enum ContextResult: UInt8, Hashable, Sendable {
    case acceptance = 0
    case userRejection = 1
    case noReason = 2
    case abstractSyntaxNotSupported = 3
    case transferSyntaxesNotSupported = 4
}

/// A presentation context as it was answered (PS3.8 §9.3.3.2).
public struct NegotiatedContext: Hashable, Sendable {
    public let id: UInt8
    public let result: ContextResult
    /// Empty when it is not known which proposal this answers.
    public let abstractSyntaxBytes: [UInt8]
    /// As sent; in a refusal it means nothing, and may be empty.
    public let transferSyntaxBytes: [UInt8]

    public init(id: UInt8, result: ContextResult, abstractSyntaxBytes: [UInt8], transferSyntaxBytes: [UInt8]) {
        self.id = id
        self.result = result
        self.abstractSyntaxBytes = abstractSyntaxBytes
        self.transferSyntaxBytes = transferSyntaxBytes
    }

    public var isAccepted: Bool { result == .acceptance }
    public var abstractSyntax: SOPClassUID { SOPClassUID(padded: abstractSyntaxBytes) }
    public var transferSyntax: TransferSyntax { TransferSyntax(padded: transferSyntaxBytes) }
}
