import Forwarding
import Testing

@Suite struct RetryScheduleTests {
    let schedule = RetrySchedule(first: .seconds(2), ceiling: .seconds(300))

    @Test func theDelayDoublesUpToTheCeiling() {
        let delays = (1...10).map { schedule.delay(afterFailures: $0, chance: 0) }
        #expect(delays == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300].map { .seconds($0) })
    }

    @Test func chanceShortensTheDelayByAtMostAQuarter() {
        #expect(schedule.delay(afterFailures: 3, chance: 1) == .seconds(6))
        #expect(schedule.delay(afterFailures: 3, chance: 0.5) == .seconds(7))
    }

    @Test func noNumberOfFailuresOverflows() {
        #expect(schedule.delay(afterFailures: .max, chance: 0) == .seconds(300))
        #expect(schedule.delay(afterFailures: 0, chance: 0) == .seconds(2))
    }
}
