import DICOM
import KeyObjects
import Testing

@testable import Gateway

@Suite struct HoldReasonTests {
    @Test func aThousandWrongUIDsAreOneLine() throws {
        let holds = (1...1000).map { Hold.invalidUID(tag: .referencedSOPInstanceUID, text: "999.\($0)") }
        let reasons = HoldReason.reasons([.accessionNumberMissing] + holds, withIdentity: false)
        #expect(reasons.map(\.code) == ["accession-number-missing", "invalid-uid"])
        #expect(reasons[1].reason == "(0008,1155) '999.1' is not a UID (PS3.5 §9.1), and 999 more")
    }

    @Test(arguments: [
        Hold.patientBirthDateMissing(found: "SECRET"),
        .notEncodable(tag: .patientName, text: "SECRET", characters: ["患"]),
        .invalidValue(tag: .patientID, text: "SECRET"), .twoPatients([PatientKey(patientID: "SECRET")]),
    ])
    func noReasonNamesThePatient(hold: Hold) {
        let reason = HoldReason.reasons([hold], withIdentity: false)[0]
        #expect(!reason.reason.contains("SECRET"))
        #expect(!reason.remedy.isEmpty)
    }

    @Test(arguments: [
        ManifestNote.transliterated(tag: .patientName, text: "SECRET", written: "SECRET"),
        .leftOut(tag: .patientID, text: "SECRET"), .shortened(tag: .patientID, text: "SECRET"),
        .disagreement(tag: .patientName, taken: "SECRET", others: ["SECRET"]), .personWithoutIdentifier("SECRET"),
        .severalValues(tag: .patientName, taken: "SECRET", others: ["SECRET"]),
        .severalAccessionNumbers(["SECRET", "SECRET"], chosen: "SECRET"),
    ])
    func noNoteNamesThePatient(note: ManifestNote) {
        #expect(!note.withoutIdentity.contains("SECRET"))
    }
}
