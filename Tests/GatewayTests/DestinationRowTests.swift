import Associations
import DICOM
import Studies
import Testing

@testable import Forwarding
@testable import Gateway
@testable import Spool

@Suite struct DestinationRowTests {
    private func row(
        depth: Int = 0, withheld: Int = 0, sent: Int = 0, state: DestinationStatus.State = .working,
        _ change: (inout ImageDestinationCondition) -> Void = { _ in }
    ) -> DestinationRow {
        var condition = ImageDestinationCondition(outbox: "tele", destination: "TELE")
        condition.bytesPerSecond = 1000
        change(&condition)
        return DestinationRow(
            DestinationStatus(outbox: "tele", place: "TELE at h:104", state: state, traffic: condition), name: "tele",
            ImageSummary(
                depth: depth, bytes: depth * 5000, storedBytes: depth * 5000, oldest: nil, withheld: withheld,
                sent: sent, dead: 0), nil)
    }

    @Test func whenAllIsSentIsToldOnlyWhereTheRateDecides() {
        #expect(row(depth: 2).images?.timeToDrain == .seconds(10))
        #expect(row(depth: 2, withheld: 2).images?.timeToDrain == nil)
        let later = Timestamp(milliseconds: 9)
        for activity in [.closed(until: later), .paused, .waiting(until: later, reason: "down")]
            as [ImageDestinationCondition.Activity]
        {
            #expect(row(depth: 2) { $0.activity = activity }.images?.timeToDrain == nil)
        }
    }

    @Test func aDestinationThatDoesNotCommitIsToldWithAdvice() {
        let refusal: (inout ImageDestinationCondition) -> Void = { $0.commitmentFailure = "no such service" }
        let uncommitted = row(sent: 3, refusal)
        #expect(uncommitted.word == "failing" && uncommitted.reason?.contains("no such service") == true)
        #expect(uncommitted.advice(nil).contains { $0.contains("commit = false") })
        #expect(row(sent: 0, refusal).word == "working")
        #expect(row(sent: 3, state: .down(reason: "gone", until: nil), refusal).reason == "gone")
        #expect(row(sent: 3).advice(nil).allSatisfy { !$0.contains("commit = false") })
    }

    @Test func whatCouldNotBeAskedForHasNoTime() {
        var image = ImageDelivery(
            id: .init(image: 1, destination: "tele"), study: StudyEntry.ID(1), instance: "1.2", sopClass: "1.3",
            transferSyntax: "1.4", bytes: 1, isUrgent: false, isBarrier: false, isWithheld: false,
            isSuperseded: false,
            state: .sent(transaction: "2.25.1", at: Timestamp(milliseconds: 0)), attempts: 0,
            queuedAt: Timestamp(milliseconds: 5))
        #expect(image.askedAt == nil)
        image.state = .sent(transaction: "2.25.1", at: Timestamp(milliseconds: 7))
        #expect(image.askedAt == Timestamp(milliseconds: 7))
    }

    @Test func theAnswerToAReleaseIsNotWaitedForAsLongAsOthers() {
        var destination = Configuration.ImageDestination(
            name: "tele", aeTitle: AETitle("TELE"), host: "h", port: 104)
        #expect(destination.association(from: AETitle("K")).deadlines.release == .seconds(3))
        #expect(destination.association(from: AETitle("K")).deadlines.response == .seconds(60))
        destination.responseTimeout = .seconds(1)
        #expect(destination.association(from: AETitle("K")).deadlines.release == .seconds(1))
    }

    @Test func anImageThatWasNotTakenIsNotToldAsRefused() {
        let event = ImagesEvent.refused(
            StudyKey(source: "ct", studyInstanceUID: StudyUID("1.2")), instance: "1.2.3",
            destination: NamedDestination(name: "tele", title: "tele, T at h:104"), reason: "no response in time",
            retryInSeconds: 4)
        #expect(!"\(event)".contains("refuse") && "\(event)".contains("no response in time"))
    }
}
