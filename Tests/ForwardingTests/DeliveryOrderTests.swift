import Testing
import Threads

@testable import Forwarding
@testable import Spool

@Suite final class DeliveryOrderTests {
    private let start = MonotonicInstant(nanoseconds: 0)
    private let one = StudyEntry.ID(1)
    private let two = StudyEntry.ID(2)
    private var order = DeliveryOrder()

    private func take(_ delivery: Delivery) -> Bool { order.take(delivery) }

    private func delivery(_ id: Int64, of study: StudyEntry.ID, _ state: Delivery.State = .waiting) -> Delivery {
        Delivery(
            id: Delivery.ID(id), destination: "platform", study: study, identity: "2.25.\(id)", version: "1",
            fileName: "\(id).dcm", queuedAt: Timestamp(milliseconds: 0), state: state, mayBeHeld: false, attempts: 0)
    }

    @Test func whatIsFoundIsTriedInItsOrder() {
        #expect(take(delivery(1, of: one)))
        #expect(take(delivery(3, of: two)))
        #expect(order.position == Delivery.ID(3))
    }

    @Test func aFailureMakesItsStudyWaitAndNoOther() {
        #expect(take(delivery(1, of: one)))
        order.failed(one, isRefusal: false, retryAt: start + .seconds(2))
        #expect(!take(delivery(2, of: one)))
        #expect(take(delivery(3, of: two)))
        #expect(order.due(at: start).isEmpty)
        #expect(order.due(at: start + .seconds(2)) == [one])
        #expect(order.nextDue == start + .seconds(2))
    }

    @Test func whatWasPassedOverIsDueOnceTheFirstIsGone() {
        order.failed(one, isRefusal: true, retryAt: start + .seconds(2))
        order.advanced(one, at: start + .seconds(3))
        #expect(order.isDue(one, at: start + .seconds(3)))
        #expect(order.waits[one] == DeliveryOrder.Wait(retryAt: start + .seconds(3)), "failures are a document's own")
        order.emptied(one)
        #expect(take(delivery(4, of: one)))
    }

    @Test func aDeadLetterStopsItsStudyUntilSomethingOfItChanges() {
        #expect(!take(delivery(1, of: one, .dead)))
        #expect(!take(delivery(2, of: one)))
        #expect(order.due(at: start + .seconds(1000)).isEmpty)
        order.lookAgain(two, at: start)
        #expect(order.waits.isEmpty)
        order.lookAgain(one, at: start)
        #expect(order.due(at: start) == [one])
    }

    @Test func startingOverFindsWhatWasPassedOver() {
        #expect(!take(delivery(1, of: one, .dead)))
        order.failed(two, isRefusal: true, retryAt: start + .seconds(600))
        order.startOver(at: start)
        #expect(order.position == nil)
        #expect(order.dead.isEmpty)
        #expect(order.due(at: start) == [two])
        #expect(order.waits[two]?.refusals == 1)
    }

    @Test func aDestinationThatIsBackEndsTheWaitsForItAndNoRefusals() {
        order.failed(one, isRefusal: false, retryAt: start + .seconds(600))
        order.failed(two, isRefusal: true, retryAt: start + .seconds(600))
        #expect(order.firstWaitingForDestination == one)
        order.destinationIsBack(at: start)
        #expect(order.due(at: start) == [one])
    }
}
