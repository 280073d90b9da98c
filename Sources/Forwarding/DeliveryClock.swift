import Spool
import Threads

/// Time and chance, as a sender is given them.
struct DeliveryClock: Sendable {
    var now: @Sendable () -> MonotonicInstant = { .now }
    var date: @Sendable () -> Timestamp = { .now }
    /// 0 to 1.
    var chance: @Sendable () -> Double = { Double.random(in: 0...1) }
}

extension Timestamp {
    /// Saturates.
    static func + (time: Timestamp, duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        let (whole, carry) = time.milliseconds.addingReportingOverflow(product)
        let (sum, lastCarry) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        return Timestamp(milliseconds: overflow || carry || lastCarry ? (duration < .zero ? .min : .max) : sum)
    }
}
