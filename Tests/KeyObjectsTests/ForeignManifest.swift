import DICOM

@testable import KeyObjects

extension Study {
    /// A manifest as a PACS may write it: no request sequence, no time zone, little of the patient, a private class.
    static func poorManifest(
        _ transferSyntax: TransferSyntax, studies: [String] = [studyUID], patientID: String = "P7"
    ) throws -> [UInt8] {
        let writer = Part10Writer(
            transferSyntax: transferSyntax, implementationClassUID: "1.2.826.0.1.3680043.10.9999.7",
            implementationVersionName: "PACS")
        return writer.file(
            sopClassUID: .keyObjectSelectionDocument, sopInstanceUID: InstanceUID("1.2.7.7"),
            dataSet: poorDataSet(transferSyntax, studies: studies, patientID: patientID))
    }

    static func poorDataSet(
        _ transferSyntax: TransferSyntax, studies: [String] = [studyUID], patientID: String = "P7"
    ) -> [UInt8] {
        let classes = [SOPClassUID("1.2.840.113619.4.30"), .ctImage]
        var out = DataSetWriter(encoding: transferSyntax.encoding)
        out.element(.sopClassUID, SOPClassUID.keyObjectSelectionDocument)
        out.element(.sopInstanceUID, .UI, "1.2.7.7")
        out.element(.studyDate, .DA, "20250918")
        out.element(.accessionNumber, .SH, "A7")
        out.element(.modality, .CS, "KO")
        out.element(.patientName, .PN, "YAMADA^TAROU")
        out.element(.patientID, .LO, patientID)
        out.element(.studyInstanceUID, .UI, studies[0])
        out.element(.seriesInstanceUID, .UI, "1.2.7")
        code(.manifest, .conceptNameCodeSequence, &out)
        sequence(.currentRequestedProcedureEvidenceSequence, studies, &out) { study, out in
            sequence(.referencedSeriesSequence, [1], &out) { number, out in
                sequence(.referencedSOPSequence, Array(classes.enumerated()), &out) { item, out in
                    out.element(.referencedSOPClassUID, item.element)
                    out.element(.referencedSOPInstanceUID, .UI, "\(study).\(number).\(item.offset + 1)")
                }
                out.element(.seriesInstanceUID, .UI, "\(study).\(number)")
            }
            out.element(.studyInstanceUID, .UI, study)
        }
        let all = studies.flatMap { study in classes.enumerated().map { (study, $0) } }
        sequence(.contentSequence, all, &out) { reference, out in
            sequence(.referencedSOPSequence, [reference], &out) { reference, out in
                out.element(.referencedSOPClassUID, reference.1.element)
                out.element(.referencedSOPInstanceUID, .UI, "\(reference.0).1.\(reference.1.offset + 1)")
            }
            out.element(.relationshipType, .CS, "CONTAINS")
            out.element(.valueType, .CS, reference.1.offset == 0 ? "COMPOSITE" : "IMAGE")
        }
        return out.finish()
    }

    private static func sequence<Value>(
        _ tag: Tag, _ values: [Value], _ out: inout DataSetWriter, _ item: (Value, inout DataSetWriter) -> Void
    ) {
        out.beginSequence(tag)
        for value in values {
            out.beginItem()
            item(value, &out)
            out.endItem()
        }
        out.endSequence()
    }

    private static func code(_ code: Code, _ tag: Tag, _ out: inout DataSetWriter) {
        sequence(tag, [code], &out) { code, out in
            out.element(.codeValue, .SH, code.value)
            out.element(.codingSchemeDesignator, .SH, code.scheme)
            out.element(.codeMeaning, .LO, code.meaning)
        }
    }
}
