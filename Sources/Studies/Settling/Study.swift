public import Threads

/// The life of one study: events in, what is due out. Everything else of the study lies in the spool.
///
/// A study settles when nothing new came for the quiet period, or when it has waited for `maximumWait` although
/// something still comes: a sender that dribbles for ever must not hide the images that are here. As long as an
/// association is open that brought instances for it and went on to no other study, it waits four quiet periods; one
/// that was aborted or lost lets it wait twice the quiet period from there, since its sender will come back.
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
        /// An instance became durable; `sequence` is its place in the spool. `association`: the one that brought it,
        /// which is open until `associationEnded`; nil: none that is watched.
        case stored(sequence: Int64, association: Int? = nil)
        /// An association ended: released (`isClean`), or aborted or lost. One that brought nothing for the study
        /// means nothing to it.
        case associationEnded(Int, isClean: Bool)
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

    /// May change while the study is open: what the source's `Habit` stretches.
    public var configuration: Configuration
    public private(set) var phase = Phase.settled
    /// The associations that brought instances and did not end yet.
    public private(set) var openAssociations: Set<Int> = []
    /// When an association was aborted or lost, and nothing came since.
    private var lostSender: MonotonicInstant?
    private var lastSender: Int?

    public init(configuration: Configuration) { self.configuration = configuration }

    /// The pause before an instance that comes now by this association: nil when the study is not open, or when the
    /// same association, or none that is known, brought the last one. For `Habit`.
    public func pause(before association: Int?, at now: MonotonicInstant) -> Duration? {
        switch phase {
        case .settled: nil
        case .open(_, _, let lastStored):
            if let lastSender, let association, association != lastSender { now - lastStored } else { nil }
        }
    }

    public mutating func apply(_ event: Event, at now: MonotonicInstant) {
        switch event {
        case .stored(_, let association):
            if let association { openAssociations.insert(association) }
            lastSender = association
            lostSender = nil
        case .associationEnded(let association, let isClean):
            if openAssociations.remove(association) != nil && !isClean { lostSender = now }
        case .settled, .postponed: break
        }
        move(event, at: now)
    }

    private mutating func move(_ event: Event, at now: MonotonicInstant) {
        switch (event, phase) {
        case (.associationEnded, _): break
        case (.stored(let sequence, _), .open(let through, let since, _)):
            phase = .open(through: max(through, sequence), since: since, lastStored: now)
        case (.stored(let sequence, _), .settled):
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
            min(quietAt(lastStored), since + configuration.maximumWait)
        }
    }

    /// Quiet periods for which an association may be silent in the middle of a study.
    private static let openPatience = 4

    /// When nothing more is to be expected.
    private func quietAt(_ lastStored: MonotonicInstant) -> MonotonicInstant {
        // A PACS may keep an association open for hours and say nothing: that is no reason to hide the images.
        guard openAssociations.isEmpty else { return lastStored + configuration.quietPeriod * Self.openPatience }
        let quiet = lastStored + configuration.quietPeriod
        return lostSender.map { max(quiet, $0 + configuration.quietPeriod * 2) } ?? quiet
    }
}
