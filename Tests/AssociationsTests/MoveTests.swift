import Associations
import DICOM
import DICOMNetwork
import TestSupport
import Testing
import Threads

struct MoveTests {
    private let query: Query = {
        var query = Query(.study)
        query.match(.studyInstanceUID, StudyUID("1.2.3.4"))
        return query
    }()

    @Test func progressAndFailuresAreTold() throws {
        var failed = DataSetBuilder()
        failed.element(Tag(0x0008, 0x0058), .UI, "1.2.3\\1.2.4")
        let identifier = failed.bytes
        let asked = Monitor<CommandSet?>(nil)
        let scripted = try ScriptedAssociation { peer in
            let request = peer.receive()
            asked.withLock { $0 = request?.command }
            peer.answer(request, .pending) {
                $0.suboperations = SuboperationCounts(remaining: 3, completed: 1, failed: 0, warning: 0)
            }
            peer.answer(request, Status(rawValue: 0xB000), identifier: identifier) {
                $0.suboperations = SuboperationCounts(completed: 2, failed: 2, warning: 0)
            }
            peer.release()
        }
        var association = try scripted.open([.query(.move)])
        var seen: [SuboperationCounts] = []
        let outcome = try association.move(query, to: AETitle("KOSGATE_IN")) {
            seen.append($0)
            return true
        }
        try association.release()
        scripted.finish()
        #expect(seen == [SuboperationCounts(remaining: 3, completed: 1, failed: 0, warning: 0)])
        #expect(asked.withLock { $0.map { AETitle(bytes: $0.moveDestination) } } == AETitle("KOSGATE_IN"))
        #expect(outcome.failedInstances == [InstanceUID("1.2.3"), InstanceUID("1.2.4")])
        #expect(outcome.suboperations.failed == 2)
        #expect(outcome.description == "C-MOVE 0xB000 (done, but sub-operations failed or had warnings)")
    }

    @Test func aMoveIsCancelled() throws {
        let scripted = try ScriptedAssociation { peer in
            let request = peer.receive()
            peer.answer(request, .pending)
            _ = peer.receive()
            peer.answer(request, .cancel) { $0.suboperations.completed = 1 }
            peer.release()
        }
        var association = try scripted.open([.query(.move)])
        let outcome = try association.move(query, to: AETitle("KOSGATE_IN")) { _ in false }
        try association.release()
        scripted.finish()
        #expect(outcome.isCancelled)
        #expect(outcome.suboperations.completed == 1)
    }

    @Test func anUnknownDestinationHasItsRemedy() throws {
        let scripted = try ScriptedAssociation { peer in
            peer.answer(peer.receive(), .moveDestinationUnknown)
            peer.release()
        }
        var association = try scripted.open([.query(.move)])
        let outcome = try association.move(query, to: AETitle("NOBODY"))
        try association.release()
        scripted.finish()
        #expect(outcome.description == "C-MOVE 0xA801 (move destination unknown)")
        #expect(outcome.remedy?.contains("move destination") == true)
    }
}
