import DICOM
import Studies
import Testing

@Suite struct PublicationTests {
    let patient = PatientKey(patientID: "P1", issuer: "HOSPITAL", universalEntityID: "1.2.3")

    private func record(_ lines: String...) -> [UInt8] { Array(lines.joined(separator: "\n").utf8) }

    @Test func aRecordOfFormatOneIsAManifestThatIsHeld() throws {
        let bytes = record("1", "3", "2.25.1", "2.25.2", "1800000000", "60", "aa", patient.record)
        let standing = try #require(Standing(record: bytes))
        let held = try #require(standing.held.first)
        #expect(standing.held.count == 1 && held.isCertain && held.withdrawn.isEmpty)
        #expect(
            held.publication
                == Publication(
                    version: 3, sopInstanceUID: "2.25.1", seriesInstanceUID: "2.25.2", contentInstant: 1_800_000_000,
                    timezoneOffset: 60, digest: "aa", attributesDigest: "", patient: patient))
        #expect(standing.lineage == [held.publication])
        #expect(standing.steps.isEmpty)
        #expect(standing.documents == ["2.25.1"])
    }

    @Test(arguments: [
        "", "1", "1\n1\na\nb\n1\n0\naa", "1\nx\na\nb\n1\n0\naa\n\n\nP1", "1\n1\na\nb\n1\n0\naa\nP1",
        "3\n1\na\nb\n1\n0\naa\n\n\nP1", "2", "2\n1", "2\n-1\n0\n0", "2\n0\n0\n0\n0", "2\n0\n9999999999999999999\n0",
    ])
    func bytesThatAreNoRecordAreRefused(text: String) {
        #expect(Standing(record: Array(text.utf8)) == nil)
    }
}
