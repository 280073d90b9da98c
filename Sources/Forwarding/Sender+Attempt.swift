import Spool
import Threads

extension Sender {
    /// Tries one delivery, and writes down what came of it.
    mutating func attempt(_ delivery: Delivery, _ step: Pulse.Step) throws(SpoolError) {
        guard !isWithheld(delivery.study) else { return order.buried(delivery.study) }
        var document = OutgoingDocument(delivery, of: try spool.study(delivery.study), file: [])
        do throws(SpoolError) {
            guard let file = try spool.begin(delivery.id) else { return advance(delivery.study) }
            document.file = file
        } catch {
            guard case .damaged = error else { throw error }
            return try unreadable(delivery, document, error)
        }
        condition.update { $0.activity = .sending(identity: delivery.identity) }
        let place: String
        do throws(DeliveryFailure) {
            place = try carrier.deliver(document) { step.progress() }
        } catch {
            return try failed(delivery, document, error)
        }
        let now = clock.date()
        // If this cannot be written down, it is sent again, the same bytes.
        try spool.acknowledge(delivery.id, events: [event("delivered", document, now)])
        condition.update { $0.lastSuccess = now }
        tell(breaker.succeeded(), nil)
        advance(delivery.study)
        report(.delivered(document, destination: configuration.destination, place: place))
        acknowledged(delivery.study, delivery)
    }

    private mutating func failed(
        _ delivery: Delivery, _ document: OutgoingDocument, _ failure: DeliveryFailure
    ) throws(SpoolError) {
        let now = clock.date()
        condition.update { $0.lastFailure = DestinationCondition.Failure(at: now, reason: failure.reason) }
        let wait = order.waits[delivery.study]
        switch failure.kind {
        case .refused:
            // An answer nevertheless: the destination is at work.
            tell(breaker.succeeded(), failure)
            try bury(delivery, document, failure)
        case .doubtful:
            // A document that is refused again says nothing new of the destination, unless it probes it.
            let refusals = 1 + (wait?.refusals ?? 0)
            if refusals == 1 || breaker.isHalfOpen { breakDown(failure) }
            guard refusals < configuration.refusalLimit else { return try bury(delivery, document, failure) }
            try postpone(
                delivery, document, failure,
                configuration.refusalSchedule.delay(afterFailures: refusals, chance: clock.chance()))
        case .busy, .unreachable, .notAccepted:
            breakDown(failure)
            try postpone(
                delivery, document, failure,
                configuration.schedule.delay(afterFailures: 1 + (wait?.failures ?? 0), chance: clock.chance()))
        }
    }

    /// The bytes cannot be read: a disk may recover, so that it is given up only at the limit.
    private mutating func unreadable(
        _ delivery: Delivery, _ document: OutgoingDocument, _ error: SpoolError
    ) throws(SpoolError) {
        let refusals = 1 + (order.waits[delivery.study]?.refusals ?? 0)
        // Not begun this time; of an earlier try it says nothing.
        let failure = DeliveryFailure(.doubtful, error.description).afterAnotherTry
        guard refusals < configuration.refusalLimit else { return try bury(delivery, document, failure) }
        let delay = configuration.refusalSchedule.delay(afterFailures: refusals, chance: clock.chance())
        report(.unreadable(document, reason: error.description, retryIn: delay))
        try postpone(delivery, failure, delay)
    }

    private mutating func postpone(
        _ delivery: Delivery, _ document: OutgoingDocument, _ failure: DeliveryFailure, _ delay: Duration
    ) throws(SpoolError) {
        // While the destination is down, that was told, and each document's fate says no more.
        if failure.isOfDocument, case .closed = breaker.state {
            report(
                .refused(document, destination: configuration.destination, reason: failure.reason, retryIn: delay))
        }
        try postpone(delivery, failure, delay)
    }

    private mutating func postpone(
        _ delivery: Delivery, _ failure: DeliveryFailure, _ delay: Duration
    ) throws(SpoolError) {
        order.failed(delivery.study, isRefusal: failure.kind == .doubtful, retryAt: clock.now() + delay)
        try spool.postpone(
            delivery.id, until: clock.date() + delay, error: failure.reason, mayBeHeld: failure.mayBeHeld)
    }

    private mutating func bury(
        _ delivery: Delivery, _ document: OutgoingDocument, _ failure: DeliveryFailure
    ) throws(SpoolError) {
        let now = clock.date()
        try spool.bury(
            delivery.id, error: failure.reason, answer: failure.answer, mayBeHeld: failure.mayBeHeld,
            events: [event("dead letter", document, now)], at: now)
        order.buried(delivery.study)
        report(.buried(document, destination: configuration.destination, reason: failure.reason))
        acknowledged(delivery.study, delivery)
    }

    /// Its first document is gone, so that the next of its study is due.
    private mutating func advance(_ study: StudyEntry.ID) {
        guard order.waits[study] != nil else { return }
        order.advanced(study, at: clock.now())
        due.append(study)
    }

    private mutating func breakDown(_ failure: DeliveryFailure) {
        tell(breaker.failed(at: clock.now(), chance: clock.chance()), failure)
    }

    private mutating func tell(_ change: Breaker.Change?, _ failure: DeliveryFailure?) {
        switch change {
        case .opened(let delay):
            report(
                .down(destination: configuration.destination, reason: failure?.reason ?? "", retryIn: delay))
        case .closed:
            report(.up(destination: configuration.destination))
            order.destinationIsBack(at: clock.now())
            due = order.due(at: clock.now()).reversed()
        case nil: break
        }
    }

    private func event(_ kind: String, _ document: OutgoingDocument, _ at: Timestamp) -> HistoryEvent {
        HistoryEvent(
            kind: kind, detail: "\(document.label) to \(configuration.destination)", at: at)
    }
}
