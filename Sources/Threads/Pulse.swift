/// The sign of life of a stage: whether it waits for work, or since when it is at a step without getting on.
///
/// What waits is healthy, however long: nobody is woken to say so.
public final class Pulse: Sendable {
    /// As it was seen at one moment.
    public struct State: Equatable, Sendable {
        public let stage: String
        /// A step that takes longer, without progress, is stuck.
        public let limit: Duration
        /// Of the step that has gone longest without progress; nil: the stage waits for work.
        public let since: MonotonicInstant?

        public init(stage: String, limit: Duration, since: MonotonicInstant?) {
            self.stage = stage
            self.limit = limit
            self.since = since
        }
    }

    /// A step under way, on one thread.
    public struct Step: Sendable {
        fileprivate let pulse: Pulse
        fileprivate let number: UInt64

        /// It gets on: its time begins anew.
        public func progress(at now: MonotonicInstant = .now) {
            pulse.steps.withLock { _ = $0.under.updateValue(now, forKey: number) }
        }
    }

    private struct Steps {
        var under: [UInt64: MonotonicInstant] = [:]
        var last: UInt64 = 0
    }

    private let stage: String
    private let limit: Duration
    private let steps = Monitor(Steps())

    public init(_ stage: String, limit: Duration) {
        self.stage = stage
        self.limit = limit
    }

    /// Does a step of the stage; several threads may be at one each.
    public func during<Result, Failure: Error>(
        since now: MonotonicInstant = .now, _ body: (Step) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let number = steps.withLock { steps in
            steps.last &+= 1
            steps.under[steps.last] = now
            return steps.last
        }
        defer { steps.withLock { _ = $0.under.removeValue(forKey: number) } }
        return try body(Step(pulse: self, number: number))
    }

    public var state: State {
        State(stage: stage, limit: limit, since: steps.withLock { $0.under.values.min() })
    }
}
