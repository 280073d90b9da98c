import Testing
import Threads

struct PulseTests {
    private static func at(_ seconds: Int64) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: seconds * 1_000_000_000)
    }

    @Test func aStageThatWaitsIsAtNothing() {
        let pulse = Pulse("curation", limit: .seconds(120))
        #expect(pulse.state == Pulse.State(stage: "curation", limit: .seconds(120), since: nil))
        pulse.during(since: Self.at(5)) { _ in #expect(pulse.state.since == Self.at(5)) }
        #expect(pulse.state.since == nil)
    }

    @Test func theStepThatHasGoneLongestWithoutProgressIsTold() {
        let pulse = Pulse("ingest", limit: .seconds(60))
        pulse.during(since: Self.at(5)) { first in
            pulse.during(since: Self.at(7)) { second in
                #expect(pulse.state.since == Self.at(5))
                first.progress(at: Self.at(9))
                #expect(pulse.state.since == Self.at(7))
                second.progress(at: Self.at(11))
                #expect(pulse.state.since == Self.at(9))
            }
            #expect(pulse.state.since == Self.at(9))
        }
    }

    private struct Failure: Error {}

    @Test func aStepThatFailsIsOver() {
        let pulse = Pulse("ingest", limit: .seconds(60))
        #expect(throws: Failure.self) {
            try pulse.during { step throws(Failure) in throw Failure() }
        }
        #expect(pulse.state.since == nil)
    }
}
