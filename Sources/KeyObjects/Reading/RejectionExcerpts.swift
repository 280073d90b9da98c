public import DICOM

/// What a rejection note says of each of the studies that it names, each time as a small data set of its own: a note of
/// a thousand studies is read whole once, when it comes, and not once more for each of them.
public struct RejectionExcerpts {
    private typealias Reference = KeyObjectDocument.Reference

    private let head: DataSet
    private let references: [StudyUID: [Reference]]
    /// Of the evidence and of the content, each instance once.
    private let byInstance: [InstanceUID: Reference]
    /// The transfer syntax of the excerpts.
    public static let transferSyntax = TransferSyntax.explicitVRLittleEndian

    /// Nil: its values cannot be copied (big endian).
    public init?(of document: KeyObjectDocument, in dataSet: DataSet) {
        guard !dataSet.isBigEndian else { return nil }
        head = Self.sorted(dataSet, Self.kept)
        var references: [StudyUID: [Reference]] = [:]
        for reference in document.evidence {
            guard let study = reference.studyInstanceUID ?? document.studyInstanceUID else { continue }
            references[study, default: []].append(reference)
        }
        self.references = references
        byInstance = Swift.Dictionary(
            (document.evidence + document.references).lazy.map { ($0.sopInstanceUID, $0) },
            uniquingKeysWith: { a, _ in a })
    }

    /// The note as if it named this study alone: who it is of, what it is, and the evidence of this study.
    public func excerpt(for study: StudyUID) -> [UInt8] { excerpt(of: references[study] ?? [], in: study) }

    /// The note as if it named these instances alone, those of them that it does name, all in this study.
    public func excerpt(of instances: Set<InstanceUID>, in study: StudyUID) -> [UInt8] {
        let references = instances.sorted().compactMap { byInstance[$0] }
        let series = Swift.Dictionary(grouping: references) { $0.seriesInstanceUID?.text ?? "" }
        return excerpt(of: series.sorted { $0.key < $1.key }.flatMap(\.value), in: study)
    }

    private func excerpt(of references: [Reference], in study: StudyUID) -> [UInt8] {
        var writer = DataSetWriter(encoding: .explicitVRLittleEndian)
        writer.write(head)
        writer.beginSequence(.currentRequestedProcedureEvidenceSequence)
        writer.beginItem()
        writer.beginSequence(.referencedSeriesSequence)
        var first = references.startIndex
        while first < references.endIndex {
            let series = references[first].seriesInstanceUID
            let end = references[first...].firstIndex { $0.seriesInstanceUID != series } ?? references.endIndex
            writer.beginItem()
            write(references[first..<end], to: &writer)
            if let series { writer.element(.seriesInstanceUID, series) }
            writer.endItem()
            first = end
        }
        writer.endSequence()
        writer.element(.studyInstanceUID, study)
        writer.endItem()
        writer.endSequence()
        return writer.finish()
    }

    private func write(_ references: ArraySlice<Reference>, to writer: inout DataSetWriter) {
        writer.beginSequence(.referencedSOPSequence)
        for reference in references {
            writer.beginItem()
            writer.element(.referencedSOPClassUID, reference.sopClassUID)
            writer.element(.referencedSOPInstanceUID, reference.sopInstanceUID)
            writer.endItem()
        }
        writer.endSequence()
    }

    /// What `KeyObjectDocument` reads of a note, its references aside.
    private static let kept: Set<Tag> = [
        .specificCharacterSet, .sopClassUID, .sopInstanceUID, .accessionNumber, .modality, .patientName, .patientID,
        .issuerOfPatientID, .issuerOfPatientIDQualifiersSequence, .patientBirthDate, .patientSex, .studyInstanceUID,
        .seriesInstanceUID, .conceptNameCodeSequence,
    ]

    /// The first element with each tag, in order, as deep as it goes: a peer's own order may be another one.
    private static func sorted(_ dataSet: DataSet, _ tags: Set<Tag>? = nil) -> DataSet {
        var seen: Set<Tag> = []
        var result = DataSet()
        for element in dataSet.elements.sorted(by: { $0.tag < $1.tag }) {
            guard tags?.contains(element.tag) ?? true, seen.insert(element.tag).inserted else { continue }
            switch element.value {
            case .bytes where element.vr != .SQ: result.append(element)
            case .items(let items): result.append(.init(element.tag, .SQ, .items(items.map { sorted($0) })))
            case .bytes, .fragments, .omitted: break
            }
        }
        return result
    }
}
