import Spool
import Testing

@testable import Forwarding
@testable import Gateway

@Suite struct DestinationStatusTests {
    private func state(_ change: (inout DestinationCondition) -> Void) -> DestinationStatus.State {
        var condition = DestinationCondition(outbox: "manifests", destination: "P at h:104")
        change(&condition)
        return DestinationStatus.State(condition)
    }

    @Test func aDestinationWhoseTriesFailIsNotWorking() {
        let failure = DestinationCondition.Failure(at: Timestamp(milliseconds: 1), reason: "no answer")
        let until = Timestamp(milliseconds: 2)
        #expect(state { _ in } == .working)
        #expect(state { ($0.waitingStudies, $0.lastFailure) = (1, failure) } == .failing(reason: "no answer"))
        // What failed before was taken, or given up.
        #expect(state { $0.lastFailure = failure } == .working)
        #expect(
            state { ($0.waitingStudies, $0.activity) = (1, .waiting(until: until, reason: "down")) }
                == .down(reason: "down", until: until))
    }
}
