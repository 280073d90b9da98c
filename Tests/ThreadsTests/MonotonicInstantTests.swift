import Glibc
import Testing
import Threads

struct MonotonicInstantTests {
    private let second = MonotonicInstant(nanoseconds: 1_000_000_000)

    @Test func itGoesForward() {
        let earlier = MonotonicInstant.now
        #expect(MonotonicInstant.now >= earlier)
    }

    @Test func durationsAreAddedAndMeasured() {
        #expect(second + .milliseconds(1500) == MonotonicInstant(nanoseconds: 2_500_000_000))
        #expect(second + .milliseconds(-250) == MonotonicInstant(nanoseconds: 750_000_000))
        #expect((second + .seconds(3)) - second == .seconds(3))
        #expect(second - (second + .nanoseconds(7)) == .nanoseconds(-7))
    }

    @Test func veryLongDurationsSaturate() {
        let end = MonotonicInstant(nanoseconds: .max)
        #expect(second + .seconds(Int64.max) == end)
        #expect(second + .seconds(10_000_000_000) == end)
        #expect(end + .nanoseconds(1) == end)
        #expect(end + .milliseconds(1500) == end)
        #expect(second + .seconds(Int64.min) == MonotonicInstant(nanoseconds: 0))
        #expect(MonotonicInstant(nanoseconds: .min) + .nanoseconds(-1) == MonotonicInstant(nanoseconds: 0))
    }

    @Test func theLongestDistancesSaturate() {
        let (first, last) = (MonotonicInstant(nanoseconds: .min), MonotonicInstant(nanoseconds: .max))
        #expect(last - first == .nanoseconds(Int64.max))
        #expect(first - last == .nanoseconds(Int64.min))
    }

    /// The system takes no negative time: what lies before the start of the clock is its start.
    @Test(arguments: [(Int64(1_500_000_001), 1, 500_000_001), (0, 0, 0), (-1, 0, 0), (.min, 0, 0)])
    func theSystemsTimeIsNeverNegative(nanoseconds: Int64, seconds: Int, rest: Int) {
        let time = MonotonicInstant(nanoseconds: nanoseconds).timespec
        #expect(time.tv_sec == seconds)
        #expect(time.tv_nsec == rest)
    }
}
