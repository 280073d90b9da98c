/// Why a document did not reach its destination this time; it stays in the outbox.
public struct DeliveryFailure: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: Equatable, Sendable {
        /// The destination could not be reached, or ended the association: nothing of the document is wrong.
        case unreachable
        /// The destination asked for patience (A7xx, a transient rejection).
        case busy
        /// The destination refused this very document; the next try may be refused alike until someone acts.
        case refused
    }

    public let kind: Kind
    /// What happened, in a sentence with what the peer answered.
    public let reason: String

    public init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }

    public var description: String { reason }
}
