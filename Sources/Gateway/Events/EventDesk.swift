import Host
public import Studies
import Threads

/// Where all events go: to those who count them, and, unless too many came alike, to the journal or to standard error.
public final class EventDesk: Sendable {
    /// Where events are written.
    public enum Output: String, CaseIterable, Sendable {
        case journal
        case standardError = "stderr"
    }

    private struct State {
        var limit = EventLimit()
        /// A thread waits to tell what was held back.
        var isWaiting = false
        var isClosed = false
        /// Nil: no event names a patient.
        var patientID: (@Sendable (StudyKey) -> String?)?
        /// Of studies that events were about; few, since they come in a row.
        var patients: [StudyKey: String] = [:]
    }

    private let state = Monitor(State())
    private let listeners: [@Sendable (OperatorEvent) -> Void]
    private let write: @Sendable (EventRecord) -> Void
    private let end: @Sendable () -> Void

    /// - Parameters:
    ///   - output: nil: the journal where standard error goes there, else standard error.
    ///   - listeners: are told every event, those too that are held back.
    public convenience init(to output: Output? = nil, listeners: [@Sendable (OperatorEvent) -> Void] = []) {
        let loss: @Sendable (Int) -> [Journal.Field] = { OperatorEvent.journalLost(events: $0).record.journalFields }
        let journal = output == .standardError ? nil : Journal(isForced: output == .journal, loss: loss)
        if let journal {
            self.init(
                listeners: listeners, write: { journal.post($0.journalFields) },
                end: { journal.close(within: .seconds(1)) })
        } else {
            let log = EventLog()
            self.init(listeners: listeners, write: { log.post($0) })
        }
    }

    init(
        listeners: [@Sendable (OperatorEvent) -> Void] = [], write: @escaping @Sendable (EventRecord) -> Void,
        end: @escaping @Sendable () -> Void = {}
    ) {
        self.listeners = listeners
        self.write = write
        self.end = end
    }

    public func post(_ event: OperatorEvent) {
        for listener in listeners { listener(event) }
        post(event.record, at: .now)
    }

    /// Has events of studies name the patient by the Patient ID that this knows; nil for those that are to name none.
    public func identify(_ patientID: @escaping @Sendable (StudyKey) -> String?) {
        state.withLock { $0.patientID = patientID }
    }

    /// Tells what was held back, and waits for the journal for a second at most. What is posted later may be lost.
    public func close() {
        state.update { $0.isClosed = true }
        tellHeld(at: .now, patience: .zero)
        end()
    }

    // MARK: What is told

    func post(_ record: EventRecord, at now: MonotonicInstant) {
        let admission = state.withLock { $0.limit.admit(record.kind, subject: record.subject, at: now) }
        switch admission {
        case .post(let suppressed): write(identified(record.telling(suppressed)))
        case .hold: awaitHeld()
        }
    }

    private func identified(_ record: EventRecord) -> EventRecord {
        guard let study = record.study, let patientID = patientID(of: study) else { return record }
        var record = record
        record.fields.append(.patient(patientID))
        return record
    }

    private func patientID(of study: StudyKey) -> String? {
        guard let lookUp = state.withLock({ $0.patientID }) else { return nil }
        if let known = state.withLock({ $0.patients[study] }) { return known }
        guard let found = lookUp(study) else { return nil }
        state.withLock { state in
            if state.patients.count >= 64 { state.patients = [:] }
            state.patients[study] = found
        }
        return found
    }

    // MARK: What is held back

    func tellHeld(at now: MonotonicInstant, patience: Duration = EventLimit.patience) {
        for held in state.withLock({ $0.limit.overdue(at: now, patience: patience) }) {
            write(OperatorEvent.eventsHeldBack(kind: held.kind, subject: held.subject, events: held.events).record)
        }
    }

    /// There is a thread for it while something is held back, and no longer.
    private func awaitHeld() {
        let begins = state.withLock { state in
            defer { state.isWaiting = true }
            return !state.isWaiting && !state.isClosed
        }
        guard begins else { return }
        do throws(ThreadError) {
            try OSThread(name: "events") { [self] in
                while let due = nextHeld() {
                    guard state.wait(until: due, { $0.isClosed ? true : nil }) == nil else { return }
                    tellHeld(at: .now)
                }
            }.detach()
        } catch {
            // The next one alike tells it.
            state.withLock { $0.isWaiting = false }
        }
    }

    private func nextHeld() -> MonotonicInstant? {
        state.withLock { state in
            let due = state.limit.nextOverdue
            state.isWaiting = due != nil
            return due
        }
    }
}
