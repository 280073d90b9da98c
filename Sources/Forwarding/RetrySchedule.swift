/// How long to wait after a failure: doubling from `first` up to `ceiling`, spread by up to a quarter so that many
/// boxes do not come back to a platform at the same second.
public struct RetrySchedule: Equatable, Sendable {
    public var first: Duration
    public var ceiling: Duration

    public init(first: Duration = .seconds(2), ceiling: Duration = .seconds(300)) {
        self.first = first
        self.ceiling = ceiling
    }

    /// - Parameters:
    ///   - failures: failures in a row, 1 or more.
    ///   - chance: 0 to 1, drawn by the caller.
    public func delay(afterFailures failures: Int, chance: Double) -> Duration {
        var delay = first
        var doublings = max(failures, 1) - 1
        while doublings > 0 && delay < ceiling {
            delay = delay * 2
            doublings -= 1
        }
        return min(delay, ceiling) * (1 - 0.25 * min(max(chance, 0), 1))
    }
}
