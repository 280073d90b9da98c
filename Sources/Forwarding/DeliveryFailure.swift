/// Why a document did not reach its destination this time.
public struct DeliveryFailure: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: Equatable, Sendable, CaseIterable {
        /// The destination could not be reached, or ended the association: nothing of the document is known to be wrong.
        case unreachable
        /// The destination asked for patience (A7xx, a transient rejection).
        case busy
        /// The destination takes nothing of this kind from us (AE titles, presentation contexts, authorization): a matter
        /// of its configuration or ours, not of the document.
        case notAccepted
        /// The destination refused this document, in a way that platforms also use for troubles that pass (Cxxx, 0110).
        case doubtful
        /// The document is refused for good: the same bytes will never be taken.
        case refused
    }

    public let kind: Kind
    /// What happened, in a sentence with what the peer answered.
    public let reason: String
    /// The peer's own answer, where there was one: status, Error Comment, Offending Element.
    public let answer: String?

    /// The destination may have taken the document all the same: it was sent, and nothing was answered.
    public private(set) var mayBeHeld: Bool

    /// - Parameter wasSent: something of the document left.
    public init(_ kind: Kind, _ reason: String, answer: String? = nil, wasSent: Bool = true) {
        self.kind = kind
        self.reason = reason
        self.answer = answer
        mayBeHeld =
            switch kind {
            case .unreachable: wasSent
            case .busy, .notAccepted, .doubtful, .refused: false
            }
    }

    /// As after an earlier try of the same document that was sent and not answered.
    var afterAnotherTry: DeliveryFailure {
        var failure = self
        failure.mayBeHeld = true
        return failure
    }

    /// Whether it was answered to this document, the association going on.
    var isOfDocument: Bool {
        switch kind {
        case .busy, .doubtful, .refused: true
        case .unreachable, .notAccepted: false
        }
    }

    public var description: String { reason }
}
