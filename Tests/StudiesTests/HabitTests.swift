import Studies
import Testing

@Suite struct HabitTests {
    private let quiet = Duration.seconds(60)

    @Test func withoutExperienceTheQuietPeriodIsTheConfiguredOne() {
        #expect(Habit().stretched(quiet) == quiet)
    }

    @Test func aSourceThatComesBackLaterIsWaitedForLonger() {
        var habit = Habit()
        habit.learn(pause: .seconds(100), quietPeriod: quiet)
        #expect(habit.stretched(quiet) == .seconds(125))
        habit.learn(pause: .seconds(235), quietPeriod: quiet)
        #expect(habit.stretched(quiet) == .seconds(240))
    }

    @Test func anAdditionOnAnotherDayIsNoPause() {
        var habit = Habit()
        habit.learn(pause: .seconds(241), quietPeriod: quiet)
        habit.learn(pause: .seconds(-1), quietPeriod: quiet)
        #expect(habit.stretched(quiet) == quiet)
    }

    @Test func aLongPauseFadesAsShortOnesFollow() {
        var habit = Habit()
        habit.learn(pause: .seconds(200), quietPeriod: quiet)
        var count = 0
        while habit.stretched(quiet) > quiet && count < 100 {
            habit.learn(pause: .seconds(5), quietPeriod: quiet)
            count += 1
        }
        #expect(count == 10)
    }
}
