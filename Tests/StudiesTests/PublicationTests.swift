import Studies
import Testing

@Suite struct PublicationTests {
    let first = Publication(
        version: 1, sopInstanceUID: "2.25.1", seriesInstanceUID: "2.25.2", contentInstant: 1_800_000_000,
        timezoneOffset: 60, contentDigest: "aa", patientKey: "P1\nISSUER")

    @Test func theFirstContentIsVersionOne() {
        #expect(Publication.step(after: nil, contentDigest: "aa") { _ in false } == .publish(version: 1))
    }

    @Test func theSameContentAsksForNothing() {
        #expect(Publication.step(after: first, contentDigest: "aa") { $0 == first.patientKey } == .nothing)
    }

    @Test func otherContentIsTheNextVersion() {
        let step = Publication.step(after: first, contentDigest: "bb") { $0 == first.patientKey }
        #expect(step == .publish(version: 2))
    }

    @Test func anotherPatientIsNeverANewVersion() {
        #expect(Publication.step(after: first, contentDigest: "bb") { $0 == "P2" } == .patientChanged)
        #expect(Publication.step(after: first, contentDigest: "aa") { $0 == "P2" } == .patientChanged)
    }

    @Test func aRecordReadsBack() {
        #expect(Publication(record: first.record) == first)
    }

    @Test(arguments: ["", "1\n1\na\nb\n1\n0\naa", "2\n1\na\nb\n1\n0\naa\nP1", "1\nx\na\nb\n1\n0\naa\nP1"])
    func bytesThatAreNoRecordAreRefused(text: String) {
        #expect(Publication(record: Array(text.utf8)) == nil)
    }
}
