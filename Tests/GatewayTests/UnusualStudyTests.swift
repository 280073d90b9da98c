import DICOM
import DICOMNetwork
import Foundation
import Gateway
import Studies
import Testing

/// Instances that come again, elsewhere, incomplete, or that are no images; the cases are those of `Catalogue.md`.
@Suite struct UnusualStudyTests {
    private static let root = "1.2.826.0.1.3680043.10.999"

    private func remark(_ gateway: RunningGateway, _ count: Int = 1) -> String? {
        gateway.wait(count) { if case .studyRemark(_, let remark) = $0 { remark } else { nil } }
    }

    /// Case 40: without one of its UIDs an instance is nowhere listed.
    @Test(arguments: ["Series", "SOP"])
    func anInstanceWithoutOneOfItsUIDsIsKeptAside(which: String) throws {
        let gateway = try RunningGateway()
        var lost = TestInstance()
        if which == "Series" {
            lost.seriesUID = nil
        } else {
            (lost.announcedUID, lost.instanceUID) = (lost.instanceUID, "")
        }
        #expect(try gateway.send([lost]) == [.dataSetDoesNotMatchSOPClassWarning])
        let reason = gateway.wait { if case .instanceQuarantined(_, _, let reason) = $0 { reason } else { nil } }
        #expect(reason == "its header has no \(which) Instance UID")
    }

    /// Case 40: what plain IHE can do without.
    @Test func withoutPatientIDAndAccessionNumberAStudyIsPublishedWhereTheProfileAllowsIt() throws {
        let gateway = try RunningGateway()
        var bare = TestInstance()
        (bare.patientID, bare.accessionNumber) = ("", nil)
        #expect(try gateway.send([bare]) == [.success])
        #expect(try gateway.manifest().references == [bare.instanceUID])
    }

    /// Case 44: the same UID, another header.
    @Test func anInstanceThatComesAgainWithAnotherHeaderIsListedOnceAndTold() throws {
        let gateway = try RunningGateway()
        var instance = TestInstance()
        try gateway.send([instance])
        _ = try gateway.manifest()
        instance.accessionNumber = "A2026002"
        #expect(try gateway.send([instance]) == [.success])
        #expect(try gateway.manifest(2).references == [instance.instanceUID])
        #expect(remark(gateway) == "an instance came again with another header; the newest is listed")
    }

    /// Case 44: the same UID in two series.
    @Test func anInstanceInTwoSeriesIsListedInTheNewestAndTold() throws {
        let gateway = try RunningGateway()
        var moved = TestInstance()
        moved.seriesUID = "\(Self.root).1.2"
        #expect(try gateway.sendWhole([TestInstance(), moved]) == [.success, .success])
        let manifest = try gateway.manifest()
        #expect(manifest.references == [moved.instanceUID])
        #expect(manifest.seriesUIDs == ["\(Self.root).1.2"])
        #expect(remark(gateway)?.hasSuffix("(it was in series \(Self.root).1.1 before)") == true)
    }

    /// Case 44: the same UID in two studies.
    @Test func anInstanceInTwoStudiesIsShownInTheFirstAndTheOtherWaits() throws {
        let gateway = try RunningGateway()
        var other = TestInstance()
        (other.studyUID, other.seriesUID) = ("\(Self.root).2", "\(Self.root).2.1")
        #expect(try gateway.send([TestInstance(), other]) == [.success, .success])
        #expect(try gateway.manifest().text(.studyInstanceUID) == "\(Self.root).1")
        let held = gateway.wait {
            if case .studyHeld(let study, _, _) = $0 { study.studyInstanceUID.text } else { nil }
        }
        #expect(held == "\(Self.root).2")
        #expect(gateway.told.count { if case .manifestDelivered = $0 { true } else { false } } == 1)
    }

    /// Case 46: several associations and AE titles.
    @Test func aStudyMayComeInPartsFromSeveralAETitles() throws {
        let gateway = try RunningGateway()
        try gateway.sendWhole(
            TestInstance.series(1), TestInstance.series(1, from: 2), TestInstance.series(1, from: 3),
            calling: ["CT1", "WORKSTATION", "CT1"])
        #expect(try gateway.manifest().references == TestInstance.series(3).map(\.instanceUID))
    }

    /// Case 47: before any object of the study, and again with one: acknowledged, never listed.
    @Test(arguments: ["113001", "113037", "113038", "113039"])
    func aNoteAboutOtherInstancesIsNeverListed(title: String) throws {
        let gateway = try RunningGateway()
        var note = TestInstance(instanceUID: "\(Self.root).1.9.1", seriesUID: "\(Self.root).1.9")
        (note.sopClassUID, note.title) = (.keyObjectSelectionDocument, title)
        #expect(try gateway.send([note]) == [.success])
        #expect(gateway.wait { if case .studyUnchanged = $0 { true } else { nil } } == true)
        #expect(try gateway.send([note, TestInstance()]) == [.success, .success])
        #expect(try gateway.manifest().references == [TestInstance().instanceUID])
    }

    /// Case 49: each by the value type of its class.
    @Test func whatIsNoImageIsListedAsWhatItIs() throws {
        let gateway = try RunningGateway()
        let kinds: [(SOPClassUID, String)] = [
            (.ctImage, "IMAGE"), (.basicTextSR, "COMPOSITE"), (.twelveLeadECGWaveform, "WAVEFORM"),
            (.encapsulatedPDF, "COMPOSITE"), (.keyObjectSelectionDocument, "COMPOSITE"),
            (SOPClassUID("1.2.840.10008.5.1.4.1.1.11.1"), "COMPOSITE"),  // Grayscale Softcopy Presentation State
        ]
        var instances: [TestInstance] = []
        for (number, (sopClass, _)) in kinds.enumerated() {
            var instance = TestInstance(
                instanceUID: "\(Self.root).1.\(number).1", seriesUID: "\(Self.root).1.\(number)")
            instance.sopClassUID = sopClass
            instance.title = sopClass == .keyObjectSelectionDocument ? "113000" : nil
            instances.append(instance)
        }
        #expect(try gateway.sendWhole(instances) == instances.map { _ in .success })
        let expected = zip(instances, kinds).map { ($0.instanceUID, $1.1) }
        #expect(try gateway.manifest().valueTypes == [String: String](uniqueKeysWithValues: expected))
    }
}
