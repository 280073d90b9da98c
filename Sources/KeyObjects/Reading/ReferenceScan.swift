import DICOM

/// One pass over a Key Object Selection document that keeps its references and nothing else.
struct ReferenceScan {
    /// Current Requested Procedure Evidence Sequence (PS3.3 Table C.17-3), in its order.
    private(set) var evidence: [PublishedReferences.Reference] = []
    /// Series of the evidence, in its order, as often as it has them.
    private(set) var series: [Series] = []
    /// Value types of the IMAGE, WAVEFORM and COMPOSITE items of the content.
    private(set) var valueTypes: [InstanceUID: ValueType] = [:]

    /// An item of Referenced Series Sequence; its instances are a part of `evidence`.
    struct Series {
        var studyInstanceUID = StudyUID("")
        var seriesInstanceUID = SeriesUID("")
        var retrieveAETitle: [UInt8]?
        var retrieveURL: [UInt8]?
        var retrieveLocationUID: [UInt8]?
        var instances: Range<Int>
    }

    private let withContent: Bool
    /// The top-level sequence that is open.
    private var root: Tag?
    /// Tags of the sequences below it, by depth.
    private var inner: (Tag?, Tag?) = (nil, nil)
    private var wanted: Tag?
    private var study = StudyUID("")
    private var firstSeriesOfStudy = 0
    private var sopClass = Spelling<SOPClassUID>()
    private var isClassSeen = false
    private var instance: InstanceUID?
    private var valueType: ValueType?

    /// A UID that often comes again in the same spelling.
    private struct Spelling<UID: UIDValue> {
        var bytes: [UInt8] = []
        var uid = UID("")

        mutating func take(_ value: RawSpan) {
            guard !value.isSame(as: bytes) else { return }
            bytes = value.array
            uid = UID(padded: bytes)
        }
    }

    /// - Parameter withContent: value types too; else what lies behind the evidence is not read.
    init(withContent: Bool) { self.withContent = withContent }

    mutating func read(_ bytes: RawSpan, encoding: Encoding) throws(ParseError) {
        var parser = DataSetParser(encoding: encoding)
        var offset = 0
        while let token = try parser.next(in: bytes, from: &offset) {
            switch token {
            case .element(let tag, _, _): wanted = isWanted(tag, parser.depth) ? tag : nil
            case .value(let range):
                if let wanted { take(wanted, bytes.extracting(range), depth: parser.depth) }
            case .sequence(let tag, _, _): begin(tag, parser.depth)
            case .item: beginItem(parser.depth)
            case .itemEnd: endItem(parser.depth)
            case .sequenceEnd:
                if parser.depth == 0, root == .currentRequestedProcedureEvidenceSequence, !withContent { return }
            case .fragments, .fragment, .fragmentsEnd, .unreadable: wanted = nil
            }
        }
        try parser.finish()
    }

    private var isInEvidence: Bool { root == .currentRequestedProcedureEvidenceSequence }

    /// Sequences and items count alike: in a study's item the depth is 2, in a series' 4, in a reference's 6; in a content
    /// item it is 2, in its reference 4.
    private func isWanted(_ tag: Tag, _ depth: Int) -> Bool {
        if isInEvidence {
            switch depth {
            case 2: return tag == .studyInstanceUID
            case 4: return inner.0 == .referencedSeriesSequence && Self.ofSeries.contains(tag)
            case 6: return isReference && (tag == .referencedSOPClassUID || tag == .referencedSOPInstanceUID)
            default: return false
            }
        }
        guard root == .contentSequence else { return false }
        return depth == 2 && tag == .valueType
            || depth == 4 && inner.0 == .referencedSOPSequence && tag == .referencedSOPInstanceUID
    }

    private static let ofSeries: [Tag] = [.seriesInstanceUID, .retrieveAETitle, .retrieveURL, .retrieveLocationUID]

    private var isReference: Bool { inner.0 == .referencedSeriesSequence && inner.1 == .referencedSOPSequence }

    private mutating func begin(_ tag: Tag, _ depth: Int) {
        wanted = nil
        switch depth {
        case 1: root = withContent || tag == .currentRequestedProcedureEvidenceSequence ? tag : nil
        case 3: inner = (tag, nil)
        case 5: inner.1 = tag
        default: break
        }
    }

    private mutating func beginItem(_ depth: Int) {
        switch depth {
        case 2:
            study = StudyUID("")
            firstSeriesOfStudy = series.count
            (instance, valueType) = (nil, nil)
        case 4 where isInEvidence && inner.0 == .referencedSeriesSequence:
            series.append(Series(instances: evidence.count..<evidence.count))
        case 6: (instance, isClassSeen) = (nil, false)
        default: break
        }
    }

    private mutating func take(_ tag: Tag, _ value: RawSpan, depth: Int) {
        let last = series.count - 1
        switch tag {
        case .studyInstanceUID: study = StudyUID(value.unpaddedText)
        case .seriesInstanceUID: if last >= 0 { series[last].seriesInstanceUID = SeriesUID(value.unpaddedText) }
        case .retrieveAETitle: if last >= 0 { series[last].retrieveAETitle = value.array }
        case .retrieveURL: if last >= 0 { series[last].retrieveURL = value.array }
        case .retrieveLocationUID: if last >= 0 { series[last].retrieveLocationUID = value.array }
        case .referencedSOPClassUID:
            sopClass.take(value)
            isClassSeen = true
        case .referencedSOPInstanceUID: instance = InstanceUID(value.unpaddedText)
        case .valueType: valueType = ValueType(rawValue: value.unpaddedText)
        default: break
        }
    }

    /// - Parameter depth: behind the item that has ended.
    private mutating func endItem(_ depth: Int) {
        wanted = nil
        guard isInEvidence else {
            if depth == 1, root == .contentSequence, let instance, let valueType { valueTypes[instance] = valueType }
            return
        }
        switch depth {
        case 5 where isReference:
            guard let instance, !instance.text.isEmpty else { return }
            evidence.append(
                PublishedReferences.Reference(
                    sopInstanceUID: instance, sopClassUID: isClassSeen ? sopClass.uid : SOPClassUID("")))
        case 3 where inner.0 == .referencedSeriesSequence:
            guard !series.isEmpty else { return }
            let last = series.count - 1
            series[last].instances = series[last].instances.lowerBound..<evidence.count
            for index in series[last].instances { evidence[index].seriesInstanceUID = series[last].seriesInstanceUID }
        case 1:
            for index in series.indices[firstSeriesOfStudy...] {
                series[index].studyInstanceUID = study
                for position in series[index].instances { evidence[position].studyInstanceUID = study }
            }
        default: break
        }
    }
}
