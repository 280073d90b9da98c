public import DICOMNetwork

/// What an acceptor does with its associations. One for each listener; called on the association's thread, so that it
/// may block without hindering other associations; calls for one association never overlap.
public protocol AssociationHandler: Sendable {
    /// Lets an association in or not. The listener's own limit is applied after this.
    func accept(_ request: AssociationRequest) -> Admission

    /// An instance begins: its command is here, of its data set nothing yet. Nil, the default: its header is enough.
    func begin(_ instance: ArrivingInstance, of association: AssociationIdentity) -> (any DataSetTaker)?

    /// Called once the last fragment is in; returns when the instance is durable. The C-STORE response carries the status.
    func store(_ instance: ReceivedInstance) -> StoreStatus

    /// What a peer that we asked for storage commitment says (N-EVENT-REPORT, PS3.4 §J.3.3), on an association of its own.
    /// Returns when it is durable; its answer carries the status. By default no transaction is known.
    func committed(_ result: CommitmentResult, by association: AssociationIdentity) -> Status

    /// Called once for every connection, however it ended, even when it never became an association; not for one that was
    /// turned away.
    func ended(_ summary: AssociationSummary)

    /// Whether an association from there has any chance. Asked for connections to the TLS port, before any work. By default
    /// anybody has.
    func isKnown(address: String) -> Bool

    /// Called once for a connection that did not get so far as to ask for an association, for a reason of TLS. By default
    /// does nothing.
    func turnedAway(_ refusal: ConnectionRefusal)

    /// The listener itself is in trouble, such as no file descriptors left; it goes on. By default does nothing.
    func troubled(_ trouble: ListenerTrouble)
}

extension AssociationHandler {
    public func begin(_ instance: ArrivingInstance, of association: AssociationIdentity) -> (any DataSetTaker)? { nil }
    public func committed(_ result: CommitmentResult, by association: AssociationIdentity) -> Status {
        CommitmentResult.unknownTransaction
    }
    public func isKnown(address: String) -> Bool { true }
    public func turnedAway(_ refusal: ConnectionRefusal) {}
    public func troubled(_ trouble: ListenerTrouble) {}
}

/// Why a connection could not be taken; the listener goes on.
public enum ListenerTrouble: Hashable, Sendable {
    /// `accept` failed; errno.
    case accept(code: Int32)
    /// No thread for a connection, which was closed; errno.
    case thread(code: Int32)
    /// Every connection is in use, and none that waits gave way in time; this one was closed.
    case tooManyConnections(peerAddress: String)
}
