import Threads

/// Bytes per second that leave towards one destination, over all its associations together. Whoever is to send asks for
/// each piece; what was not used is not saved up beyond `burst`.
struct Throttle: Equatable {
    static let burst = Duration.milliseconds(100)

    /// 1 or more.
    let bytesPerSecond: Int
    /// When all that has left would have left, had it kept to the rate.
    private var paidUntil = MonotonicInstant(nanoseconds: 0)

    init(bytesPerSecond: Int) {
        precondition(bytesPerSecond >= 1)
        self.bytesPerSecond = bytesPerSecond
    }

    /// When so many bytes may begin to leave: now, or later. They are taken for sent.
    mutating func take(_ bytes: Int, at now: MonotonicInstant) -> MonotonicInstant {
        let start = max(paidUntil, now - Self.burst)
        paidUntil = start + .seconds(Double(bytes) / Double(bytesPerSecond))
        return max(start, now)
    }
}

extension MonotonicInstant {
    fileprivate static func - (instant: MonotonicInstant, duration: Duration) -> MonotonicInstant {
        instant + (.zero - duration)
    }
}
