/// A document on its way to one destination. Its bytes are read with `Spool.content(of:)`, the same every time.
public struct Delivery: Sendable, Equatable, Identifiable {
    /// Never given to another delivery, not after this one is gone either.
    public struct ID: Hashable, Comparable, Sendable {
        public var value: Int64
        public init(_ value: Int64) { self.value = value }
        public static func < (a: ID, b: ID) -> Bool { a.value < b.value }
    }

    public enum State: Sendable, Equatable {
        /// Never tried: the destination cannot have it.
        case waiting
        /// Tried, and it is not known that the destination did not take it.
        case begun
        /// A dead letter: refused for good, kept until somebody acts. Whether it was tried is known again after `retry`.
        case dead
    }

    public var id: ID
    public var destination: String
    public var study: StudyEntry.ID
    /// SOP Instance UID of the document.
    public var identity: String
    public var version: String
    public var fileName: String
    public var queuedAt: Timestamp
    public var state: State
    /// The destination may have it, of a dead letter too.
    public var mayBeHeld: Bool
    /// Begun so far, or failed before they could begin.
    public var attempts: Int
    /// Not to be tried before; nil: at once.
    public var postponedUntil: Timestamp?
    public var lastError: String?
    /// Of a dead letter: what the destination said, in its own words.
    public var answer: String?
    /// Of a dead letter: since when it is one.
    public var deadSince: Timestamp?
}

/// What waits for one destination.
public struct OutboxSummary: Sendable, Equatable {
    /// Deliveries that are neither acknowledged nor dead.
    public var depth: Int
    /// When the first of them was queued.
    public var oldest: Timestamp?
    /// Dead letters.
    public var dead: Int
}

/// A document that was written for a study.
public struct Manifest: Sendable, Equatable {
    public var identity: String
    public var version: String
    public var fileName: String
    public var writtenAt: Timestamp
    public var content: [UInt8]
}
