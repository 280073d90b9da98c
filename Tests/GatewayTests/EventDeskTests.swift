import DICOM
import Foundation
import Studies
import Testing
import Threads

@testable import Gateway

struct EventDeskTests {
    private let written = Monitor<[EventRecord]>([])
    private let heard = Monitor<[OperatorEvent]>([])

    private func desk() -> EventDesk {
        EventDesk(
            listeners: [{ [heard] event in heard.update { $0.append(event) } }],
            write: { [written] record in written.update { $0.append(record) } })
    }

    private var kinds: [EventKind] { written.withLock { $0.map(\.kind) } }

    @Test func whoCountsHearsAllAndTheJournalNotTooMuch() {
        let desk = desk()
        for _ in 0..<50 { desk.post(.destinationUp(destination: EventSamples.region)) }
        #expect(heard.withLock { $0.count } == 50)
        #expect((20..<50).contains(kinds.count))
        desk.close()
        let last = written.withLock { $0.last }
        #expect(last?.kind == .eventsHeldBack)
        #expect(last?["KOSGATE_HELD_EVENT"] == "destination-up")
        #expect(last?["KOSGATE_SUBJECT"] == "region")
        let suppressed = written.withLock { $0.compactMap { $0["KOSGATE_SUPPRESSED"].flatMap { Int($0) } } }
        #expect(suppressed.reduce(0, +) + kinds.count(where: { $0 == .destinationUp }) == 50)
    }

    @Test func theNextOneTellsWhatWasHeldBackBeforeIt() {
        let desk = desk()
        defer { desk.close() }
        let record = OperatorEvent.destinationUp(destination: EventSamples.region).record
        let start = MonotonicInstant.now
        for _ in 0..<22 { desk.post(record, at: start) }
        desk.post(record, at: start + .seconds(3))
        let last = written.withLock { $0.last }
        #expect(last?.message.hasSuffix("; 2 alike before it were not logged") == true)
        #expect(last?["KOSGATE_SUPPRESSED"] == "2")
    }

    @Test func everyStudyIsToldOfHoweverManyThereAre() {
        let desk = desk()
        for number in 0..<500 {
            let study = StudyKey(source: "ct", studyInstanceUID: .init("1.2.\(number)"))
            desk.post(.manifestDelivered(study, version: "1", destination: EventSamples.region, place: ""))
        }
        #expect(kinds.count == 500)
    }

    @Test func aPatientIsNamedOnlyWhereThatIsWanted() {
        let desk = desk()
        desk.post(.studyUnchanged(EventSamples.study))
        desk.identify { $0 == EventSamples.study ? "MARK42" : nil }
        desk.post(.studyUnchanged(EventSamples.study))
        desk.post(.studyUnchanged(StudyKey(source: "other", studyInstanceUID: .init("1.2.3"))))
        desk.post(.spoolWritable)
        #expect(written.withLock { $0.map { $0["DICOM_PATIENT_ID"] } } == [nil, "MARK42", nil, nil])
    }

    /// The identity that a study brings is in nothing that its events hold.
    @Test func noEventOfARunningGatewayHoldsAnIdentity() throws {
        let desk = desk()
        let gateway = try RunningGateway(post: desk.post)
        // One that is published, one that is held, one that is kept aside, one whose header is broken.
        try gateway.send(TestInstance.series(2).map { marked($0) })
        _ = try gateway.manifest()
        var held = TestInstance(instanceUID: "1.2.826.0.1.3680043.10.999.2.1.1")
        (held.studyUID, held.seriesUID) = ("1.2.826.0.1.3680043.10.999.2", "1.2.826.0.1.3680043.10.999.2.1")
        held.patientID = "MARK^42\\MARK43"
        try gateway.send([held])
        var aside = marked(TestInstance(instanceUID: "1.2.826.0.1.3680043.10.999.3.1.1"))
        aside.studyUID = nil
        try gateway.send([aside])
        var broken = marked(TestInstance(instanceUID: "1.2.826.0.1.3680043.10.999.1.1.9"))
        (broken.lostBytes, broken.pixels) = (5, 4)
        try gateway.send([broken])
        #expect(gateway.wait { if case .instanceQuarantined = $0 { true } else { nil } } == true)
        gateway.stop()
        let fields = written.withLock { $0.flatMap(\.journalFields) }
        #expect(fields.contains { $0.name.description == "DICOM_STUDY_INSTANCE_UID" })
        for field in fields {
            for word in ["MARK", "EXEMPLE", "ODETTE", "19610203"] {
                #expect(!field.value.uppercased().contains(word), "\(field.name): \(field.value)")
            }
        }
    }

    @Test(arguments: [true, false])
    func theFirstHeaderOfAStudyNamesThePatientWhereTheConfigurationWantsIt(isWanted: Bool) throws {
        let gateway = try RunningGateway({ $0.logsIdentity = isWanted })
        try gateway.send([marked(TestInstance())])
        let key = gateway.wait { if case .studySettled(let key, _, _, _) = $0 { key } else { nil } }
        let study = try #require(key)
        #expect(gateway.patientID(of: study) == (isWanted ? "MARK42" : nil))
        #expect(gateway.patientID(of: StudyKey(source: study.source, studyInstanceUID: .init("9.9"))) == nil)
    }

    private func marked(_ instance: TestInstance) -> TestInstance {
        var instance = instance
        instance.patientID = "MARK42"
        return instance
    }
}
