import DICOM
import TestSupport
import Testing

@testable import KeyObjects

@Suite struct RejectionExcerptsTests {
    private func evidence(
        _ builder: inout DataSetBuilder, _ study: String, _ instances: [(series: String, uid: String)]
    ) {
        builder.item { item in
            item.element(.studyInstanceUID, .UI, study)
            item.sequence(.referencedSeriesSequence) { list in
                for (series, uid) in instances {
                    list.item { item in
                        item.element(.seriesInstanceUID, .UI, series)
                        item.sequence(.referencedSOPSequence) { references in
                            references.item {
                                $0.element(.referencedSOPInstanceUID, .UI, uid)
                                $0.element(.referencedSOPClassUID, .UI, SOPClassUID.ctImage.text)
                            }
                        }
                    }
                }
            }
        }
    }

    /// Its elements are in no order, some are twice, and a private one is there.
    private func note(_ encoding: Encoding) -> [UInt8] {
        var builder = DataSetBuilder(encoding)
        builder.element(.sopInstanceUID, .UI, "1.9.1")
        builder.element(.sopClassUID, .UI, SOPClassUID.keyObjectSelectionDocument.text)
        builder.element(.specificCharacterSet, .CS, "ISO_IR 100")
        builder.element(.patientID, .LO, "IPP7")
        builder.element(.patientID, .LO, "IPP8")
        builder.element(.patientName, .PN, bytes: Array("ESSAI^ZO\u{EB}".unicodeScalars.map { UInt8($0.value) }))
        builder.element(.accessionNumber, .SH, "A1")
        builder.element(.studyInstanceUID, .UI, "1.9")
        builder.element(Tag(0x0011, 0x0010), .LO, "MAKER")
        builder.sequence(.conceptNameCodeSequence) { sequence in
            sequence.item { item in
                item.element(.codingSchemeDesignator, .SH, "DCM")
                item.element(.codeValue, .SH, "113037")
            }
        }
        builder.sequence(.currentRequestedProcedureEvidenceSequence) { studies in
            evidence(&studies, "1.1", [("1.1.1", "1.1.1.1"), ("1.1.1", "1.1.1.2"), ("1.1.2", "1.1.2.1")])
            evidence(&studies, "1.2", [("1.2.1", "1.2.1.1")])
            evidence(&studies, "1.1", [("1.1.3", "1.1.3.1")])
        }
        return builder.bytes
    }

    @Test(arguments: [Encoding.explicitVRLittleEndian, .implicitVRLittleEndian])
    func anExcerptSaysWhatTheNoteSaysOfOneStudy(encoding: Encoding) throws {
        let syntax = encoding.isExplicit ? TransferSyntax.explicitVRLittleEndian : .implicitVRLittleEndian
        let dataSet = try DataSet(parsing: note(encoding), transferSyntax: syntax)
        let whole = KeyObjectDocument(dataSet)
        let excerpts = try #require(RejectionExcerpts(of: whole, in: dataSet))
        for study in ["1.1", "1.2", "1.3"].map(StudyUID.init) {
            let bytes = excerpts.excerpt(for: study)
            let excerpt = KeyObjectDocument(
                try DataSet(parsing: bytes, transferSyntax: RejectionExcerpts.transferSyntax))
            #expect(excerpt.kind == .rejectionNote && excerpt.title?.value == "113037")
            #expect(excerpt.evidence == whole.evidence.filter { $0.studyInstanceUID == study })
            #expect(excerpt.patient == whole.patient && excerpt.patient.patientName == "ESSAI^ZO\u{EB}")
            #expect(excerpt.sopInstanceUID == whole.sopInstanceUID && excerpt.accessionNumber == "A1")
            #expect(excerpt.studyInstanceUID == whole.studyInstanceUID)
            #expect(excerpts.excerpt(for: study) == bytes)
        }
    }
}
