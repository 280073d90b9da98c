import Spool
import Testing
import Threads

@testable import Forwarding

@Suite struct SendingOrderTests {
    private func at(_ milliseconds: Int64) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: 1_000_000_000 + milliseconds * 1_000_000)
    }

    /// Takes all that may be taken, beginning studies as needed.
    private func takeAll(_ order: inout SendingOrder, avoiding suspects: Set<StudyEntry.ID> = []) -> [Int64] {
        var taken: [Int64] = []
        while let turn = order.turn(avoiding: suspects) {
            switch turn {
            case .image(let image): taken.append(image.id.image)
            case .begin(let study): order.begun(study)
            }
        }
        return taken
    }

    @Test func whatIsOnItsWayIsNotTakenAgain() {
        var order = SendingOrder()
        #expect(order.needsPage(at: at(0)))
        #expect(order.read(at: at(0)) == nil)
        #expect(!order.needsPage(at: at(0)), "one reads at a time")
        order.found([.of(1), .of(2)])
        #expect(takeAll(&order) == [1, 2])
        order.noteNews()
        _ = order.read(at: at(1))
        order.found([.of(1), .of(2), .of(3)])
        #expect(takeAll(&order) == [3])
        order.finished([ImageDelivery.of(1).id])
        order.lookAgain()
        _ = order.read(at: at(2))
        order.found([.of(1), .of(2), .of(3)])
        #expect(takeAll(&order) == [1], "it is due once more, as a dead letter that was retried")
    }

    @Test func aStudyIsBegunOnceAndTheOthersGoOnMeanwhile() {
        var order = SendingOrder()
        _ = order.read(at: at(0))
        order.found([.of(1, study: 1), .of(2, study: 1), .of(3, study: 2)])
        #expect(order.turn() == .begin(StudyEntry.ID(1)))
        #expect(order.turn() == .begin(StudyEntry.ID(2)))
        #expect(order.turn() == nil)
        order.begun(StudyEntry.ID(2))
        #expect(order.turn() == .image(.of(3, study: 2)))
        order.failedBeginning(StudyEntry.ID(1))
        #expect(order.turn() == .begin(StudyEntry.ID(1)))
        order.begun(StudyEntry.ID(1))
        #expect(takeAll(&order) == [1, 2])
    }

    @Test func whatIsPutBackDoesNotKeepBackWhatIsUrgentMeanwhile() {
        var order = SendingOrder()
        _ = order.read(at: at(0))
        order.found([.of(1)])
        #expect(takeAll(&order) == [1])
        order.noteNews(isUrgent: true)
        order.putBack(.of(1))
        #expect(order.needsPage(at: at(1)) && order.read(at: at(1)) == nil, "from the beginning")
        order.found([.of(2), .of(1)])
        #expect(takeAll(&order) == [2, 1])
    }

    @Test func newsAreSoughtBehindTheEndFirstAndFromTheBeginningNowAndThen() {
        var order = SendingOrder()
        _ = order.read(at: at(0))
        order.found([.of(1)])
        _ = takeAll(&order)
        #expect(!order.needsPage(at: at(1)))
        order.noteNews()
        #expect(order.read(at: at(2)) == ImageDelivery.of(1).position)
        order.found([.of(2)])
        #expect(takeAll(&order) == [2])
        #expect(!order.needsPage(at: at(3)))
        #expect(order.nextLook == at(50), "something may have come before")
        #expect(order.needsPage(at: at(50)))
        #expect(order.read(at: at(50)) == nil)
        order.found([.of(1), .of(2)])
        #expect(order.nextLook == nil)
    }

    @Test func newsThatAreNotBehindTheEndAreSoughtAtOnce() {
        var order = SendingOrder()
        _ = order.read(at: at(0))
        order.found([.of(5, study: 2)])
        _ = takeAll(&order)
        order.noteNews()
        _ = order.read(at: at(1))
        order.found([])
        #expect(order.needsPage(at: at(1)))
        #expect(order.read(at: at(1)) == nil)
        order.found([.of(6, study: 1), .of(5, study: 2)])
        #expect(takeAll(&order) == [6])
    }

    @Test func urgentNewsOvertakeWhatWasFoundAndWhatIsBeingRead() {
        var order = SendingOrder()
        _ = order.read(at: at(0))
        order.found([.of(1), .of(2)])
        order.noteNews(isUrgent: true)
        #expect(order.found == 0)
        #expect(order.read(at: at(1)) == nil)
        order.noteNews(isUrgent: true)
        order.found([.of(1), .of(2)])
        #expect(order.found == 0, "it was read before the news")
        #expect(order.read(at: at(1)) == nil)
        order.found([.of(9), .of(1), .of(2)])
        #expect(takeAll(&order) == [9, 1, 2])
    }

    @Test func aLongQueueIsReadPageAfterPage() {
        var order = SendingOrder()
        let all = (1...300).map { ImageDelivery.of(Int64($0)) }
        var taken: [Int64] = []
        while order.needsPage(at: at(0)) {
            let place = order.read(at: at(0))
            let rest = all.drop { image in place.map { image.position <= $0 } ?? false }
            order.found(Array(rest.prefix(SendingOrder.pageSize)))
            taken += takeAll(&order)
        }
        #expect(taken == Array(1...300))
    }

    @Test func suspectsWaitForTheOthersAndThenHaveTheirTurn() {
        var order = SendingOrder()
        _ = order.read(at: at(0))
        order.found([.of(1, study: 1), .of(2, study: 2)])
        #expect(takeAll(&order, avoiding: [StudyEntry.ID(1)]) == [2])
        #expect(order.needsPage(at: at(1)))
        #expect(order.read(at: at(1)) == nil)
        order.found([.of(1, study: 1), .of(2, study: 2)])
        #expect(takeAll(&order, avoiding: [StudyEntry.ID(1)]) == [1])
    }

    @Test func aBarrierWaitsForWhatIsOnItsWayThoughTheSpoolForgotItMeanwhile() {
        var order = SendingOrder()
        _ = order.read(at: at(0))
        order.found([.of(1)])
        #expect(takeAll(&order) == [1])
        var note = ImageDelivery.of(2)
        note.isBarrier = true
        order.noteNews()
        _ = order.read(at: at(1))
        order.found([note, .of(3, study: 2)])
        #expect(order.available == 1)
        #expect(takeAll(&order) == [3])
        #expect(order.found == 0 && !order.needsPage(at: at(2)), "it keeps back nothing of other studies")
        order.finished([ImageDelivery.of(1).id])
        #expect(order.needsPage(at: at(3)))
        _ = order.read(at: at(3))
        order.found([note])
        #expect(takeAll(&order) == [2])
    }

    @Test func aLaterCopyWaitsForTheEarlierOneThatIsOnItsWay() {
        var order = SendingOrder()
        _ = order.read(at: at(0))
        order.found([.of(1)])
        #expect(takeAll(&order) == [1])
        var copy = ImageDelivery.of(2)
        copy.instance = ImageDelivery.of(1).instance
        order.noteNews()
        _ = order.read(at: at(1))
        order.found([copy, .of(3)])
        #expect(takeAll(&order) == [3])
        order.finished([ImageDelivery.of(1).id])
        _ = order.read(at: at(2))
        order.found([copy])
        #expect(takeAll(&order) == [2])
    }

    @Test func whatIsPutBackIsTheFirst() {
        var order = SendingOrder()
        _ = order.read(at: at(0))
        order.found([.of(1), .of(2), .of(3)])
        order.begun(StudyEntry.ID(1))
        guard case .image(let first) = order.turn() else { return #expect(Bool(false), "nothing is due") }
        order.putBack(first)
        #expect(takeAll(&order) == [1, 2, 3])
    }
}
