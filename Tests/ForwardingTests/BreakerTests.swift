import Forwarding
import Testing
import Threads

@Suite final class BreakerTests {
    private let start = MonotonicInstant(nanoseconds: 0)
    private var breaker = Breaker(limit: 3, schedule: RetrySchedule(first: .seconds(2), ceiling: .seconds(8)))

    private func fail(_ times: Int, at now: MonotonicInstant? = nil) -> [Breaker.Change?] {
        (0..<times).map { _ in breaker.failed(at: now ?? start, chance: 0) }
    }

    private func succeed() -> Breaker.Change? { breaker.succeeded() }
    private func allowsTry(at now: MonotonicInstant) -> Bool { breaker.allowsTry(at: now) }

    @Test func itOpensAtTheLimitAndSaysSoOnce() {
        #expect(fail(3) == [nil, nil, .opened(delay: .seconds(2))])
        #expect(breaker.state == .open(until: start + .seconds(2), failures: 3))
        #expect(!allowsTry(at: start + .seconds(1)))
        let due = start + .seconds(2)
        #expect(allowsTry(at: due))
        #expect(breaker.state == .halfOpen(failures: 3))
        #expect(fail(1, at: due) == [nil])
        #expect(breaker.state == .open(until: due + .seconds(4), failures: 4))
    }

    @Test func aSuccessBetweenFailuresCountsThemAnew() {
        _ = fail(2)
        #expect(succeed() == nil)
        #expect(fail(2) == [nil, nil])
        #expect(breaker.state == .closed(failures: 2))
    }

    @Test func theFirstSuccessClosesItAndSaysSoOnce() {
        _ = fail(3)
        #expect(allowsTry(at: start + .seconds(2)))
        #expect(succeed() == .closed)
        #expect(succeed() == nil)
        #expect(breaker.state == .closed(failures: 0))
    }

    @Test func theWaitGrowsToTheCeiling() {
        _ = fail(3)
        for expected in [4, 8, 8, 8] {
            _ = breaker.failed(at: start, chance: 0)
            guard case .open(let until, _) = breaker.state else { return #expect(Bool(false), "not open") }
            #expect(until == start + .seconds(expected))
        }
    }

    @Test func aProbeEndsTheWaitAndBeginsTheDelaysAnew() {
        _ = fail(6)
        breaker.probe()
        #expect(allowsTry(at: start))
        #expect(fail(1) == [nil], "that it is down was told")
        #expect(breaker.state == .open(until: start + .seconds(2), failures: 3))
    }

    @Test func aProbeOfAClosedOneChangesNothing() {
        _ = fail(2)
        breaker.probe()
        #expect(breaker.state == .closed(failures: 2))
    }

    @Test func aLimitOfOneOpensAtTheFirstFailure() {
        breaker = Breaker(limit: 1, schedule: RetrySchedule(first: .seconds(2), ceiling: .seconds(8)))
        #expect(fail(1) == [.opened(delay: .seconds(2))])
    }
}
