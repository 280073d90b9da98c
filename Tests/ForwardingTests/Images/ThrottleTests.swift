import Testing
import Threads

@testable import Forwarding

@Suite struct ThrottleTests {
    private func second(_ seconds: Double) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: Int64(seconds * 1_000_000_000))
    }

    @Test func whatComesInARowLeavesAtTheRate() {
        var throttle = Throttle(bytesPerSecond: 1000)
        #expect(throttle.take(500, at: second(100)) == second(100))
        #expect(throttle.take(500, at: second(100)) == second(100.4), "a tenth of a second ahead, and no more")
        #expect(throttle.take(500, at: second(100)) == second(100.9))
        #expect(throttle.take(1, at: second(101.5)) == second(101.5))
    }

    @Test func whatWasNotUsedIsNotSavedUp() {
        var throttle = Throttle(bytesPerSecond: 1000)
        _ = throttle.take(10, at: second(1))
        #expect(throttle.take(2000, at: second(5000)) == second(5000))
        #expect(throttle.take(1, at: second(5000)) == second(5001.9))
    }

    @Test func overAnHourTheRateIsKeptWhoeverAsks() {
        var throttle = Throttle(bytesPerSecond: 10_000)
        var (now, bytes) = (second(10), 0)
        while now < second(10 + 3600) {
            now = throttle.take(1234, at: now)
            bytes += 1234
        }
        #expect(abs(bytes - 36_000_000) < 5000)
    }
}
