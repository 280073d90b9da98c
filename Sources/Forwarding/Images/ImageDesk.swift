import Spool
import Threads

/// What the threads of an image forwarder share: the schedule, under one lock, and the waits of those that have nothing
/// to do. A thread is called when there is work for it, and not otherwise: instances come by the hundred in a second.
final class ImageDesk: Sendable {
    fileprivate struct State {
        var schedule: ImageSchedule
        /// Threads that wait to be called, and until when.
        var waiting: [Int: MonotonicInstant?] = [:]
    }

    private let state: Monitor<State>
    /// One for each thread; true: it was called.
    private let bells: [Monitor<Bool>]
    let clock: DeliveryClock

    init(_ schedule: sending ImageSchedule, clock: DeliveryClock) {
        bells = (0..<schedule.configuration.associations).map { _ in Monitor(false) }
        state = Monitor(State(schedule: schedule))
        self.clock = clock
    }

    /// Changes the schedule, and calls the threads for which there is something to do now.
    func update<Result>(_ body: (inout ImageSchedule, MonotonicInstant, Timestamp) -> Result) -> Result {
        let (now, date) = (clock.now(), clock.date())
        let (result, called, isForAll) = state.withLock { state in
            let before = state.schedule.prospect(at: now)
            let result = body(&state.schedule, now, date)
            let after = state.schedule.prospect(at: now)
            let isForAll = after.conditions != before.conditions
            return (result, state.call(isForAll ? .max : after.work(since: before), after.deadline), isForAll)
        }
        for worker in called { bells[worker].update { $0 = true } }
        // Those that keep to a rate wait here.
        if isForAll { state.notifyAll() }
        return result
    }

    func read<Result>(_ body: (inout ImageSchedule, MonotonicInstant, Timestamp) -> Result) -> Result {
        let (now, date) = (clock.now(), clock.date())
        return state.withLock { body(&$0.schedule, now, date) }
    }

    /// Waits until there is something to do.
    func nextStep(for worker: Int, hasAssociation: Bool, isListening: Bool) -> ImageSchedule.Step {
        while true {
            let (now, date) = (clock.now(), clock.date())
            let step = state.withLock { state in
                let step = state.schedule.next(
                    for: worker, hasAssociation: hasAssociation, isListening: isListening, at: now, date: date)
                state.waiting[worker] = nil
                if case .wait(let until) = step { state.waiting[worker] = .some(until) }
                return step
            }
            guard case .wait(let until) = step else { return step }
            _ = bells[worker].wait(until: until) { isCalled -> Bool? in
                defer { isCalled = false }
                return isCalled ? true : nil
            }
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

extension ImageDesk.State {
    /// So many threads, those with an association first; and one for the clock, if nobody wakes up in time.
    fileprivate mutating func call(_ count: Int, _ deadline: MonotonicInstant?) -> [Int] {
        guard !waiting.isEmpty else { return [] }
        let isWatched =
            deadline.map { deadline in waiting.values.contains { $0.map { $0 <= deadline } ?? false } } ?? true
        let wanted = max(count, isWatched ? 0 : 1)
        guard wanted > 0 else { return [] }
        let order = waiting.keys.sorted { schedule.comesBefore($0, $1) }
        let called = Array(order.prefix(wanted))
        for worker in called { waiting[worker] = nil }
        return called
    }
}
