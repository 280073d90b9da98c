import Spool
import Threads

extension ImageSchedule {
    /// What there is to do, as far as waiting threads are concerned.
    struct Prospect {
        /// What holds for all threads at once: a change of it concerns them all.
        struct Conditions: Equatable {
            var breaker: Breaker.State
            var mode: DestinationMode?
            var isStopping: Bool
            var stuckUntil: MonotonicInstant?
            var isOpening: Bool
        }

        var conditions: Conditions
        /// Images that somebody could take.
        var images: Int
        var isPageNeeded: Bool
        /// When there is something to do next, if nothing happens.
        var deadline: MonotonicInstant?

        /// For how many threads there is something that was not there before.
        func work(since before: Prospect) -> Int {
            max(0, images - before.images) + (isPageNeeded && !before.isPageNeeded ? 1 : 0)
        }
    }

    func prospect(at now: MonotonicInstant) -> Prospect {
        Prospect(
            conditions: .init(
                breaker: breaker.state, mode: mode, isStopping: isStopping, stuckUntil: stuckUntil,
                isOpening: !opening.isEmpty),
            images: order.available, isPageNeeded: order.needsPage(at: now),
            deadline: earliest(
                earliest(acknowledgements.due, progress.due),
                earliest(earliest(nextPostponed, nextAsk), order.nextLook)))
    }
}
