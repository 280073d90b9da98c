public import DICOM

/// A Key Object Selection document as read, accepted loosely: what it is and what it refers to (PS3.3 A.35.4).
public struct KeyObjectDocument: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        case manifest, rejectionNote
        /// Any other title: an object of its study like an image.
        case keyImageNote
    }

    /// A reference, from the evidence or from the content.
    public struct Reference: Sendable, Hashable {
        public var studyInstanceUID: StudyUID?
        public var seriesInstanceUID: SeriesUID?
        public var sopClassUID: SOPClassUID
        public var sopInstanceUID: InstanceUID
        /// Of a content item.
        public var valueType: String?
    }

    public var sopInstanceUID: InstanceUID?
    public var seriesInstanceUID: SeriesUID?
    /// The study of the document itself; the evidence may name others.
    public var studyInstanceUID: StudyUID?
    public var title: Code?
    /// Modifiers of the title (113011).
    public var titleModifiers: [Code]
    public var patient: PatientAttributes
    public var accessionNumber: String
    /// Current Requested Procedure Evidence Sequence, in its order.
    public var evidence: [Reference]
    /// IMAGE, WAVEFORM and COMPOSITE items of the content, in their order.
    public var references: [Reference]
    /// Text of Key Object Description (113012).
    public var keyObjectDescription: String?

    public init(_ dataSet: DataSet) {
        sopInstanceUID = dataSet.uid(.sopInstanceUID)
        seriesInstanceUID = dataSet.uid(.seriesInstanceUID)
        studyInstanceUID = dataSet.uid(.studyInstanceUID)
        title = dataSet.items(.conceptNameCodeSequence).first.flatMap { Code($0) }
        patient = PatientAttributes(facts: dataSet)
        accessionNumber = dataSet.string(.accessionNumber) ?? ""
        evidence = Self.evidence(dataSet)
        references = []
        titleModifiers = []
        for item in dataSet.items(.contentSequence) {
            let concept = item.items(.conceptNameCodeSequence).first.flatMap { Code($0) }
            switch item.string(.valueType) {
            case "IMAGE", "WAVEFORM", "COMPOSITE": references += Self.references(item)
            case "TEXT" where concept?.isSame(as: .keyObjectDescription) == true:
                keyObjectDescription = item.string(.textValue)
            case "CODE" where concept?.isSame(as: .documentTitleModifier) == true:
                titleModifiers += item.items(.conceptCodeSequence).compactMap { Code($0) }
            default: break
            }
        }
    }

    public var kind: Kind {
        guard let title else { return .keyImageNote }
        return DocumentTitle.isRejectionNote(title)
            ? .rejectionNote : DocumentTitle.isManifest(title) ? .manifest : .keyImageNote
    }

    private static func evidence(_ dataSet: DataSet) -> [Reference] {
        dataSet.items(.currentRequestedProcedureEvidenceSequence).flatMap { study in
            study.items(.referencedSeriesSequence).flatMap { series in
                series.items(.referencedSOPSequence).compactMap { item in
                    reference(item, study: study.uid(.studyInstanceUID), series: series.uid(.seriesInstanceUID))
                }
            }
        }
    }

    private static func references(_ item: DataSet) -> [Reference] {
        item.items(.referencedSOPSequence).compactMap { referenced in
            var result = reference(referenced, study: nil, series: nil)
            result?.valueType = item.string(.valueType)
            return result
        }
    }

    private static func reference(_ item: DataSet, study: StudyUID?, series: SeriesUID?) -> Reference? {
        guard let instance: InstanceUID = item.uid(.referencedSOPInstanceUID) else { return nil }
        return Reference(
            studyInstanceUID: study, seriesInstanceUID: series,
            sopClassUID: item.uid(.referencedSOPClassUID) ?? SOPClassUID(""), sopInstanceUID: instance)
    }
}
