import DICOM
import Gateway
import KeyObjects

/// A rejection note as a PACS makes it: a Key Object Selection of the study in a series of its own (IHE RAD TF-3 4.66).
struct InventedNote: Hashable {
    var title: RejectionTitle
    var sopInstanceUID: InstanceUID
    /// What it rejects, of one study; the note has their patient.
    var references: [InventedInstance]

    /// Explicit VR little endian.
    var dataSet: [UInt8] {
        guard let first = references.first else { return [] }
        var elements = InventedElements()
        elements[.specificCharacterSet] = (.CS, "ISO_IR 100")
        elements[.sopClassUID] = (.UI, SOPClassUID.keyObjectSelectionDocument.text)
        elements[.sopInstanceUID] = (.UI, sopInstanceUID.text)
        elements.study(first.studyInstanceUID, first.accessionNumber)
        elements[.contentDate] = (.DA, "20260316")
        elements[.contentTime] = (.TM, "080000")
        elements[.modality] = (.CS, "KO")
        elements[.manufacturer] = (.LO, "INVENTED")
        elements.patient(first.patient, issuer: first.facts.issuer)
        elements[.seriesInstanceUID] = (.UI, InventedUID.text("series of \(sopInstanceUID)"))
        elements[.seriesNumber] = (.IS, "99")
        elements[.instanceNumber] = (.IS, "1")
        elements[.valueType] = (.CS, "CONTAINER")
        var writer = DataSetWriter(encoding: .explicitVRLittleEndian)
        elements.write(to: &writer)
        writeTitle(to: &writer)
        writer.element(.continuityOfContent, .CS, "SEPARATE")
        writeEvidence(of: first.studyInstanceUID, to: &writer)
        writeTemplate(to: &writer)
        writeContent(to: &writer)
        return writer.finish()
    }

    private func writeTitle(to writer: inout DataSetWriter) {
        writer.sequence(.conceptNameCodeSequence) { writer in
            writer.item { writer in
                writer.element(.codeValue, .SH, title.rawValue)
                writer.element(.codingSchemeDesignator, .SH, "DCM")
                writer.element(.codeMeaning, .LO, title.meaning)
            }
        }
    }

    private func writeEvidence(of study: StudyUID, to writer: inout DataSetWriter) {
        let series = Swift.Dictionary(grouping: references, by: \.seriesInstanceUID).sorted { $0.key < $1.key }
        writer.sequence(.currentRequestedProcedureEvidenceSequence) { writer in
            writer.item { writer in
                writer.sequence(.referencedSeriesSequence) { writer in
                    for (uid, instances) in series {
                        writer.item { writer in
                            writer.sequence(.referencedSOPSequence) { writer in
                                for instance in instances { writer.item { Self.reference(instance, in: &$0) } }
                            }
                            writer.element(.seriesInstanceUID, uid)
                        }
                    }
                }
                writer.element(.studyInstanceUID, study)
            }
        }
    }

    private func writeTemplate(to writer: inout DataSetWriter) {
        writer.sequence(.contentTemplateSequence) { writer in
            writer.item { writer in
                writer.element(.mappingResource, .CS, "DCMR")
                writer.element(.templateIdentifier, .CS, "2010")
            }
        }
    }

    private func writeContent(to writer: inout DataSetWriter) {
        writer.sequence(.contentSequence) { writer in
            for instance in references {
                writer.item { writer in
                    writer.sequence(.referencedSOPSequence) { writer in
                        writer.item { Self.reference(instance, in: &$0) }
                    }
                    writer.element(.relationshipType, .CS, "CONTAINS")
                    writer.element(.valueType, .CS, instance.sopClassUID == .ctImage ? "IMAGE" : "COMPOSITE")
                }
            }
        }
    }

    private static func reference(_ instance: InventedInstance, in writer: inout DataSetWriter) {
        writer.element(.referencedSOPClassUID, instance.sopClassUID)
        writer.element(.referencedSOPInstanceUID, instance.sopInstanceUID)
    }
}

extension DataSetWriter {
    fileprivate mutating func sequence(_ tag: Tag, _ content: (inout DataSetWriter) -> Void) {
        beginSequence(tag)
        content(&self)
        endSequence()
    }

    fileprivate mutating func item(_ content: (inout DataSetWriter) -> Void) {
        beginItem()
        content(&self)
        endItem()
    }
}
