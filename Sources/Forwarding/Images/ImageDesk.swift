import Spool
import Threads

/// What the threads of an image forwarder share: the schedule, under one lock, and the waits of those that have nothing
/// to do.
final class ImageDesk: Sendable {
    private struct State {
        var schedule: ImageSchedule
        /// Counts what happened, so that nothing is lost between a look and the wait.
        var happenings = 0
    }

    private let state: Monitor<State>
    let clock: DeliveryClock

    init(_ schedule: sending ImageSchedule, clock: DeliveryClock) {
        state = Monitor(State(schedule: schedule))
        self.clock = clock
    }

    /// Changes the schedule; all threads look again.
    func update<Result>(_ body: (inout ImageSchedule, MonotonicInstant, Timestamp) -> Result) -> Result {
        let (now, date) = (clock.now(), clock.date())
        return state.update { state in
            state.happenings += 1
            return body(&state.schedule, now, date)
        }
    }

    func read<Result>(_ body: (inout ImageSchedule, MonotonicInstant, Timestamp) -> Result) -> Result {
        let (now, date) = (clock.now(), clock.date())
        return state.withLock { body(&$0.schedule, now, date) }
    }

    /// Waits until there is something to do.
    func nextStep(for worker: Int, hasAssociation: Bool) -> ImageSchedule.Step {
        while true {
            let (now, date) = (clock.now(), clock.date())
            let (step, seen) = state.withLock { state in
                let step = state.schedule.next(for: worker, hasAssociation: hasAssociation, at: now, date: date)
                return (step, state.happenings)
            }
            guard case .wait(let until) = step else { return step }
            _ = state.wait(until: until) { $0.happenings != seen ? true : nil }
        }
    }

    /// Waits until so many bytes may leave. False: the forwarder is stopped, and this takes too long.
    func pace(_ bytes: Int) -> Bool {
        let now = clock.now()
        let start = state.withLock { $0.schedule.throttle?.take(bytes, at: now) }
        guard let start, start > now else { return true }
        return state.wait(until: start) { $0.schedule.isStopping ? false : nil } ?? true
    }
}
