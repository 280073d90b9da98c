public import Spool

/// How a destination fares, for an operator: a snapshot, empty at a start.
public struct DestinationCondition: Equatable, Sendable {
    public enum Activity: Equatable, Sendable {
        case idle
        /// SOP Instance UID of the document on its way.
        case sending(identity: String)
        /// Nothing is tried before, whatever comes.
        case waiting(until: Timestamp, reason: String)
    }

    public struct Failure: Equatable, Sendable {
        public var at: Timestamp
        public var reason: String
    }

    /// Name of its outbox in the spool.
    public let outbox: String
    /// As the operator knows it: what it is, and its address.
    public let destination: String
    public internal(set) var activity = Activity.idle
    /// Studies whose first document failed and is tried again by itself; dead letters are not among them.
    public internal(set) var waitingStudies = 0
    public internal(set) var lastSuccess: Timestamp?
    public internal(set) var lastFailure: Failure?

    init(outbox: String, destination: String) {
        self.outbox = outbox
        self.destination = destination
    }
}
