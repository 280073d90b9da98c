public import Spool
public import Threads

/// Empties the outbox of one destination, in order per study, each document again and again with the same bytes until it
/// is acknowledged or given up.
///
/// - A document that is refused makes its own study wait, with growing delays; refused for good, or `refusalLimit` times,
///   it becomes a dead letter, and the study's later documents wait until somebody acts: `probe` after a retry,
///   `wake(study)` after a change.
/// - A destination in trouble is left alone after `failureLimit` failures in a row, and then probed with one document.
/// - All that is due is read from the spool, so that a restart goes on where it was, with everything due at once.
public final class Forwarder: Sendable {
    public struct Configuration: Sendable {
        /// The name of its outbox in the spool.
        public var outbox: String
        /// As the operator knows it.
        public var destination: String
        /// Between failures of the destination, or of one study's document.
        public var schedule: RetrySchedule
        /// Failures in a row after which the destination is left alone.
        public var failureLimit = 3
        /// Refusals of a kind that may pass (Cxxx, 0110, statuses unknown to the standard), after which a document is given
        /// up. They are counted since the start.
        public var refusalLimit = 3
        /// Between them: by default six times as long as between failures, for a platform's database to come back.
        public var refusalSchedule: RetrySchedule
        /// What all waits of one try may come to, with much to spare.
        public var patience = Duration.seconds(600)

        public init(outbox: String, destination: String, schedule: RetrySchedule) {
            self.outbox = outbox
            self.destination = destination
            self.schedule = schedule
            refusalSchedule = RetrySchedule(first: min(schedule.first * 6, schedule.ceiling), ceiling: schedule.ceiling)
        }
    }

    public enum Event: Sendable, Equatable {
        case delivered(OutgoingDocument, destination: String, place: String)
        /// It is left alone for a while; told once, until it is up.
        case down(destination: String, reason: String, retryIn: Duration)
        case up(destination: String)
        /// The destination did not take this document for now; the others go on.
        case refused(OutgoingDocument, destination: String, reason: String, retryIn: Duration)
        /// A dead letter: this document is tried no more, and later ones of its study wait.
        case buried(OutgoingDocument, destination: String, reason: String)
        /// The spool gives this document no more; the others go on.
        case unreadable(OutgoingDocument, reason: String, retryIn: Duration)
        /// The outbox cannot be read or written.
        case stuck(destination: String, reason: String, retryIn: Duration)
    }

    private struct State {
        /// Counts wake-ups, so that none is lost between a look at the outbox and the wait.
        var calls = 0
        var changed: Set<StudyEntry.ID> = []
        var isProbeAsked = false
        var isStopping = false
    }

    private let state = Monitor(State())
    private let latestCondition: Monitor<DestinationCondition>
    /// Of the tries: one without progress for longer than `patience` is stuck.
    public let pulse: Pulse
    private let makeSender: @Sendable () -> Sender

    /// - Parameters:
    ///   - report: what an operator is told; called on the forwarder's thread.
    ///   - acknowledged: called after each acknowledgement or burial was written down, on the forwarder's thread.
    ///   - isWithheld: asked before each try: whether the study's documents may be untrue by now. They wait for
    ///     `wake(study)`.
    public convenience init(
        _ configuration: Configuration, spool: Spool, carrier: any Carrier,
        acknowledged: @escaping @Sendable (StudyEntry.ID, Delivery) -> Void = { _, _ in },
        isWithheld: @escaping @Sendable (StudyEntry.ID) -> Bool = { _ in false },
        report: @escaping @Sendable (Event) -> Void
    ) {
        self.init(
            configuration, spool: spool, carrier: carrier, clock: DeliveryClock(), acknowledged: acknowledged,
            isWithheld: isWithheld, report: report)
    }

    init(
        _ configuration: Configuration, spool: Spool, carrier: any Carrier, clock: DeliveryClock,
        acknowledged: @escaping @Sendable (StudyEntry.ID, Delivery) -> Void,
        isWithheld: @escaping @Sendable (StudyEntry.ID) -> Bool = { _ in false },
        report: @escaping @Sendable (Event) -> Void
    ) {
        let condition = Monitor(
            DestinationCondition(outbox: configuration.outbox, destination: configuration.destination))
        latestCondition = condition
        let pulse = Pulse("delivery to \(configuration.outbox)", limit: configuration.patience)
        self.pulse = pulse
        makeSender = {
            Sender(
                configuration, spool: spool, carrier: carrier, clock: clock, condition: condition,
                pulse: pulse, report: report,
                acknowledged: acknowledged, isWithheld: isWithheld)
        }
    }

    public var condition: DestinationCondition { latestCondition.withLock { $0 } }

    /// Something was put into the outbox, or taken out of it.
    /// - Parameter study: of which documents were taken out: what lay behind them is looked at again.
    public func wake(_ study: StudyEntry.ID? = nil) {
        state.update { state in
            state.calls += 1
            if let study { state.changed.insert(study) }
        }
    }

    /// Tries again now, however long the wait was to be: an operator asks for it, or has retried a dead letter.
    public func probe() {
        state.update { state in
            state.calls += 1
            state.isProbeAsked = true
        }
    }

    /// Ends `run` after the document it is at.
    public func stop() { state.update { $0.isStopping = true } }

    /// Delivers until `stop`.
    public func run() {
        var sender = makeSender()
        while true {
            let calls = takeNews(&sender)
            let pause = sender.pass { state.withLock { $0.isStopping } }
            sender.carrier.rest()
            guard wait(pause, after: calls) else { return }
        }
    }

    /// What was asked for since the last look.
    private func takeNews(_ sender: inout Sender) -> Int {
        let news = state.withLock { state in
            defer {
                state.changed = []
                state.isProbeAsked = false
            }
            return state
        }
        for study in news.changed { sender.lookAgain(study) }
        if news.isProbeAsked { sender.probe() }
        return news.calls
    }

    /// False: stop.
    private func wait(_ pause: Sender.Pause, after calls: Int) -> Bool {
        let (deadline, isPatient) =
            switch pause {
            case .untilNews(let deadline): (deadline, false)
            case .until(let deadline): (Optional(deadline), true)
            }
        let goesOn = state.wait(until: deadline) { state -> Bool? in
            if state.isStopping { return false }
            if state.isProbeAsked { return true }
            // While the destination is down, news do not shorten the wait.
            return !isPatient && state.calls != calls ? true : nil
        }
        return goesOn ?? true
    }
}
