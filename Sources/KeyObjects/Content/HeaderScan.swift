import DICOM

/// One pass over a stored header: where the elements are that a manifest may need, and no further than the last.
struct HeaderScan: Sendable {
    private(set) var patient = FactBlock()
    private(set) var study = FactBlock()
    private(set) var request = FactBlock()
    private(set) var series = FactBlock()
    private(set) var sopClass = SOPClass(spelling: [])
    private(set) var seriesUID = SeriesUID("")
    private(set) var studyUID = StudyUID("")
    private(set) var documentTitle: Code?
    private var instance: [UInt8] = []
    private var seriesSpelling: [UInt8] = []
    private var studySpelling: [UInt8] = []
    private var numbers = Numbers()
    private var present: Set<Tag> = []
    private var dates = Dates()

    /// A SOP class as the last header spelled it, and what the registry says of it.
    struct SOPClass: Sendable {
        let spelling: [UInt8]
        let uid: SOPClassUID
        let valueType: ValueType?
        var isKnownStorage: Bool { valueType != nil }

        init(spelling: [UInt8]) {
            self.spelling = spelling
            uid = SOPClassUID(padded: spelling)
            valueType = UIDRegistry.valueType(of: uid)
        }
    }

    private struct Numbers {
        var instanceNumber: Int?
        var numberOfFrames: Int?
        var rows: Int?
        var columns: Int?
    }

    /// As sent; only read where the study has no date of its own.
    private struct Dates {
        var study: [UInt8] = []
        var others: [(date: [UInt8], time: [UInt8])] = [([], []), ([], []), ([], [])]
    }

    mutating func read(_ header: RawSpan, encoding: Encoding) {
        reset(encoding)
        var reader = HeaderReader(encoding: encoding)
        // What lies behind a fault is not seen; what lies before it counts.
        while let field = try? reader.next(in: header) {
            if field.tag > .referencedRequestSequence, sopClass.isKnownStorage || field.tag > .waveformSequence {
                break
            }
            if field.omitted == 0 { take(field, header, reader) }
        }
    }

    private mutating func reset(_ encoding: Encoding) {
        patient.reset(encoding)
        study.reset(encoding)
        request.reset(encoding)
        series.reset(encoding)
        instance.removeAll(keepingCapacity: true)
        documentTitle = nil
        numbers = Numbers()
        if !present.isEmpty { present = [] }
        dates = Dates()
        seriesUID = SeriesUID("")
        studyUID = StudyUID("")
        sopClassIsMissing = true
    }

    private var sopClassIsMissing = true

    private mutating func take(_ field: HeaderReader.Field, _ header: RawSpan, _ reader: HeaderReader) {
        let value = header.extracting(field.value)
        let element = header.extracting(field.start..<field.value.upperBound)
        switch field.tag.group {
        case 0x0008: takeGroup0008(field, value, element)
        case 0x0010: if Self.patientTags.contains(field.tag.element) { patient.append(element) }
        case 0x0018: if field.tag == .bodyPartExamined { series.append(element) }
        case 0x0020: takeGroup0020(field, value, element)
        case 0x0028: takeGroup0028(field, value, reader.encoding)
        case 0x0032:
            if field.tag == .requestedProcedureDescription || field.tag == .requestedProcedureCodeSequence {
                request.append(element)
            }
        case 0x0040: takeGroup0040(field, header, element, reader)
        default: if field.tag == .waveformSequence { present.insert(field.tag) }
        }
    }

    private mutating func takeGroup0008(_ field: HeaderReader.Field, _ value: RawSpan, _ element: RawSpan) {
        switch field.tag {
        case .specificCharacterSet:
            patient.append(element)
            study.append(element)
            request.append(element)
            series.append(element)
        case .sopClassUID:
            sopClassIsMissing = value.byteCount == 0
            if !value.isSame(as: sopClass.spelling) { sopClass = SOPClass(spelling: value.array) }
        case .sopInstanceUID: instance = value.array
        case .studyDate:
            dates.study = value.array
            study.append(element)
        case .seriesDate:
            dates.others[0].date = value.array
            series.append(element)
        case .seriesTime:
            dates.others[0].time = value.array
            series.append(element)
        case .acquisitionDate: dates.others[1].date = value.array
        case .acquisitionTime: dates.others[1].time = value.array
        case .contentDate: dates.others[2].date = value.array
        case .contentTime: dates.others[2].time = value.array
        case .studyTime, .timezoneOffsetFromUTC, .referringPhysicianName, .studyDescription, .procedureCodeSequence,
            .performingPhysicianName, .nameOfPhysiciansReadingStudy:
            study.append(element)
        case .accessionNumber, .issuerOfAccessionNumberSequence: request.append(element)
        case .modality, .seriesDescription, .anatomicRegionSequence: series.append(element)
        default: break
        }
    }

    private mutating func takeGroup0020(_ field: HeaderReader.Field, _ value: RawSpan, _ element: RawSpan) {
        switch field.tag {
        case .studyInstanceUID:
            if !value.isSame(as: studySpelling) || studySpelling.isEmpty { studySpelling = value.array }
            studyUID = StudyUID(padded: studySpelling)
        case .seriesInstanceUID:
            if !value.isSame(as: seriesSpelling) || seriesSpelling.isEmpty { seriesSpelling = value.array }
            seriesUID = SeriesUID(padded: seriesSpelling)
        case .studyID: study.append(element)
        case .seriesNumber, .laterality: series.append(element)
        case .instanceNumber: numbers.instanceNumber = value.integerString
        default: break
        }
    }

    private mutating func takeGroup0028(_ field: HeaderReader.Field, _ value: RawSpan, _ encoding: Encoding) {
        switch field.tag {
        case .numberOfFrames: numbers.numberOfFrames = value.integerString
        case .rows: numbers.rows = value.unsignedShort(isBigEndian: encoding.isBigEndian)
        case .columns: numbers.columns = value.unsignedShort(isBigEndian: encoding.isBigEndian)
        default: break
        }
        if !sopClass.isKnownStorage { present.insert(field.tag) }
    }

    private mutating func takeGroup0040(
        _ field: HeaderReader.Field, _ header: RawSpan, _ element: RawSpan, _ reader: HeaderReader
    ) {
        switch field.tag {
        case .requestAttributesSequence, .requestedProcedureID, .placerOrderNumberImagingServiceRequest,
            .fillerOrderNumberImagingServiceRequest, .referencedRequestSequence, .orderPlacerIdentifierSequence,
            .orderFillerIdentifierSequence:
            request.append(element)
        case .conceptNameCodeSequence where sopClass.uid == .keyObjectSelectionDocument:
            documentTitle = reader.items(of: field, in: header).first.flatMap { Code($0) }
        default: break
        }
    }

    /// Patient attributes that some profile states.
    private static let patientTags: Set<UInt16> = [
        0x0010, 0x0020, 0x0021, 0x0024, 0x0030, 0x0040, 0x1002, 0x4000,
    ]

    // MARK: What was found

    func isEmpty(_ tag: Tag) -> Bool {
        switch tag {
        case .sopClassUID: sopClassIsMissing
        case .studyInstanceUID: studyUID.text.isEmpty
        case .seriesInstanceUID: seriesUID.text.isEmpty
        default: InstanceUID(padded: instance).text.isEmpty
        }
    }

    var instanceUID: InstanceUID { InstanceUID(padded: instance) }

    func has(_ tag: Tag) -> Bool { present.contains(tag) }

    func describe(_ reference: inout ReferencedInstance) {
        reference.instanceNumber = numbers.instanceNumber
        reference.numberOfFrames = numbers.numberOfFrames
        reference.rows = numbers.rows
        reference.columns = numbers.columns
        reference.documentTitle = documentTitle
    }

    /// The earliest of series, acquisition and content date, where the header has no study date.
    var fallbackDate: (date: String, time: String)? {
        guard dates.study.allSatisfy({ $0 == 0x20 || $0 == 0 }) else { return nil }
        return dates.others.compactMap { pair -> (date: String, time: String)? in
            guard let date = DateValue(ValueCheck.trimmed(String(decoding: pair.date, as: UTF8.self))) else {
                return nil
            }
            let time = TimeValue(ValueCheck.trimmed(String(decoding: pair.time, as: UTF8.self)))
            return (date.text, time?.text ?? "")
        }
        .min { ($0.date, $0.time) < ($1.date, $1.time) }
    }
}

extension RawSpan {
    fileprivate var array: [UInt8] { withUnsafeBytes { Array($0) } }

    fileprivate func isSame(as other: [UInt8]) -> Bool {
        guard byteCount == other.count else { return false }
        return withUnsafeBytes { mine in mine.elementsEqual(other) }
    }

    /// An IS value.
    fileprivate var integerString: Int? {
        let text = ValueCheck.trimmed(withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
        return Int(text.hasPrefix("+") ? String(text.dropFirst()) : text)
    }

    fileprivate func unsignedShort(isBigEndian: Bool) -> Int? {
        guard byteCount >= 2 else { return nil }
        return withUnsafeBytes { isBigEndian ? Int($0[0]) << 8 | Int($0[1]) : Int($0[1]) << 8 | Int($0[0]) }
    }
}
