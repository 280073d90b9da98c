public import Threads

/// Whether the truth is such that the supervisor may be told that all is well.
public struct Watchdog: Sendable {
    public enum Verdict: Equatable, Sendable {
        case healthy
        /// This stage has been at one step for so long.
        case stuck(stage: String, for: Duration)
    }

    /// The spool answers within this time, or it is stuck.
    public let patience: Duration

    public init(patience: Duration) { self.patience = patience }

    /// A stage that waits for work is well, and so is a spool that refuses: that it is full, or that its disk fails, is an
    /// answer, and a restart would cure nothing. Of several that are stuck, the one that has been so longest is told.
    /// - Parameter spoolAnswered: when the spool last wrote something durably, or said that it could not.
    public func verdict(
        _ pulses: [Pulse.State], spoolAnswered: MonotonicInstant, at now: MonotonicInstant
    ) -> Verdict {
        let spool = Pulse.State(stage: "spool", limit: patience, since: spoolAnswered)
        let stuck = (pulses + [spool]).filter { pulse in
            pulse.since.map { now - $0 > pulse.limit } ?? false
        }
        guard let worst = stuck.min(by: { ($0.since ?? now) < ($1.since ?? now) }), let since = worst.since
        else { return .healthy }
        return .stuck(stage: worst.stage, for: now - since)
    }
}
