import DICOM
import Testing

@testable import KeyObjects

struct PublishedReferencesTests {
    @Test func theyAreWhatTheWholeDocumentSays() throws {
        let headers = (1...30).map { Study.Header(series: $0 % 4 + 1, instance: $0) }
        for syntax in [TransferSyntax.explicitVRLittleEndian, .implicitVRLittleEndian] {
            let file = try Study.file(Study.content(headers), transferSyntax: syntax)
            let read = try PublishedReferences(file)
            let document = KeyObjectDocument(try Part10File.read(file.span.bytes).dataSet)
            #expect(read.references.map(\.sopInstanceUID) == document.evidence.map(\.sopInstanceUID))
            #expect(read.references.map(\.seriesInstanceUID) == document.evidence.map(\.seriesInstanceUID))
            #expect(read.references.map(\.sopClassUID) == document.evidence.map(\.sopClassUID))
            #expect(read.studies == [StudyUID(Study.studyUID)])
            #expect(read.instances.count == 30)
            #expect(read.patient == document.patient.key)
            #expect(read.patient.universalEntityID == "1.2.250.1.213.1.4.10")
            #expect(read.sopInstanceUID == document.sopInstanceUID)
            #expect(read.accessionNumber == "A1")
            #expect(read.title == .manifest)
        }
    }

    @Test func everyStudyOfTheEvidenceHasItsOwn() throws {
        let read = try PublishedReferences(
            try Study.poorManifest(.explicitVRLittleEndian, studies: ["1.2.3", "1.2.4"]))
        #expect(read.studies == [StudyUID("1.2.3"), StudyUID("1.2.4")])
        #expect(read.references.map(\.studyInstanceUID.text) == ["1.2.3", "1.2.3", "1.2.4", "1.2.4"])
        #expect(read.references.map(\.seriesInstanceUID.text) == ["1.2.3.1", "1.2.3.1", "1.2.4.1", "1.2.4.1"])
    }

    @Test func aDocumentThatEndsTooEarlyIsNotTakenForAShorterOne() throws {
        let file = try Study.file(Study.content((1...5).map { Study.Header(instance: $0) }))
        let whole = try PublishedReferences(file)
        for length in 0..<file.count {
            guard let read = try? PublishedReferences(Array(file[..<length])) else { continue }
            #expect(read.references.isEmpty || read.references == whole.references, "\(length) bytes")
        }
    }
}
