public import Threads

/// The life of one study: events in, what is due out. Everything else of the study lies in the spool.
///
/// A study settles when nothing new came for the quiet period, or when it has waited for `maximumWait` although
/// something still comes: a sender that dribbles for ever must not hide the images that are here.
public struct Study: Equatable, Sendable {
    public struct Configuration: Equatable, Sendable {
        /// Without a new instance for so long, the study's content is taken as whole.
        public var quietPeriod: Duration
        /// Settles after so long since its first unsettled instance, quiet or not.
        public var maximumWait: Duration
        /// A study that could not be settled waits at least so long, however short its quiet period is.
        public var retryDelay = Duration.seconds(1)

        public init(quietPeriod: Duration, maximumWait: Duration = .seconds(3600)) {
            self.quietPeriod = quietPeriod
            self.maximumWait = maximumWait
        }
    }

    public enum Event: Equatable, Sendable {
        /// An instance became durable; `sequence` is its place in the spool.
        case stored(sequence: Int64)
        /// The content up to and including `sequence` was judged: its manifest is fixed, or the study is held.
        case settled(through: Int64)
        /// Settling failed for a reason outside the study (the disk, say): it is tried again after the quiet period, or
        /// after the retry delay where that is longer.
        case postponed
    }

    public enum Phase: Equatable, Sendable {
        /// Instances up to `through` wait to be settled.
        case open(through: Int64, since: MonotonicInstant, lastStored: MonotonicInstant)
        case settled
    }

    public let configuration: Configuration
    public private(set) var phase = Phase.settled

    public init(configuration: Configuration) { self.configuration = configuration }

    public mutating func apply(_ event: Event, at now: MonotonicInstant) {
        switch (event, phase) {
        case (.stored(let sequence), .open(let through, let since, _)):
            phase = .open(through: max(through, sequence), since: since, lastStored: now)
        case (.stored(let sequence), .settled):
            phase = .open(through: sequence, since: now, lastStored: now)
        case (.settled(let settled), .open(let through, _, let lastStored)) where settled < through:
            // What came while the manifest was made opens the next version.
            phase = .open(through: through, since: lastStored, lastStored: lastStored)
        case (.settled, .open), (.settled, .settled), (.postponed, .settled):
            phase = .settled
        case (.postponed, .open(let through, _, _)):
            let later = now + max(.zero, configuration.retryDelay - configuration.quietPeriod)
            phase = .open(through: through, since: later, lastStored: later)
        }
    }

    /// When the study is to be settled; nil when nothing is due.
    public var settlesAt: MonotonicInstant? {
        switch phase {
        case .settled: nil
        case .open(_, let since, let lastStored):
            min(lastStored + configuration.quietPeriod, since + configuration.maximumWait)
        }
    }
}
