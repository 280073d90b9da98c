public import Threads

/// Whether a destination is tried at all: after so many failures in a row it is left alone for a while, then one document
/// probes it, and so on until one gets through.
public struct Breaker: Equatable, Sendable {
    public enum State: Equatable, Sendable {
        /// Everything is tried. `failures`: in a row, fewer than the limit.
        case closed(failures: Int)
        /// Nothing is tried. `failures`: in a row, the limit or more.
        case open(until: MonotonicInstant, failures: Int)
        /// The next document decides.
        case halfOpen(failures: Int)
    }

    /// What an operator is told, once each.
    public enum Change: Equatable, Sendable {
        case opened(delay: Duration)
        case closed
    }

    public private(set) var state = State.closed(failures: 0)
    private let limit: Int
    private let schedule: RetrySchedule

    /// - Parameters:
    ///   - limit: failures in a row that open it, 1 or more.
    ///   - schedule: how long it then stays open; the first failure of the schedule is the one that opens it.
    public init(limit: Int = 3, schedule: RetrySchedule) {
        precondition(limit >= 1)
        self.limit = limit
        self.schedule = schedule
    }

    /// Whether a document may be tried now; turns half open when the wait is over.
    public mutating func allowsTry(at now: MonotonicInstant) -> Bool {
        guard case .open(let until, let failures) = state else { return true }
        guard until <= now else { return false }
        state = .halfOpen(failures: failures)
        return true
    }

    /// A document was not taken, and nothing says that it was the document's fault.
    /// - Parameter chance: 0 to 1, drawn by the caller.
    public mutating func failed(at now: MonotonicInstant, chance: Double) -> Change? {
        let failures = self.failures + (self.failures < .max ? 1 : 0)
        guard failures >= limit else {
            state = .closed(failures: failures)
            return nil
        }
        let delay = schedule.delay(afterFailures: failures - limit + 1, chance: chance)
        let wasClosed = isClosed
        state = .open(until: now + delay, failures: failures)
        return wasClosed ? .opened(delay: delay) : nil
    }

    /// The destination gave an answer that shows it at work.
    public mutating func succeeded() -> Change? {
        let wasClosed = isClosed
        state = .closed(failures: 0)
        return wasClosed ? nil : .closed
    }

    /// Ends the wait: the next document decides, and delays begin anew.
    public mutating func probe() {
        if isClosed { return }
        state = .halfOpen(failures: limit - 1)
    }

    var isHalfOpen: Bool { if case .halfOpen = state { true } else { false } }

    var isClosed: Bool { if case .closed = state { true } else { false } }

    private var failures: Int {
        switch state {
        case .closed(let failures), .halfOpen(let failures), .open(_, let failures): failures
        }
    }
}
