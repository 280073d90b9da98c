import DICOM
import Testing

@testable import KeyObjects

struct KeyObjectDocumentTests {
    private func dataSet(_ content: ManifestContent = Study.content()) throws -> DataSet {
        let file = try Study.file(content)
        return try Part10File.read(file.span.bytes).dataSet
    }

    @Test func aManifestIsReadAsItWasWritten() throws {
        let document = KeyObjectDocument(try dataSet())
        #expect(document.kind == .manifest)
        #expect(document.title == .manifest)
        #expect(document.patient.patientID == "190036712345678")
        #expect(document.accessionNumber == "A1")
        #expect(document.evidence.map(\.seriesInstanceUID) == [SeriesUID("\(Study.studyUID).1")])
        #expect(document.evidence.map(\.studyInstanceUID) == [StudyUID(Study.studyUID)])
        #expect(document.references.map(\.valueType) == ["IMAGE"])
    }

    @Test(arguments: [
        (Code("113030", "DCM", "Manifeste"), KeyObjectDocument.Kind.manifest),
        (Code("MADOTEMP001", "99IHE", "Manifest with Description"), .manifest),
        (Code("113037", "DCM", "Rejet"), .rejectionNote), (Code("113039", "DCM", ""), .rejectionNote),
        (Code("113037", "99X", "Rejected"), .keyImageNote), (Code("113000", "DCM", "Of Interest"), .keyImageNote),
    ])
    func theTitlesValueAndSchemeDecideTheKind(_ title: Code, _ kind: KeyObjectDocument.Kind) {
        var document = KeyObjectDocument(DataSet())
        document.title = title
        #expect(document.kind == kind)
    }

    @Test func aTreeShowsWhoWhatAndWhere() throws {
        let content = Study.content((1...8).map { Study.Header(instance: $0) })
        let tree = ManifestTree(try dataSet(content), limit: 3).description
        for text in [
            "DESMAUX^Nathalie", "accession number A1", "8 instances in 1 series", "8 × CT Image Storage",
            "from PACS_SITE, 1.2.250.1.999.1.2.3.4", "… 5 more", "(113030, DCM, \"Manifest\")",
        ] {
            #expect(tree.contains(text), "\(text)")
        }
    }

    @Test func whatIsMissingIsShownAsMissing() {
        let tree = ManifestTree(DataSet()).description
        #expect(tree.contains("no title"))
        #expect(tree.contains("0 instances in 0 series"))
    }
}
