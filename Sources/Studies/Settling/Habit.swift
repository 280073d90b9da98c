/// How long a source pauses in the middle of a study: learnt from what came, in memory only.
public struct Habit: Equatable, Sendable {
    /// How many times longer than configured a quiet period becomes at most.
    public static let largestStretch = 4

    /// The longest pause of late; it fades as shorter ones follow.
    private var longest = Duration.zero

    public init() {}

    /// An instance came so long after the one before it of the same study, by another association.
    /// - Parameter quietPeriod: as configured. What came later than a stretched period could wait for is an addition
    ///   to the study, not a pause.
    public mutating func learn(pause: Duration, quietPeriod: Duration) {
        guard pause >= .zero, pause <= quietPeriod * Self.largestStretch else { return }
        longest = pause >= longest ? pause : longest - (longest - pause) / 8
    }

    /// The quiet period to wait for: as configured, or longer where the source was seen to come back later than that.
    public func stretched(_ quietPeriod: Duration) -> Duration {
        guard longest > quietPeriod else { return quietPeriod }
        return min(longest + longest / 4, quietPeriod * Self.largestStretch)
    }
}
