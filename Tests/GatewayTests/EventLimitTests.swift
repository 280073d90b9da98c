import Testing
import Threads

@testable import Gateway

struct EventLimitTests {
    private func at(_ seconds: Int) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: 0) + .seconds(1000 + seconds)
    }

    @Test func aBurstIsToldThenOneInThreeSeconds() {
        var limit = EventLimit()
        for _ in 0..<20 { #expect(limit.admit(.destinationUp, subject: "a", at: at(0)) == .post(suppressed: 0)) }
        for second in 0..<3 { #expect(limit.admit(.destinationUp, subject: "a", at: at(second)) == .hold) }
        #expect(limit.admit(.destinationUp, subject: "a", at: at(3)) == .post(suppressed: 3))
        #expect(limit.admit(.destinationUp, subject: "a", at: at(3)) == .hold)
        #expect(limit.admit(.destinationUp, subject: "a", at: at(6)) == .post(suppressed: 1))
    }

    @Test func afterQuietThereIsAWholeBurstAgainAndNoMore() {
        var limit = EventLimit()
        for _ in 0..<30 { _ = limit.admit(.destinationUp, subject: "a", at: at(0)) }
        let told = (0..<30).filter { _ in limit.admit(.destinationUp, subject: "a", at: at(10_000)) != .hold }
        #expect(told.count == 20)
    }

    @Test func moreErrorsAreToldThanRemarks() {
        var limit = EventLimit()
        let told = (0..<200).filter { _ in limit.admit(.documentRefused, subject: "a", at: at(0)) != .hold }
        #expect(told.count == 100)
    }

    @Test func anotherKindAndAnotherSubjectAreToldAllTheSame() {
        var limit = EventLimit()
        for _ in 0..<30 { _ = limit.admit(.destinationUp, subject: "a", at: at(0)) }
        #expect(limit.admit(.destinationUp, subject: "b", at: at(0)) == .post(suppressed: 0))
        #expect(limit.admit(.destinationDown, subject: "a", at: at(0)) == .post(suppressed: 0))
    }

    @Test func whatOperatorsCommandIsAlwaysTold() {
        var limit = EventLimit()
        for _ in 0..<1000 {
            #expect(limit.admit(.operatorCommanded, subject: "", at: at(0)) == .post(suppressed: 0))
        }
    }

    @Test func whatWasHeldBackIsToldAfterAMinute() {
        var limit = EventLimit()
        #expect(limit.nextOverdue == nil)
        for _ in 0..<25 { _ = limit.admit(.destinationUp, subject: "a", at: at(0)) }
        _ = (0..<22).map { _ in limit.admit(.destinationUp, subject: "b", at: at(30)) }
        #expect(limit.nextOverdue == at(60))
        #expect(limit.overdue(at: at(59)).isEmpty)
        #expect(limit.overdue(at: at(60)) == [.init(kind: .destinationUp, subject: "a", events: 5)])
        #expect(limit.nextOverdue == at(90))
        #expect(
            limit.overdue(at: at(61), patience: .zero) == [.init(kind: .destinationUp, subject: "b", events: 2)])
        #expect(limit.nextOverdue == nil)
        #expect(limit.overdue(at: at(1000)).isEmpty)
    }

    /// A scan of ports from everywhere takes no memory without end, and hides no other kind.
    @Test func ofVeryManySubjectsThoseBeyondAreAlike() {
        var limit = EventLimit()
        let told = (0..<20_000).filter { number in
            limit.admit(.associationRefused, subject: "192.0.2.\(number)", at: at(0)) != .hold
        }
        #expect(told.count == EventLimit.keyLimit + 20)
        #expect(limit.admit(.spoolUnwritable, subject: "", at: at(0)) == .post(suppressed: 0))
        #expect(limit.overdue(at: at(60)).map(\.events) == [20_000 - told.count])
        // Those that have been quiet make room.
        for number in 0..<100 {
            #expect(limit.admit(.associationRefused, subject: "198.51.100.\(number)", at: at(200)) != .hold)
        }
    }
}
