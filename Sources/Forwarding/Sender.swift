import Spool
import Threads

/// Sends what is due in one outbox. One thread owns it.
struct Sender {
    /// Until when there is nothing to do.
    enum Pause: Equatable {
        /// Something new ends it at once.
        case untilNews(or: MonotonicInstant?)
        /// The destination, or the spool, is left alone.
        case until(MonotonicInstant)
    }

    /// Deliveries read at once: what is kept of an outbox, however long it is.
    static let pageSize = 500

    let configuration: Forwarder.Configuration
    let spool: Spool
    let carrier: any Carrier
    let clock: DeliveryClock
    let report: @Sendable (Forwarder.Event) -> Void
    let acknowledged: @Sendable (StudyEntry.ID, Delivery) -> Void
    /// Nothing of the study is sent before it is looked at again.
    let isWithheld: @Sendable (StudyEntry.ID) -> Bool
    let condition: Monitor<DestinationCondition>
    let pulse: Pulse

    var breaker: Breaker
    var order = DeliveryOrder()
    /// Deliveries read and not yet looked at.
    private var page: ArraySlice<Delivery> = []
    /// Studies whose wait is over, the earliest last.
    var due: [StudyEntry.ID] = []
    private var spoolFailures = 0

    init(
        _ configuration: Forwarder.Configuration, spool: Spool, carrier: any Carrier, clock: DeliveryClock,
        condition: Monitor<DestinationCondition>, pulse: Pulse,
        report: @escaping @Sendable (Forwarder.Event) -> Void,
        acknowledged: @escaping @Sendable (StudyEntry.ID, Delivery) -> Void,
        isWithheld: @escaping @Sendable (StudyEntry.ID) -> Bool = { _ in false }
    ) {
        self.configuration = configuration
        self.spool = spool
        self.carrier = carrier
        self.clock = clock
        self.condition = condition
        self.pulse = pulse
        self.report = report
        self.acknowledged = acknowledged
        self.isWithheld = isWithheld
        breaker = Breaker(limit: configuration.failureLimit, schedule: configuration.schedule)
    }

    /// Tries what is due, until nothing is or the destination is to be left alone.
    mutating func pass(isStopping: () -> Bool) -> Pause {
        do throws(SpoolError) {
            due = order.due(at: clock.now()).reversed()
            while !isStopping(), breaker.allowsTry(at: clock.now()), let delivery = try next() {
                try pulse.during { step throws(SpoolError) in try attempt(delivery, step) }
            }
            spoolFailures = 0
        } catch {
            return stuck(error)
        }
        return pause()
    }

    /// What was changed of a study may have freed it of a dead letter.
    mutating func lookAgain(_ study: StudyEntry.ID) { order.lookAgain(study, at: clock.now()) }

    /// Somebody asks for a try: every wait is over, and dead letters that were retried are found.
    mutating func probe() {
        breaker.probe()
        order.startOver(at: clock.now())
        page = []
    }

    /// The delivery whose turn it is.
    private mutating func next() throws(SpoolError) -> Delivery? {
        if breaker.isHalfOpen {
            // A document that never failed tells more of the destination than one that may be the trouble itself.
            if let new = try nextNew() { return new }
            while let study = order.firstWaitingForDestination {
                if let delivery = try first(of: study) { return delivery }
            }
        }
        while let study = due.popLast() {
            guard order.isDue(study, at: clock.now()) else { continue }
            if let delivery = try first(of: study) { return delivery }
        }
        return try nextNew()
    }

    private mutating func nextNew() throws(SpoolError) -> Delivery? {
        while true {
            while let delivery = page.popFirst() { if order.take(delivery) { return delivery } }
            page = try spool.pending(for: configuration.outbox, after: order.position, limit: Self.pageSize)[...]
            if page.isEmpty { return nil }
        }
    }

    /// The first delivery of a study that waited; nil: there is none, or it is a dead letter.
    private mutating func first(of study: StudyEntry.ID) throws(SpoolError) -> Delivery? {
        let first = try spool.deliveries(of: study).first { $0.destination == configuration.outbox }
        guard let first else {
            order.emptied(study)
            return nil
        }
        if first.state == .dead {
            order.buried(study)
            return nil
        }
        return first
    }

    /// The outbox cannot be read or written: whatever was being done is begun anew.
    private mutating func stuck(_ error: SpoolError) -> Pause {
        order.startOver()
        page = []
        spoolFailures += spoolFailures < .max ? 1 : 0
        let delay = configuration.schedule.delay(afterFailures: spoolFailures, chance: clock.chance())
        report(.stuck(destination: configuration.destination, reason: error.description, retryIn: delay))
        let until = clock.date() + delay
        condition.update { $0.activity = .waiting(until: until, reason: error.description) }
        return .until(clock.now() + delay)
    }

    private func pause() -> Pause {
        let waiting = order.waits.count
        guard case .open(let until, _) = breaker.state else {
            condition.update {
                $0.activity = .idle
                $0.waitingStudies = waiting
            }
            return .untilNews(or: order.nextDue)
        }
        let date = clock.date() + (until - clock.now())
        condition.update {
            $0.activity = .waiting(until: date, reason: $0.lastFailure?.reason ?? "")
            $0.waitingStudies = waiting
        }
        return .until(until)
    }
}
