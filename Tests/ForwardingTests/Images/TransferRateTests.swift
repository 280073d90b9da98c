import Testing
import Threads

@testable import Forwarding

@Suite struct TransferRateTests {
    private func second(_ seconds: Double) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: Int64(seconds * 1_000_000_000))
    }

    @Test func itIsThatOfTheLastMinute() {
        var rate = TransferRate()
        #expect(rate.bytesPerSecond(at: second(1000)) == 0)
        for start in 1000..<1120 { rate.add(500, from: second(Double(start)), until: second(Double(start) + 0.5)) }
        #expect(rate.bytesPerSecond(at: second(1119.9)) == 500)
        #expect(rate.bytesPerSecond(at: second(1149.5)) == 500 * 30 / 60, "half of the minute was idle")
        #expect(rate.bytesPerSecond(at: second(1300)) == 0)
    }

    @Test func atTheBeginningItIsThatOfTheTimeSince() {
        var rate = TransferRate()
        rate.add(6000, from: second(5000), until: second(5002.9))
        #expect(rate.bytesPerSecond(at: second(5002.9)) == 2000)
        #expect(rate.bytesPerSecond(at: second(5005.9)) == 1000)
    }

    @Test func anInstanceThatTookLongCountsForEachSecondOfIt() {
        var rate = TransferRate()
        rate.add(600_000, from: second(1000), until: second(1599.9))
        #expect(rate.bytesPerSecond(at: second(1599.9)) == 1000, "only its last minute is in the minute")
    }

    @Test func noBytesGetLost() {
        var rate = TransferRate()
        rate.add(10, from: second(7), until: second(9))
        rate.add(1, from: second(9), until: second(9))
        #expect(rate.bytesPerSecond(at: second(9)) == 11 / 3)
        rate.add(-5, from: second(9), until: second(8))
        #expect(rate.bytesPerSecond(at: second(9)) == 11 / 3)
    }
}
