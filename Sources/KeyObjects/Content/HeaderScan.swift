import DICOM

/// One pass over a stored header: where the elements are that a manifest may need, and no further than the last.
struct HeaderScan: Sendable {
    private(set) var patient = FactBlock()
    private(set) var study = FactBlock()
    private(set) var request = FactBlock()
    private(set) var series = FactBlock()
    /// What may hold a study back: confidentiality, and the mark of an instance whose quality assurance is not done.
    private(set) var marks = FactBlock()
    private(set) var sopClass = SOPClass(spelling: [])
    private(set) var seriesUID = SeriesUID("")
    private(set) var studyUID = StudyUID("")
    private(set) var documentTitle: Code?
    private(set) var instanceUID = InstanceUID("")
    /// The earliest of series, acquisition and content date, where the header has no study date.
    private(set) var fallbackDate = EarliestDate.none
    /// Looked for wherever it stands.
    private let qualityAssuranceTag: Tag
    /// Nothing that is looked for stands behind it.
    private let lastTag: Tag
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
        /// The registry knows it as something else than a storage class.
        let isNonStorage: Bool
        let isOfNoPatient: Bool
        let isKeyObjectSelection: Bool
        var isKnownStorage: Bool { valueType != nil }

        init(spelling: [UInt8]) {
            self.spelling = spelling
            uid = SOPClassUID(padded: spelling)
            valueType = UIDRegistry.valueType(of: uid)
            isNonStorage = UIDRegistry.isNonStorage(uid)
            isOfNoPatient = ManifestBuilder.classesOfNoPatient.contains(uid)
            isKeyObjectSelection = uid == .keyObjectSelectionDocument
        }
    }

    private struct Numbers {
        var instanceNumber: Int?
        var numberOfFrames: Int?
        var rows: Int?
        var columns: Int?
    }

    /// Where the dates are; only read where the study has none of its own.
    private struct Dates {
        var study = 0..<0
        var series = (date: 0..<0, time: 0..<0)
        var acquisition = (date: 0..<0, time: 0..<0)
        var content = (date: 0..<0, time: 0..<0)
    }

    init(qualityAssuranceTag: Tag? = nil) {
        self.qualityAssuranceTag = qualityAssuranceTag ?? Tag(0xFFFF, 0xFFFF)
        lastTag = max(.referencedRequestSequence, qualityAssuranceTag ?? .referencedRequestSequence)
    }

    mutating func read(_ header: RawSpan, encoding: Encoding) {
        reset(encoding)
        var reader = HeaderReader(encoding: encoding)
        // What lies behind a fault is not seen; what lies before it counts.
        while let field = try? reader.next(in: header) {
            // Where tags do not ascend, the identifiers and the patient may be behind.
            let isBeyond = field.tag > lastTag && missing.isEmpty && namesPatient
            if isBeyond, sopClass.isKnownStorage || field.tag > .waveformSequence {
                break
            }
            if field.omitted == 0 { take(field, header, reader) }
            // Such documents are kept whole, however long a value is.
            if field.tag == .sopClassUID, sopClass.uid == .keyObjectSelectionDocument { reader.bulkLimit = .max }
        }
        fallbackDate = header.isBlank(dates.study) ? earliestDate(header) : .none
    }

    private mutating func reset(_ encoding: Encoding) {
        patient.reset(encoding)
        study.reset(encoding)
        request.reset(encoding)
        series.reset(encoding)
        marks.reset(encoding)
        documentTitle = nil
        numbers = Numbers()
        if !present.isEmpty { present = [] }
        dates = Dates()
        missing = [.sopClassUID, .sopInstanceUID, .studyInstanceUID, .seriesInstanceUID]
        namesPatient = false
    }

    private var missing: Identifiers = []
    /// Patient ID was met, with or without a value.
    private var namesPatient = false

    /// The four that make a reference.
    private struct Identifiers: OptionSet {
        let rawValue: UInt8
        static let sopClassUID = Identifiers(rawValue: 1)
        static let sopInstanceUID = Identifiers(rawValue: 2)
        static let studyInstanceUID = Identifiers(rawValue: 4)
        static let seriesInstanceUID = Identifiers(rawValue: 8)
    }

    private mutating func take(_ field: HeaderReader.Field, _ header: RawSpan, _ reader: HeaderReader) {
        let value = header.extracting(field.value)
        let element = header.extracting(field.start..<field.value.upperBound)
        if field.tag == qualityAssuranceTag { marks.append(element) }
        switch field.tag.group {
        case 0x0008: takeGroup0008(field, value, element)
        case 0x0010:
            if field.tag == .patientID { namesPatient = true }
            if Self.patientTags.contains(field.tag.element) { patient.append(element) }
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
            marks.append(element)
        case .sopClassUID:
            if !value.isBlank(0..<value.byteCount) { missing.remove(.sopClassUID) }
            if !value.isSame(as: sopClass.spelling) { sopClass = SOPClass(spelling: value.array) }
        case .sopInstanceUID:
            instanceUID = InstanceUID(value.unpaddedText)
            if !instanceUID.text.isEmpty { missing.remove(.sopInstanceUID) }
        case .studyDate:
            dates.study = field.value
            study.append(element)
        case .seriesDate:
            dates.series.date = field.value
            series.append(element)
        case .seriesTime:
            dates.series.time = field.value
            series.append(element)
        case .acquisitionDate: dates.acquisition.date = field.value
        case .acquisitionTime: dates.acquisition.time = field.value
        case .contentDate: dates.content.date = field.value
        case .contentTime: dates.content.time = field.value
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
            if !value.isSame(as: studySpelling) {
                studySpelling = value.array
                studyUID = StudyUID(padded: studySpelling)
            }
            if !studyUID.text.isEmpty { missing.remove(.studyInstanceUID) }
        case .seriesInstanceUID:
            if !value.isSame(as: seriesSpelling) {
                seriesSpelling = value.array
                seriesUID = SeriesUID(padded: seriesSpelling)
            }
            if !seriesUID.text.isEmpty { missing.remove(.seriesInstanceUID) }
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
        case .confidentialityCode, .confidentialityConstraintOnPatientDataDescription: marks.append(element)
        case .conceptNameCodeSequence where sopClass.isKeyObjectSelection:
            documentTitle = reader.items(of: field, in: header).first.flatMap { Code($0) }
        default: break
        }
    }

    /// Patient attributes that some profile states.
    private static let patientTags: Set<UInt16> = [
        0x0010, 0x0020, 0x0021, 0x0024, 0x0030, 0x0040, 0x1002, 0x4000,
    ]

    // MARK: What was found

    /// The first of the four identifiers that the header does not have.
    var missingIdentifier: Tag? {
        if missing.isEmpty { return nil }
        if missing.contains(.sopClassUID) { return .sopClassUID }
        if missing.contains(.sopInstanceUID) { return .sopInstanceUID }
        return missing.contains(.studyInstanceUID) ? .studyInstanceUID : .seriesInstanceUID
    }

    func has(_ tag: Tag) -> Bool { present.contains(tag) }

    func describe(_ reference: inout ReferencedInstance) {
        reference.instanceNumber = numbers.instanceNumber
        reference.numberOfFrames = numbers.numberOfFrames
        reference.rows = numbers.rows
        reference.columns = numbers.columns
        reference.documentTitle = documentTitle
    }

    private func earliestDate(_ header: RawSpan) -> EarliestDate {
        var earliest = EarliestDate.none
        for pair in [dates.series, dates.acquisition, dates.content] {
            guard let date = DateValue(ValueCheck.trimmed(header.extracting(pair.date).unpaddedText)) else { continue }
            let time = TimeValue(ValueCheck.trimmed(header.extracting(pair.time).unpaddedText))
            earliest = min(earliest, EarliestDate(date, time))
        }
        return earliest
    }
}

extension RawSpan {
    var array: [UInt8] { withUnsafeBytes { Array($0) } }

    func isSame(as other: [UInt8]) -> Bool {
        guard byteCount == other.count else { return false }
        return withUnsafeBytes { mine in
            other.withUnsafeBytes { theirs in
                var position = 0
                while position + 8 <= mine.count {
                    let a = mine.loadUnaligned(fromByteOffset: position, as: UInt64.self)
                    if a != theirs.loadUnaligned(fromByteOffset: position, as: UInt64.self) { return false }
                    position += 8
                }
                return mine[position...].elementsEqual(theirs[position...])
            }
        }
    }

    /// Without the padding behind it; bytes above 7F are Latin-1, as in every UID that is none.
    var unpaddedText: String {
        withUnsafeBytes { bytes in
            var end = bytes.count
            while end > 0, bytes[end - 1] == 0 || bytes[end - 1] == 0x20 { end -= 1 }
            let kept = bytes[..<end]
            if kept.allSatisfy({ $0 < 0x80 }) { return String(decoding: kept, as: UTF8.self) }
            return String(String.UnicodeScalarView(kept.map { Unicode.Scalar($0) }))
        }
    }

    fileprivate func isBlank(_ range: Range<Int>) -> Bool {
        extracting(range).withUnsafeBytes { $0.allSatisfy { $0 == 0x20 || $0 == 0 } }
    }

    /// An IS value, or nil where it is none.
    fileprivate var integerString: Int? {
        withUnsafeBytes { bytes in
            var digits = bytes[...]
            while let first = digits.first, first <= 0x20 { digits.removeFirst() }
            while let last = digits.last, last <= 0x20 { digits.removeLast() }
            let isNegative = digits.first == 0x2D
            if isNegative || digits.first == 0x2B { digits.removeFirst() }
            guard (1...18).contains(digits.count) else { return nil }
            var value = 0
            for digit in digits {
                guard (0x30...0x39).contains(digit) else { return nil }
                value = value * 10 + Int(digit - 0x30)
            }
            return isNegative ? -value : value
        }
    }

    fileprivate func unsignedShort(isBigEndian: Bool) -> Int? {
        guard byteCount >= 2 else { return nil }
        return withUnsafeBytes { isBigEndian ? Int($0[0]) << 8 | Int($0[1]) : Int($0[1]) << 8 | Int($0[0]) }
    }
}
