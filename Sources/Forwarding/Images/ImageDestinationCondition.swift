public import Spool

/// How an image destination fares, for an operator: a snapshot, empty at a start.
public struct ImageDestinationCondition: Equatable, Sendable {
    public enum Activity: Equatable, Sendable {
        case idle
        /// Something is on its way.
        case sending
        /// Nothing is tried before, whatever comes.
        case waiting(until: Timestamp, reason: String)
        /// Outside its windows; nil: none comes.
        case closed(until: Timestamp?)
        /// An operator paused it.
        case paused
    }

    /// An image on its way.
    public struct Transfer: Equatable, Sendable {
        /// SOP Instance UID.
        public var instance: String
        /// Of its data set.
        public var bytes: Int
        public var since: Timestamp
    }

    public struct Failure: Equatable, Sendable {
        public var at: Timestamp
        public var reason: String
    }

    /// Name of its queue in the spool.
    public let outbox: String
    /// As the operator knows it.
    public let destination: String
    public internal(set) var mode = DestinationMode.running
    public internal(set) var activity = Activity.idle
    public internal(set) var transfers: [Transfer] = []
    /// Open now.
    public internal(set) var associations = 0
    /// Over the last minute.
    public internal(set) var bytesPerSecond = 0
    public internal(set) var lastSuccess: Timestamp?
    public internal(set) var lastFailure: Failure?
    /// Why it does not take requests for storage commitment; nil: it does, or was not asked.
    public internal(set) var commitmentFailure: String?

    init(outbox: String, destination: String) {
        self.outbox = outbox
        self.destination = destination
    }

    /// How long so many bytes take at the present rate; nil: nothing moves.
    public func timeToDrain(bytes: Int) -> Duration? {
        if bytes <= 0 { return .zero }
        return bytesPerSecond > 0 ? .seconds(Double(bytes) / Double(bytesPerSecond)) : nil
    }
}
