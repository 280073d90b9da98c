import DICOM
import Testing

@testable import KeyObjects

struct ReceivedManifestTests {
    private func received(_ syntax: TransferSyntax = .explicitVRLittleEndian, patientID: String = "P7") throws
        -> ReceivedManifest
    {
        try ReceivedManifest(dataSet: Study.poorDataSet(syntax, patientID: patientID), transferSyntax: syntax)
    }

    private func uid(_ text: String) -> InstanceUID { InstanceUID("\(Study.studyUID).\(text)") }

    @Test(arguments: [TransferSyntax.explicitVRLittleEndian, .implicitVRLittleEndian])
    func itsFileHoldsWhatWasReceivedToTheByte(_ syntax: TransferSyntax) throws {
        let manifest = try received(syntax)
        let file = try Part10File(manifest.file)
        #expect(file.transferSyntax == syntax)
        #expect(file.mediaStorageSOPInstanceUID == InstanceUID("1.2.7.7"))
        #expect(Array(manifest.file[file.dataSetOffset...]) == Study.poorDataSet(syntax))
        #expect(manifest.references.map(\.sopInstanceUID) == [uid("1.1"), uid("1.2")])
        #expect(manifest.patient == PatientKey(patientID: "P7"))
        #expect(manifest.studies == [StudyUID(Study.studyUID)])
        #expect(manifest.title == .manifest)
        #expect(manifest.digest == (try received(syntax)).digest)
        #expect(manifest.digest != (try received(syntax, patientID: "P8")).digest)
    }

    @Test func onlyErrorsKeepItFromBeingRelayed() throws {
        #expect(!(try received().faults(under: .maincare)).isEmpty)
        let file = try Study.file()
        let start = try Part10File(file).dataSetOffset
        let ours = try ReceivedManifest(dataSet: Array(file[start...]), transferSyntax: .explicitVRLittleEndian)
        #expect(ours.faults(under: .maincare).isEmpty)
        #expect(ours.file == file)
    }

    /// What the site asks of a study, it asks of one whose manifest the PACS made too.
    @Test func theSitesConditionsHoldItToo() throws {
        let manifest = try received(patientID: "P7")
        var settings = Study.settings()
        let content = Study.content([Study.Header(patientID: "P7")])
        func holds(isFirst: Bool = true, releasing: Set<String> = []) -> [Hold] {
            manifest.holds(with: content, under: settings, isFirst: isFirst, releasing: releasing)
        }
        #expect(holds().isEmpty)
        settings.conditions.patientIDPattern = PatientIDPattern("[0-9]+")
        #expect(holds() == [.patientIDPattern(found: "P7")])
        #expect(holds(releasing: ["patient-id-pattern"]).isEmpty)
        settings.conditions.patientIDPattern = PatientIDPattern("P[0-9]+")
        settings.conditions.recipientsRequired = true
        #expect(holds() == [.recipientsMissing])
        #expect(holds(isFirst: false).isEmpty)
        settings.conditions.waitsForReport = true
        #expect(holds(isFirst: false) == [.reportMissing])
    }

    @Test func whatItsStudysHeadersSayHoldsItToo() throws {
        let manifest = try received(patientID: "P7")
        var settings = Study.settings()
        var content = Study.content([Study.Header(patientID: "P7")])
        content.confidentialities = ["", "VIP"]
        content.qualityAssuranceValues = ["TODO"]
        settings.conditions.qualityAssuranceTag = DICOM.Tag(0x0040, 0x2400)
        let mixed = Hold.confidentialityMixed(["", "VIP"])
        let unsure = Hold.qualityAssurance(tag: DICOM.Tag(0x0040, 0x2400), value: "TODO")
        #expect(manifest.holds(with: content, under: settings, isFirst: true) == [mixed, unsure])
        #expect(manifest.holds(with: nil, under: settings, isFirst: true).isEmpty)
    }

    @Test func whatIsNoDataSetIsRefused() throws {
        let bytes = Study.poorDataSet(.explicitVRLittleEndian)
        for length in 0..<bytes.count {
            let read = try? ReceivedManifest(
                dataSet: Array(bytes[..<length]), transferSyntax: .explicitVRLittleEndian)
            #expect(read.map { $0.references.count != 1 } ?? true)
        }
    }

    @Test func aRepairedManifestListsItsReferencesWithTheHeadersKnown() throws {
        var builder = Study.builder([
            Study.Header(
                sopClass: .rtDose, series: 3, instance: 1, instanceUID: "\(Study.studyUID).1.1", patientID: "P7"),
            Study.Header(series: 3, instance: 2, patientID: "P7"),
        ])
        let content = try #require(builder.content(repairing: try received()))
        // One header is known, another instance is not in the manifest, and one reference has no header.
        #expect(content.series.map(\.seriesInstanceUID.text) == ["\(Study.studyUID).3", "\(Study.studyUID).1"])
        #expect(content.series[0].instances.map(\.sopInstanceUID) == [uid("1.1")])
        #expect(content.series[0].instances.map(\.sopClassUID) == [.rtDose])
        #expect(content.series[1].instances.map(\.sopInstanceUID) == [uid("1.2")])
        #expect(content.patient.patientName == "DESMAUX^Nathalie")
        #expect(content.study.accessionNumber == "A1")
        #expect(Study.holds(content).isEmpty)
        let left = try #require(builder.content(repairing: try received(), leavingOut: { $0 == uid("1.2") }))
        #expect(left.series.flatMap(\.instances).map(\.sopInstanceUID) == [uid("1.1")])
        builder.remove(uid("1.1"))
        #expect(builder.content(repairing: try received(), leavingOut: { _ in true }) == nil)
    }

    @Test func withoutHeadersTheDocumentSaysWhatItCan() throws {
        let content = try #require(ManifestBuilder().content(repairing: try received()))
        #expect(content.patient.patientID == "P7")
        #expect(content.study.studyInstanceUID.text == Study.studyUID)
        #expect(content.study.studyDate == "20250918")
        #expect(content.study.accessionNumber == "A7")
        #expect(content.requests.map(\.accessionNumber) == ["A7"])
        #expect(content.series.flatMap(\.instances).map(\.valueType) == [.composite, .image])
    }

    @Test func aManifestOfAnotherPatientThanTheHeadersIsHeld() throws {
        let builder = Study.builder([Study.Header(patientID: "P8")])
        let content = try #require(builder.content(repairing: try received()))
        #expect(content.otherPatients == [PatientKey(patientID: "P7")])
        #expect(Study.holds(content).contains { $0.code == "two-patients" })
    }
}
