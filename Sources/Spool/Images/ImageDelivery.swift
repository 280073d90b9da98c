/// An image on its way to one destination.
public struct ImageDelivery: Sendable, Equatable, Identifiable {
    public struct ID: Hashable, Sendable {
        /// The number of its file, never given to another image.
        public var image: Int64
        public var destination: String

        public init(image: Int64, destination: String) {
            self.image = image
            self.destination = destination
        }
    }

    /// In the order of sending: urgent first, then by study, then by arrival.
    public struct Position: Hashable, Comparable, Sendable {
        var isUrgent: Bool
        var study: StudyEntry.ID
        var image: Int64

        public static func < (a: Position, b: Position) -> Bool {
            if a.isUrgent != b.isUrgent { return a.isUrgent }
            return (a.study, a.image) < (b.study, b.image)
        }
    }

    public enum State: Sendable, Equatable {
        /// To be sent; perhaps not yet (`postponedUntil`, `isWithheld`, a barrier before it).
        case waiting
        /// Taken by the destination, which was asked to commit to it in this transaction (PS3.4 Annex J).
        case sent(transaction: String, at: Timestamp)
        /// A dead letter: given up, kept until somebody acts.
        case dead(since: Timestamp)
    }

    public var id: ID
    public var study: StudyEntry.ID
    /// SOP Instance UID.
    public var instance: String
    /// SOP Class UID.
    public var sopClass: String
    /// Transfer Syntax UID of the data set in the file.
    public var transferSyntax: String
    /// Of the data set.
    public var bytes: Int
    /// The arrival that it came with; nil: it came without one.
    public var arrival: ArrivalNumber?
    public var isUrgent: Bool
    public var isBarrier: Bool
    /// Not to be sent before it is released, whatever its state.
    public var isWithheld: Bool
    /// Withheld because a later copy of the same instance was queued for the same destination.
    public var isSuperseded: Bool
    public var state: State
    /// That failed so far.
    public var attempts: Int
    /// Not to be tried before; nil: at once.
    public var postponedUntil: Timestamp?
    public var lastError: String?
    /// Of a dead letter: what the destination said, in its own words.
    public var answer: String?
    public var queuedAt: Timestamp

    public var position: Position { Position(isUrgent: isUrgent, study: study, image: id.image) }
}

/// What lies here for one destination.
public struct ImageSummary: Sendable, Equatable {
    /// Neither sent nor dead; withheld and postponed ones included.
    public var depth: Int
    /// Of these, of their data sets.
    public var bytes: Int
    /// On the disk, of all that is not acknowledged. A file that two destinations wait for counts at both.
    public var storedBytes: Int
    /// When the first of all that is not dead was queued.
    public var oldest: Timestamp?
    /// Of `depth`, those that wait to be released.
    public var withheld: Int
    /// Taken, and waiting for the destination to commit to it.
    public var sent: Int
    /// Dead letters.
    public var dead: Int
}
