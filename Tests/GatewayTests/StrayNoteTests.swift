import DICOM
import DICOMNetwork
import Foundation
import Spool
import Studies
import TestSupport
import Testing
import Threads

@testable import Gateway

/// The same SOP Instance UIDs in several studies and from several sources, and notes that name the wrong one.
struct StrayNoteTests {
    private static let root = "1.2.826.0.1.3680043.10.999"

    private func note(_ gateway: RunningGateway) throws -> KeyObjectFile {
        let place = gateway.wait { if case .rejectionNoteDelivered(_, _, _, let place) = $0 { place } else { nil } }
        return try KeyObjectFile(path: #require(place, "told: \(gateway.told)"))
    }

    private func held(_ gateway: RunningGateway, _ words: String) -> Bool {
        gateway.wait { if case .studyHeld(_, let reason, _) = $0, reason.contains(words) { true } else { nil } }
            ?? false
    }

    private func isTold(_ gateway: RunningGateway, _ words: String) -> Bool {
        gateway.wait { if case .studyRemark(_, let remark) = $0, remark.contains(words) { true } else { nil } } ?? false
    }

    private func moved(_ count: Int, patientID: String = "IPP0042", accession: String = "A2026001") -> [TestInstance] {
        TestInstance.series(count).map { instance in
            var moved = instance
            (moved.studyUID, moved.seriesUID) = ("\(Self.root).2", "\(Self.root).2.7")
            (moved.patientID, moved.accessionNumber) = (patientID, accession)
            return moved
        }
    }

    @Test func whatWasMovedUnderNewSeriesWaitsUntilItIsWithdrawnFromWhereItWas() throws {
        let gateway = try RunningGateway()
        try gateway.sendWhole(TestInstance.series(2))
        _ = try gateway.manifest()
        let moved = moved(2, patientID: "IPP0666")
        try gateway.sendWhole(moved)
        #expect(held(gateway, "are also in study \(Self.root).1"))
        try gateway.send([.note("113038", for: moved.map(\.instanceUID))])
        #expect(try note(gateway).text(.studyInstanceUID) == "\(Self.root).1")
        let manifest = try gateway.manifest()
        #expect(manifest.text(.studyInstanceUID) == "\(Self.root).2")
        #expect(manifest.text(.patientID) == "IPP0666")
        #expect(manifest.references == moved.map(\.instanceUID))
    }

    /// The study that the note names may be the one they were moved from.
    @Test func aNoteOfAnotherStudySoonAfterTheInstancesPutsThemInQuarantine() throws {
        let gateway = try RunningGateway()
        try gateway.sendWhole(moved(3))
        _ = try gateway.manifest()
        try gateway.send([.note("113037", for: [moved(3)[1].instanceUID])])
        #expect(isTold(gateway, "of this one"))
        #expect(try note(gateway).references == [moved(3)[1].instanceUID])
        #expect(try gateway.manifest(2).references == [moved(3)[0].instanceUID, moved(3)[2].instanceUID])
        #expect(isTold(gateway, "kept out of the manifest until they are released"))
    }

    @Test func aNoteOfAnotherStudyThatCameBeforeTheInstancesKeepsThemOut() throws {
        let gateway = try RunningGateway()
        try gateway.send([.note("113037", for: [moved(3)[1].instanceUID])])
        #expect(gateway.wait { if case .studyUnchanged = $0 { true } else { nil } } == true)
        try gateway.sendWhole(moved(3))
        #expect(try gateway.manifest().references == [moved(3)[0].instanceUID, moved(3)[2].instanceUID])
        #expect(isTold(gateway, "of this one"))
    }

    @Test func aNoteOfAnotherAccessionNumberPutsThemInQuarantineWhateverItsTitle() throws {
        let gateway = try RunningGateway { $0.defaults.rejectionRace = .zero }
        try gateway.sendWhole(moved(2, accession: "A2026777"))
        _ = try gateway.manifest()
        try gateway.send([.note("113001", for: [moved(2)[1].instanceUID])])
        #expect(isTold(gateway, "kept out of the manifest until they are released"))
        #expect(try note(gateway).references == [moved(2)[1].instanceUID])
        #expect(try gateway.manifest(2).references == [moved(2)[0].instanceUID])
    }

    @Test func whatANoteNamesAndComesLaterIsMeantToo() throws {
        let gateway = try RunningGateway()
        try gateway.sendWhole([moved(3)[0], moved(3)[2]])
        _ = try gateway.manifest()
        try gateway.send([.note("113037", for: [moved(3)[0], moved(3)[1]].map(\.instanceUID))])
        #expect(try gateway.manifest(2).references == [moved(3)[2].instanceUID])
        try gateway.send([moved(3)[1]])
        #expect(isTold(gateway, "names 1 instance of this one"))
        try gateway.send(
            TestInstance.series(1, from: 4).map { instance in
                var last = instance
                (last.studyUID, last.seriesUID) = (moved(1)[0].studyUID, moved(1)[0].seriesUID)
                return last
            })
        let manifest = try gateway.manifest(3)
        #expect(!manifest.references.contains(moved(3)[1].instanceUID) && manifest.references.count == 2)
    }

    /// What is wrong with an instance is wrong with every copy of it; what one PACS keeps no longer another one may.
    @Test(arguments: ["113037", "113039"])
    func aNoteOfOneSourceMeansTheCopyOfTheOtherUnlessItIsOfRetention(title: String) throws {
        let gateway = try RunningGateway { twoSources(&$0) }
        try gateway.sendWhole(TestInstance.series(2), TestInstance.series(2), calling: ["PACS", "RIS"])
        _ = try gateway.manifest(2)
        try gateway.restart()
        try gateway.send([.note(title, for: [TestInstance.series(2)[0].instanceUID])], calling: "PACS")
        let count = title == "113037" ? 2 : 1
        for number in 1...count {
            #expect(try gateway.manifest(number).references == [TestInstance.series(2)[1].instanceUID])
        }
        try gateway.send(TestInstance.series(1, from: 3), calling: "RIS")
        #expect(try gateway.manifest(count + 1).references.count == (title == "113037" ? 2 : 3))
    }

    @Test func aNoteOfAnotherPatientIsToldAndNotApplied() throws {
        let gateway = try RunningGateway()
        try gateway.sendWhole(moved(2, patientID: "IPP0777"))
        _ = try gateway.manifest()
        try gateway.send([.note("113037", for: [moved(2)[1].instanceUID])])
        #expect(isTold(gateway, "it is not applied here"))
        try gateway.send(TestInstance.series(1, from: 3))
        #expect(try gateway.manifest(2).references.count == 1)
        #expect(!gateway.told.contains { if case .rejectionNoteDelivered = $0 { true } else { false } })
    }

    private func twoSources(_ configuration: inout Configuration) {
        configuration.sources = ["RIS", "PACS"].map { (name: String) in
            var source = Configuration.Source(name: name, settings: configuration.defaults)
            source.aeTitles = [AETitle(name)]
            return source
        }
    }

    /// A change requester of its own rejects what another source brought (IHE IOCM).
    @Test(arguments: [true, false])
    func aNoteFromAnotherSourceActsOnTheStudyThatItNames(isLater: Bool) throws {
        let gateway = try RunningGateway { twoSources(&$0) }
        let rejection = TestInstance.note("113001", for: [TestInstance.series(2)[0].instanceUID])
        if isLater {
            try gateway.sendWhole(TestInstance.series(2))
            _ = try gateway.manifest()
            try gateway.send([rejection], calling: "RIS")
            #expect(try note(gateway).references == rejection.references)
            #expect(try gateway.manifest(2).references == [TestInstance.series(2)[1].instanceUID])
        } else {
            try gateway.send([rejection], calling: "RIS")
            #expect(gateway.wait { if case .studyUnchanged = $0 { true } else { nil } } == true)
            try gateway.sendWhole(TestInstance.series(2))
            #expect(try gateway.manifest().references == [TestInstance.series(2)[1].instanceUID])
        }
    }

    @Test func twoSourcesMayServeTheSameStudyButNotUnderTwoPatients() throws {
        let gateway = try RunningGateway { twoSources(&$0) }
        try gateway.sendWhole(TestInstance.series(2), TestInstance.series(2), calling: ["PACS", "RIS"])
        _ = try gateway.manifest(2)
        try gateway.sendWhole(moved(2, patientID: "IPP0042"), calling: ["PACS"])
        #expect(held(gateway, "are also in study \(Self.root).1"))
        let other = try RunningGateway { twoSources(&$0) }
        let foreign = TestInstance.series(2).map { instance in
            var foreign = instance
            foreign.patientID = "IPP0666"
            return foreign
        }
        try other.sendWhole(TestInstance.series(2), foreign, calling: ["PACS", "RIS"])
        _ = try other.manifest()
        #expect(held(other, "also came from PACS, under another patient"))
    }

    /// Hours later nothing else can be meant than what is there.
    @Test func aNoteOfAnotherStudyLongAfterTheInstancesRejectsThem() throws {
        let directory = NSTemporaryDirectory() + "stray-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let spool = try Spool(Spool.Configuration(directory: directory + "/spool"))
        let images = ImageIntake(.embeddedDefault, spool: spool) { _ in }
        let settler = Settler(configuration: .embeddedDefault, spool: spool, images: images) { _ in }
        let source = Configuration.embeddedDefault.source(named: "PACS")
        func store(_ instance: TestInstance, _ kind: InstanceAttributes.Kind, hour: Int64) throws -> StudyKey {
            let attributes = InstanceAttributes(
                kind: kind, transferSyntax: .explicitVRLittleEndian, callingAETitle: AETitle("PACS"))
            let study = try #require(instance.studyUID)
            try spool.store(
                Arrival(
                    source: "PACS", study: study, series: instance.seriesUID ?? "", attributes: attributes.text,
                    header: instance.dataSet, receivedAt: Timestamp(milliseconds: hour * 3_600_000)))
            return StudyKey(source: "PACS", studyInstanceUID: StudyUID(study))
        }
        let keys = try moved(2).map { try store($0, .instance, hour: 10) }
        let entry = try #require(try settler.settle(keys[0], source: source)).study
        let note = try store(.note("113037", for: [moved(2)[0].instanceUID]), .rejectionNote, hour: 12)
        _ = try settler.settle(note, source: source)
        #expect(settler.takeNoted() == [keys[0]])
        // Once: the note is known there.
        _ = try settler.settle(note, source: source)
        #expect(settler.takeNoted() == [])
        let settings = StudySettings(.embeddedDefault, source: source)
        let replay = try StudyReplay(of: #require(try spool.study(entry)), in: spool, settings)
        #expect(replay.register.state(of: InstanceUID(moved(2)[0].instanceUID))?.isLive == false)
        #expect(replay.register.quarantinedCount == 0)
        #expect(replay.listed == [InstanceUID(moved(2)[1].instanceUID)])
    }

    @Test func instancesOfASeriesShareATraceAndOthersDoNot() {
        let traces = (0..<10).map { InstanceUID("1.2.3.40.5\($0)").trace }
        #expect(Set(traces).count == 1)
        #expect(InstanceUID("1.2.3.40.60").trace != traces[0])
        #expect(InstanceUID("1.2.3.41.51").trace != traces[0])
        for text in ["", "1", "1.2", "2.25.329800735698586629295641978511506172918"] { _ = InstanceUID(text).trace }
        let random = (0..<5000).map { InstanceUID("2.25.\($0)\(UInt64($0) &* 0x9E37_79B9_7F4A_7C15)0").trace }
        #expect(Set(random).count == 5000)
    }
}
