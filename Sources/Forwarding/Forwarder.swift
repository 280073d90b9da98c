public import Spool
import Threads

/// Empties the outbox of one destination, in order per study, again and again until each document is acknowledged.
///
/// A destination that cannot be reached or asks for patience makes everything wait; a document that it refuses makes
/// only its own study wait. All that is due is read from the spool, so a restart goes on where it was.
public final class Forwarder: Sendable {
    public struct Configuration: Sendable {
        /// The name of its outbox in the spool.
        public var outbox: String
        /// As the operator knows it.
        public var destination: String
        public var schedule: RetrySchedule

        public init(outbox: String, destination: String, schedule: RetrySchedule) {
            self.outbox = outbox
            self.destination = destination
            self.schedule = schedule
        }
    }

    public enum Event: Sendable, Equatable {
        case delivered(OutgoingDocument, destination: String, place: String)
        case down(destination: String, reason: String, retryIn: Duration)
        case up(destination: String)
        /// The destination refused this document; the others go on.
        case refused(OutgoingDocument, destination: String, reason: String, retryIn: Duration)
        /// The spool gives this document no more; the others go on.
        case unreadable(Delivery, study: StudyEntry?, reason: String, retryIn: Duration)
        /// The outbox cannot be read or written.
        case stuck(destination: String, reason: String, retryIn: Duration)
    }

    private struct State {
        /// Counts wake-ups, so that none is lost between a look at the outbox and the wait.
        var calls = 0
        var isStopping = false
    }

    private let configuration: Configuration
    private let spool: Spool
    private let carrier: any Carrier
    private let report: @Sendable (Event) -> Void
    private let state = Monitor(State())

    public init(
        _ configuration: Configuration, spool: Spool, carrier: any Carrier,
        report: @escaping @Sendable (Event) -> Void
    ) {
        self.configuration = configuration
        self.spool = spool
        self.carrier = carrier
        self.report = report
    }

    /// Something was put into the outbox.
    public func wake() { state.update { $0.calls += 1 } }

    /// Ends `run` after the document it is at.
    public func stop() { state.update { $0.isStopping = true } }

    /// Delivers until `stop`.
    public func run() {
        var failures = Failures()
        while true {
            let calls = state.withLock { $0.calls }
            let deadline = round(&failures)
            carrier.rest()
            let isStopping = state.wait(until: deadline) { state -> Bool? in
                if state.isStopping { return true }
                // While the destination is down, news do not shorten the wait.
                return failures.inARow == 0 && state.calls != calls ? false : nil
            }
            if isStopping == true { return }
        }
    }

    /// What failed since it last went well; forgotten at a restart, which is a reason to try again at once.
    private struct Failures {
        var inARow = 0
        var byStudy: [StudyEntry.ID: (count: Int, retryAt: MonotonicInstant)] = [:]
    }

    /// One pass over the outbox; returns when the next one is due, nil: when something comes.
    private func round(_ failures: inout Failures) -> MonotonicInstant? {
        do throws(SpoolError) {
            var blocked: Set<StudyEntry.ID> = []
            let pending = try spool.pending(for: configuration.outbox)
            let waiting = Set(pending.map(\.study))
            failures.byStudy = failures.byStudy.filter { waiting.contains($0.key) }
            for delivery in pending where !isStopping {
                if let retryAt = failures.byStudy[delivery.study]?.retryAt, retryAt > .now {
                    blocked.insert(delivery.study)
                }
                if blocked.contains(delivery.study) { continue }
                guard let document = try document(of: delivery, &failures) else {
                    blocked.insert(delivery.study)
                    continue
                }
                do throws(DeliveryFailure) {
                    let place = try carrier.deliver(document)
                    try acknowledge(delivery, document, place, &failures)
                } catch {
                    guard error.kind == .refused else { return down(error, &failures) }
                    blocked.insert(delivery.study)
                    refuse(document, of: delivery.study, error, &failures)
                }
            }
        } catch {
            failures.inARow += 1
            let delay = delay(failures.inARow)
            report(.stuck(destination: configuration.destination, reason: error.description, retryIn: delay))
            return .now + delay
        }
        // It went through to its end: neither the destination nor the spool is in the way, so news are worth a look.
        failures.inARow = 0
        // Also what came due while the round went on: then the next one begins at once.
        return failures.byStudy.values.map(\.retryAt).min()
    }

    /// Nil when it is damaged.
    private func document(
        of delivery: Delivery, _ failures: inout Failures
    ) throws(SpoolError) -> OutgoingDocument? {
        let study = try spool.study(delivery.study)
        do throws(SpoolError) {
            return OutgoingDocument(
                source: study?.source ?? "", studyUID: study?.uid ?? "", version: delivery.version,
                identity: delivery.identity, name: delivery.fileName, file: try spool.content(of: delivery.id))
        } catch {
            guard case .damaged = error else { throw error }
            let delay = postpone(delivery.study, &failures)
            report(.unreadable(delivery, study: study, reason: error.description, retryIn: delay))
            return nil
        }
    }

    /// The destination has it; if this cannot be written down, it is sent again, the same bytes.
    private func acknowledge(
        _ delivery: Delivery, _ document: OutgoingDocument, _ place: String, _ failures: inout Failures
    ) throws(DeliveryFailure) {
        do throws(SpoolError) {
            let event = HistoryEvent(
                kind: "delivered", detail: "version \(delivery.version) to \(configuration.destination)", at: .now)
            try spool.acknowledge(delivery.id, events: [event])
        } catch {
            throw DeliveryFailure(.busy, "delivered, but it cannot be written down: \(error)")
        }
        if failures.inARow > 0 { report(.up(destination: configuration.destination)) }
        failures.inARow = 0
        failures.byStudy[delivery.study] = nil
        report(.delivered(document, destination: configuration.destination, place: place))
    }

    private func down(_ failure: DeliveryFailure, _ failures: inout Failures) -> MonotonicInstant {
        failures.inARow += 1
        let delay = delay(failures.inARow)
        report(.down(destination: configuration.destination, reason: failure.reason, retryIn: delay))
        return .now + delay
    }

    private func refuse(
        _ document: OutgoingDocument, of study: StudyEntry.ID, _ failure: DeliveryFailure, _ failures: inout Failures
    ) {
        let delay = postpone(study, &failures)
        report(
            .refused(document, destination: configuration.destination, reason: failure.reason, retryIn: delay))
    }

    /// Lets a study alone wait; returns how long.
    private func postpone(_ study: StudyEntry.ID, _ failures: inout Failures) -> Duration {
        let count = (failures.byStudy[study]?.count ?? 0) + 1
        let delay = delay(count)
        failures.byStudy[study] = (count, .now + delay)
        return delay
    }

    private func delay(_ failures: Int) -> Duration {
        configuration.schedule.delay(afterFailures: failures, chance: Double.random(in: 0...1))
    }

    private var isStopping: Bool { state.withLock { $0.isStopping } }
}
