import DICOM
import Gateway
import KeyObjects
import Testing

@testable import Rehearsal

@Suite struct InventedObjectTests {
    private let exam = Exam(
        "a test", patient: InventedPatient(role: "the patient", patientID: "P1", name: "EXEMPLE^ODETTE"),
        accessionNumber: "A1", facts: InventedFacts(), hasReport: true)

    @Test func everyUIDIsLegalAndItsOwn() {
        let all = exam.instances + exam.renewed() + exam.addedSeries
        #expect(Set(all.map(\.sopInstanceUID)).count == all.count)
        for instance in all {
            #expect(instance.sopInstanceUID.isValid && instance.seriesInstanceUID.isValid)
            #expect(instance.studyInstanceUID == exam.study)
        }
        #expect(exam.study.isValid)
    }

    @Test func anInstanceSaysWhatItIs() throws {
        let dataSet = try DataSet(
            parsing: exam.image(1, 2).dataSet, transferSyntax: .explicitVRLittleEndian)
        #expect(dataSet.string(.patientID) == "P1")
        #expect(dataSet.int(.instanceNumber) == 2)
        #expect(dataSet.uid(.sopInstanceUID) == exam.image(1, 2).sopInstanceUID)
    }

    @Test func aChangedCopyDiffersInItsHeaderOnly() {
        let image = exam.image(1, 1)
        let copy = [image].changed[0]
        #expect(copy.sopInstanceUID == image.sopInstanceUID)
        #expect(copy.dataSet != image.dataSet)
    }

    @Test func aNoteListsWhatItRejectsInEvidenceAndContent() throws {
        let note = InventedNote(
            title: .incorrectWorklistEntry, sopInstanceUID: InstanceUID("1.2.3"), references: exam.instances)
        let document = KeyObjectDocument(
            try DataSet(parsing: note.dataSet, transferSyntax: .explicitVRLittleEndian))
        #expect(document.kind == .rejectionNote)
        #expect(document.title == Code("113038", "DCM", "Incorrect Modality Worklist Entry"))
        #expect(Set(document.evidence.map(\.sopInstanceUID)) == Set(exam.instances.map(\.sopInstanceUID)))
        #expect(document.references.count == exam.instances.count)
        #expect(document.studyInstanceUID == exam.study)
    }
}
