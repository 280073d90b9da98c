import DICOM
import DICOMNetwork
import Foundation
import Studies
import Testing
import Threads

@testable import Gateway

/// What comes after a study was published: rejection notes, corrections, moves, what the PACS has besides.
struct StudyLifeTests {
    private static let root = "1.2.826.0.1.3680043.10.999"

    private func note(_ count: Int, in gateway: RunningGateway) throws -> KeyObjectFile {
        let place = gateway.wait(count) {
            if case .rejectionNoteDelivered(_, _, _, let place) = $0 { place } else { nil }
        }
        return try KeyObjectFile(path: #require(place, "told: \(gateway.told)"))
    }

    private func held(_ gateway: RunningGateway, _ words: String) -> Bool {
        gateway.wait { if case .studyHeld(_, let reason, _) = $0, reason.contains(words) { true } else { nil } }
            ?? false
    }

    @Test(arguments: ["113001", "113037", "113038", "113039"])
    func aRejectedInstanceIsWithdrawnAndThenLeftOut(title: String) throws {
        let gateway = try RunningGateway()
        try gateway.sendWhole(TestInstance.series(3))
        let first = try gateway.manifest()
        try gateway.restart()
        try gateway.send([.note(title, for: [first.references[1]])])
        let note = try note(1, in: gateway)
        let second = try gateway.manifest()
        #expect(note.references == [first.references[1]])
        #expect(note.dataSet.items(.conceptNameCodeSequence).first?.string(.codeValue) == title)
        #expect(second.references == [first.references[0], first.references[2]])
        #expect(second.text(.seriesInstanceUID) == first.text(.seriesInstanceUID))
        #expect(second.text(.instanceNumber) == "2")
        let told = gateway.told.compactMap { event in
            switch event {
            case .rejectionNoteDelivered: "note"
            case .manifestDelivered: "manifest"
            default: nil
            }
        }
        #expect(told == ["note", "manifest"])
    }

    @Test func aNoteIsRelayedToTheByteWhereTheSiteSaysSo() throws {
        let gateway = try RunningGateway { $0.manifest.rejectionNotes = .relay }
        let series = TestInstance.series(3)
        try gateway.sendWhole(series)
        _ = try gateway.manifest()
        try gateway.restart()
        let sent = TestInstance.note("113001", for: [series[0].instanceUID])
        try gateway.send([sent])
        let place = try #require(
            gateway.wait { if case .rejectionNoteDelivered(_, _, _, let place) = $0 { place } else { nil } })
        let file = try Array(Data(contentsOf: URL(fileURLWithPath: place)))
        #expect(Array(file[(try Part10File(file)).dataSetOffset...]) == sent.dataSet)
        #expect(try gateway.manifest().references.count == 2)
    }

    @Test func aNoteBeforeItsObjectsKeepsThemOut() throws {
        let gateway = try RunningGateway()
        let series = TestInstance.series(3)
        try gateway.send([.note("113037", for: [series[2].instanceUID])])
        #expect(gateway.wait { if case .studyUnchanged = $0 { true } else { nil } } == true)
        try gateway.sendWhole(series)
        #expect(try gateway.manifest().references == series.prefix(2).map(\.instanceUID))
    }

    @Test func aStudyOfWhichAllIsRejectedIsWithdrawnWhole() throws {
        let gateway = try RunningGateway()
        let series = TestInstance.series(2)
        try gateway.sendWhole(series)
        _ = try gateway.manifest()
        try gateway.restart()
        try gateway.send([.note("113039", for: series.map(\.instanceUID))])
        #expect(try note(1, in: gateway).references == series.map(\.instanceUID))
        #expect(!gateway.told.contains { if case .manifestDelivered = $0 { true } else { false } })
        #expect(!gateway.told.contains { if case .studyHeld = $0 { true } else { false } })
    }

    /// Sent again under the same UIDs after the note: quarantined by default, published once an operator releases it.
    @Test func aCorrectedCopyWaitsForAnOperator() throws {
        let gateway = try RunningGateway()
        try gateway.sendWhole(TestInstance.series(1))
        _ = try gateway.manifest()
        try gateway.restart()
        var corrected = TestInstance.series(1)
        corrected[0].patientID = "IPP0666"
        try gateway.sendWhole([.note("113038", for: [corrected[0].instanceUID])] + corrected)
        #expect(held(gateway, "came again after they were rejected"))
        #expect(try note(1, in: gateway).text(.patientID) == "IPP0042", "withdrawn under the old identity")
        let study = "\(Self.root).1"
        let released = try Command.run(["release", study, "--why", "corrected", "--data", gateway.directory])
        #expect(released.status == 0, "\(released.errors)")
        #expect(try gateway.manifest().text(.patientID) == "IPP0666")
    }

    @Test func aCorrectedCopyIsPublishedWhereTheSiteSaysSo() throws {
        let gateway = try RunningGateway {
            $0.defaults.resendAfterRejection.incorrectWorklistEntry = .acceptIfCorrected
        }
        try gateway.sendWhole(TestInstance.series(1))
        let first = try gateway.manifest()
        try gateway.restart()
        var corrected = TestInstance.series(1)
        corrected[0].patientID = "IPP0666"
        try gateway.sendWhole(corrected + [.note("113038", for: [corrected[0].instanceUID])])
        #expect(try note(1, in: gateway).text(.patientID) == "IPP0042")
        let second = try gateway.manifest()
        #expect(second.text(.patientID) == "IPP0666")
        #expect(second.text(.instanceNumber) == "1")
        #expect(second.text(.seriesInstanceUID) != first.text(.seriesInstanceUID))
    }

    /// A late copy from the sender's queue, of before the correction: it takes nothing back to the former patient.
    @Test func aRefusedOldCopyChangesNothing() throws {
        let gateway = try RunningGateway {
            $0.defaults.resendAfterRejection.incorrectWorklistEntry = .acceptIfCorrected
        }
        let old = TestInstance.series(1)
        try gateway.sendWhole(old)
        _ = try gateway.manifest()
        try gateway.restart()
        var corrected = old
        corrected[0].patientID = "IPP0666"
        try gateway.sendWhole([.note("113038", for: [old[0].instanceUID])] + corrected)
        #expect(try gateway.manifest().text(.patientID) == "IPP0666")
        try gateway.restart()
        try gateway.send(old)
        #expect(gateway.wait { if case .studyUnchanged = $0 { true } else { nil } } == true, "told: \(gateway.told)")
        #expect(!gateway.told.contains { if case .instancesWithdrawn = $0 { true } else { false } })
    }

    /// What was corrected once is not taken for replaced again by whatever comes after it.
    @Test func aHoldAfterACorrectionWithdrawsNothing() throws {
        let gateway = try RunningGateway { $0.defaults.resendAfterRejection.quality = .accept }
        let series = TestInstance.series(2)
        try gateway.sendWhole(series)
        _ = try gateway.manifest()
        try gateway.restart()
        let note = TestInstance.note("113001", for: [series[0].instanceUID])
        try gateway.sendWhole([note, series[0]])
        #expect(try self.note(1, in: gateway).references == [series[0].instanceUID])
        #expect(try gateway.manifest().references.count == 2)
        try gateway.restart()
        let study = "\(Self.root).1"
        #expect(try Command.run(["hold", study, "--why", "asked", "--data", gateway.directory]).status == 0)
        #expect(held(gateway, "an operator holds it"))
        try gateway.send([note])
        #expect(gateway.wait(2) { if case .studyHeld = $0 { true } else { nil } } == true)
        #expect(!gateway.told.contains { if case .instancesWithdrawn = $0 { true } else { false } })
    }

    /// What it rejects cannot be known: the sender must not take it for done.
    @Test func aDamagedNoteIsAnsweredWithAFailure() throws {
        let gateway = try RunningGateway()
        var note = TestInstance.note("113037", for: [TestInstance().instanceUID])
        note.lostBytes = 40
        #expect(try gateway.send([note]) == [.cannotUnderstand])
        #expect(gateway.told.contains { if case .instanceNotStored = $0 { true } else { false } })
    }

    /// The PACS moves instances to another study and keeps their UIDs: they are shown in one study at a time.
    @Test func aMovedInstanceIsPublishedOnceItIsWithdrawnFromWhereItWas() throws {
        let gateway = try RunningGateway()
        try gateway.sendWhole(TestInstance.series(2))
        _ = try gateway.manifest()
        var moved = TestInstance.series(2)
        for index in moved.indices { (moved[index].studyUID, moved[index].patientID) = ("\(Self.root).2", "IPP0666") }
        try gateway.sendWhole(moved)
        #expect(held(gateway, "are also in study \(Self.root).1"))
        try gateway.send([.note("113038", for: moved.map(\.instanceUID))])
        #expect(try note(1, in: gateway).text(.studyInstanceUID) == "\(Self.root).1")
        let manifest = try gateway.manifest()
        #expect(manifest.text(.studyInstanceUID) == "\(Self.root).2")
        #expect(manifest.text(.patientID) == "IPP0666")
        #expect(manifest.references == moved.map(\.instanceUID))
    }

    /// A release lets pass what the operator saw, and no more.
    @Test func aReleaseOfMovedInstancesLetsNoOthersPass() throws {
        let gateway = try RunningGateway()
        try gateway.sendWhole(TestInstance.series(3))
        _ = try gateway.manifest()
        var moved = TestInstance.series(3)
        for index in moved.indices { moved[index].studyUID = "\(Self.root).2" }
        try gateway.sendWhole(Array(moved.prefix(2)))
        #expect(held(gateway, "2 of its instances are also in study \(Self.root).1"))
        let release = ["release", "\(Self.root).2", "--why", "both", "--data", gateway.directory]
        #expect(try Command.run(release).status == 0)
        #expect(try gateway.manifest().references == moved.prefix(2).map(\.instanceUID))
        try gateway.sendWhole([moved[2]])
        #expect(held(gateway, "1 of its instances"))
        #expect(try Command.run(release).status == 0)
        #expect(try gateway.manifest().references == moved.map(\.instanceUID))
    }

    @Test func aNoteThatNamesNoInstanceIsTold() throws {
        let gateway = try RunningGateway()
        var note = TestInstance.note("113037", for: [])
        note.evidence = []
        try gateway.send([note])
        #expect(
            gateway.wait {
                if case .studyRemark(_, let remark) = $0, remark.contains("names no instance") { true } else { nil }
            } == true)
    }

    /// It belongs to the study whose instances it lists, whatever its own Study Instance UID.
    @Test func aManifestUnderAnotherStudyIsTakenForTheOneOfItsInstancesAndNotSentAsItIs() throws {
        let gateway = try RunningGateway { $0.defaults.pacsManifests = .relay }
        let series = TestInstance.series(2)
        var manifest = TestInstance.note("113030", for: series.map(\.instanceUID))
        (manifest.evidenceStudyUID, manifest.studyUID) = (manifest.studyUID, "\(Self.root).8")
        try gateway.sendWhole(series + [manifest])
        #expect(held(gateway, "says that it is of one study and lists instances of another"))
        #expect(
            gateway.told.contains {
                guard case .studyRemark(let key, let remark) = $0 else { return false }
                return key.studyInstanceUID.text == "\(Self.root).1" && remark.contains("of study \(Self.root).8")
            })
        try gateway.restart { $0.defaults.pacsManifests = .repair }
        let repaired = try gateway.manifest()
        #expect(repaired.references == series.map(\.instanceUID))
        #expect(repaired.text(.studyInstanceUID) == "\(Self.root).1")
    }

    @Test func theSitesConditionsHoldTheManifestOfThePACSToo() throws {
        let gateway = try RunningGateway {
            $0.defaults.pacsManifests = .relay
            $0.defaults.patientIDPattern = "[0-9]+"
        }
        let series = TestInstance.series(2)
        try gateway.sendWhole(series + [TestInstance.note("113030", for: series.map(\.instanceUID))])
        #expect(held(gateway, "the Patient ID does not match"))
    }

    /// Filed under each study that its evidence names: this one names a study that is not its own.
    @Test func aNoteActsOnTheStudyThatItsEvidenceNames() throws {
        let gateway = try RunningGateway()
        try gateway.sendWhole(TestInstance.series(2))
        let first = try gateway.manifest()
        try gateway.restart()
        var foreign = TestInstance.note("113037", for: [first.references[0]])
        (foreign.evidenceStudyUID, foreign.studyUID) = (foreign.studyUID, "\(Self.root).8")
        try gateway.send([foreign])
        #expect(try self.note(1, in: gateway).references == [first.references[0]])
        #expect(try gateway.manifest().references == [first.references[1]])
    }

    // MARK: What the PACS has

    private func image(_ number: Int) -> ScriptedPACS.Image {
        ScriptedPACS.Image(
            study: "\(Self.root).1", series: "\(Self.root).1.1", instance: "\(Self.root).1.1.\(number)")
    }

    private func pacs(_ port: UInt16) -> Configuration.PACS {
        Configuration.PACS(host: "127.0.0.1", port: port, aeTitle: AETitle("PACS"))
    }

    @Test func whatIsMissingIsNamedAndTheRestIsPublished() throws {
        let pacs = try ScriptedPACS((1...3).map(image))
        let gateway = try RunningGateway {
            $0.defaults.complete = .count
            $0.defaults.pacs = self.pacs(pacs.port)
        }
        try gateway.send(TestInstance.series(2))
        let remark = gateway.wait { if case .studyRemark(_, let remark) = $0 { remark } else { nil } }
        #expect(remark?.contains("did not come: \(Self.root).1.1.3") == true, "\(remark ?? "")")
        #expect(try gateway.manifest().references.count == 2)
    }

    @Test func whatIsMissingIsFetched() throws {
        let pacs = try ScriptedPACS((1...3).map(image))
        let gateway = try RunningGateway {
            $0.defaults.complete = .fetch
            $0.defaults.pacs = self.pacs(pacs.port)
        }
        try gateway.send(TestInstance.series(2))
        let asked = pacs.log.wait(until: .now + .seconds(20)) { $0.contains("GET \(Self.root).1.1.3") ? true : nil }
        #expect(asked == true, "told: \(gateway.told)")
    }

    @Test func aPACSThatCannotBeAskedKeepsNoStudyBack() throws {
        let gateway = try RunningGateway {
            $0.defaults.complete = .count
            $0.defaults.pacs = self.pacs(1)
        }
        try gateway.send(TestInstance.series(2))
        #expect(try gateway.manifest().references.count == 2)
        #expect(
            gateway.told.contains {
                if case .studyRemark(_, let remark) = $0 { remark.contains("could not be asked") } else { false }
            })
    }
}
