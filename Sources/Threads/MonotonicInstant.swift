public import Glibc

/// A point on the monotonic clock: it never jumps, and means nothing after a restart.
public struct MonotonicInstant: Hashable, Comparable, Sendable {
    public var nanoseconds: Int64

    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    public static var now: MonotonicInstant {
        var time = Glibc.timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicInstant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// For the system, which takes no negative time: what lies before the start of the clock is its start.
    public var timespec: Glibc.timespec {
        let time = max(0, nanoseconds)
        return Glibc.timespec(tv_sec: Int(time / 1_000_000_000), tv_nsec: Int(time % 1_000_000_000))
    }

    /// Saturates, so that "for ever" may be said as a very long duration.
    public static func + (instant: MonotonicInstant, duration: Duration) -> MonotonicInstant {
        let (seconds, attoseconds) = duration.components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (whole, wholeCarry) = instant.nanoseconds.addingReportingOverflow(product)
        let (sum, carry) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        guard !overflow, !wholeCarry, !carry else {
            return MonotonicInstant(nanoseconds: duration < .zero ? 0 : .max)
        }
        return MonotonicInstant(nanoseconds: sum)
    }

    public static func - (a: MonotonicInstant, b: MonotonicInstant) -> Duration {
        let (difference, overflow) = a.nanoseconds.subtractingReportingOverflow(b.nanoseconds)
        return .nanoseconds(overflow ? (a < b ? .min : .max) : difference)
    }

    public static func < (a: MonotonicInstant, b: MonotonicInstant) -> Bool { a.nanoseconds < b.nanoseconds }
}
