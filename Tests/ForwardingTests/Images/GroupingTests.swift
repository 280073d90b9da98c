import Testing
import Threads

@testable import Forwarding

@Suite struct GroupingTests {
    private func at(_ milliseconds: Int64) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: 1_000_000_000 + milliseconds * 1_000_000)
    }

    @Test func aGroupIsDueWhenItIsFullOrOld() {
        var grouping = Grouping<Int>(limit: 3, patience: .milliseconds(100), quiet: .milliseconds(100))
        #expect(grouping.due == nil)
        grouping.add(1, at: at(0))
        grouping.add(2, at: at(90))
        #expect(grouping.take(at: at(99)) == nil)
        #expect(grouping.take(at: at(100)) == [1, 2])
        grouping.written()
        for number in 3...6 { grouping.add(number, at: at(200)) }
        #expect(grouping.take(at: at(200)) == [3, 4, 5])
        grouping.written()
        #expect(grouping.take(at: at(200)) == nil)
        #expect(grouping.due == at(300))
    }

    @Test func itIsDueWhenNothingMoreComes() {
        var grouping = Grouping<Int>(limit: 500, patience: .seconds(30), quiet: .seconds(1))
        grouping.add(1, at: at(0))
        grouping.add(2, at: at(900))
        #expect(grouping.due == at(1900))
        for time in stride(from: Int64(1800), through: 29_700, by: 900) { grouping.add(0, at: at(time)) }
        #expect(grouping.due == at(30_000))
    }

    @Test func oneGroupIsOutAtATimeAndComesBackInItsPlace() {
        var grouping = Grouping<Int>(limit: 2, patience: .milliseconds(1), quiet: .milliseconds(1))
        for number in 1...3 { grouping.add(number, at: at(0)) }
        #expect(grouping.take(at: at(5), isHurried: true) == [1, 2])
        #expect(grouping.take(at: at(5), isHurried: true) == nil)
        #expect(grouping.due == nil)
        grouping.giveBack([1, 2])
        #expect(grouping.elements == [1, 2, 3])
        #expect(grouping.take(at: at(5)) == [1, 2])
    }
}
