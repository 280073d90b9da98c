public import DICOM

/// Gathers what a study's headers say, in the order in which they arrived.
///
/// Facts that instances share (patient, study, request) are kept once per spelling, as the bytes that stated them;
/// an instance costs about 150 bytes.
public struct ManifestBuilder: Sendable {
    /// Value types of classes, where they differ from the standard's.
    let valueTypes: [SOPClassUID: ValueType]
    /// The study of the first header.
    public private(set) var studyInstanceUID: StudyUID?
    /// Instances that are known but never listed.
    public private(set) var excluded: [InstanceUID: Exclusion] = [:]

    private(set) var entries: [Entry] = []
    private var positions: [InstanceUID: Int] = [:]
    private(set) var patients = FactTable<PatientFacts>()
    private(set) var studies = FactTable<StudyFacts>()
    private(set) var requests = FactTable<RequestFacts>()
    private(set) var series = FactTable<ReferencedSeries>()
    private(set) var marks = FactTable<MarkFacts>()
    private(set) var callers: [AETitle?] = []
    private var arrivals = 0
    /// What the header added last took the place of.
    private var replaced: Entry?
    private let qualityAssuranceTag: Tag?
    private var scan: HeaderScan
    /// Patient and request of the header added last, where it was usable.
    private var latestFacts: (patient: Int, request: Int)?

    /// What is kept of an instance: itself, and which of the shared facts it states.
    struct Entry: Sendable, Equatable {
        var reference: ReferencedInstance
        var seriesInstanceUID: SeriesUID
        var patient: Int32
        var study: Int32
        var request: Int32
        var series: Int32
        var marks: Int32
        var caller: Int32 = 0
        /// Where the header has no study date.
        var date: EarliestDate
        var arrival = 0

        /// Nothing that a manifest states differs.
        func saysTheSame(as other: Entry) -> Bool {
            var other = other
            other.arrival = arrival
            other.caller = caller
            other.reference.transferSyntax = reference.transferSyntax
            return self == other
        }
    }

    public init(valueTypes: [SOPClassUID: ValueType] = [:], qualityAssuranceTag: Tag? = nil) {
        self.valueTypes = valueTypes
        self.qualityAssuranceTag = qualityAssuranceTag
        scan = HeaderScan(qualityAssuranceTag: qualityAssuranceTag)
    }

    /// For manifests under these settings.
    public init(settings: ManifestSettings) {
        self.init(valueTypes: settings.valueTypes, qualityAssuranceTag: settings.conditions.qualityAssuranceTag)
    }

    /// What tells an instance's arrivals apart.
    public struct Header: Sendable, Hashable {
        public let sopInstanceUID: InstanceUID
        public let seriesInstanceUID: SeriesUID
        public let sopClassUID: SOPClassUID
        public let patient: PatientKey
        /// Values of Accession Number (0008,0050), joined by backslashes.
        public let accessionNumber: String
    }

    /// Of the header added last, excluded ones included; nil when it was unusable.
    public var latest: Header? {
        guard let (patient, request) = latestFacts else { return nil }
        return Header(
            sopInstanceUID: scan.instanceUID, seriesInstanceUID: scan.seriesUID, sopClassUID: scan.sopClass.uid,
            patient: patients.facts[patient].key, accessionNumber: requests.facts[request].accessionNumber)
    }

    /// What became of a header.
    public enum Addition: Sendable, Equatable {
        case listed
        /// The same instance with the same facts: nothing changes.
        case unchanged
        /// The same SOP Instance UID with other facts: the newest is kept. The series it was in before, where another.
        case changed(from: SeriesUID?)
        case excluded(Exclusion)
        case unusable(Defect)
    }

    /// Instances that no manifest lists (platform spec 2.4.5; classes without patient and study).
    public enum Exclusion: Sendable, Equatable {
        case rejectionNote(Code)
        case manifest(Code)
        case notOfAPatient(SOPClassUID)
    }

    /// A header that cannot be listed at all.
    public enum Defect: Sendable, Equatable {
        case missing(Tag)
        case otherStudy(StudyUID)
        /// A UID that a PS3.6 table knows as no storage class.
        case notStorage(SOPClassUID)
    }

    /// Takes a stored header: a data set that ends before the pixel data, as sent but not deflated.
    public mutating func add(
        _ header: [UInt8], transferSyntax: TransferSyntax, callingAETitle: AETitle? = nil
    ) -> Addition {
        add(header.span.bytes, transferSyntax: transferSyntax, callingAETitle: callingAETitle)
    }

    /// As `add` of an array, for a header that lies in a larger buffer.
    public mutating func add(
        _ header: RawSpan, transferSyntax: TransferSyntax, callingAETitle: AETitle? = nil
    ) -> Addition {
        scan.read(header, encoding: transferSyntax.encoding)
        latestFacts = nil
        replaced = nil
        if let defect = defect() { return .unusable(defect) }
        let instance = scan.instanceUID
        let sopClass = scan.sopClass
        let patient = patients.index(of: scan.patient) { .init(facts: $0) }
        let request = requests.index(of: scan.request) { .init(facts: $0) }
        latestFacts = (patient, request)
        if let exclusion = exclusion(of: sopClass) {
            remove(instance)
            excluded[instance] = exclusion
            return .excluded(exclusion)
        }
        var entry = Entry(
            reference: ReferencedInstance(
                sopClassUID: sopClass.uid, sopInstanceUID: instance, valueType: valueType(of: sopClass)),
            seriesInstanceUID: scan.seriesUID, patient: Int32(patient),
            study: Int32(studies.index(of: scan.study) { .init(facts: $0) }), request: Int32(request),
            series: Int32(series.index(of: scan.series) { .init(facts: $0) }),
            marks: Int32(
                marks.index(of: scan.marks) { [qualityAssuranceTag] in
                    MarkFacts(facts: $0, qualityAssuranceTag: qualityAssuranceTag)
                }),
            date: scan.fallbackDate)
        scan.describe(&entry.reference)
        entry.reference.transferSyntax = transferSyntax
        entry.caller = index(of: callingAETitle)
        return keep(entry)
    }

    /// The header added last does not count: what it took the place of stands again.
    public mutating func takeBack() {
        guard let former = replaced, let position = positions[former.reference.sopInstanceUID] else { return }
        entries[position] = former
        replaced = nil
    }

    /// Forgets an instance, as if it had never arrived.
    public mutating func remove(_ instance: InstanceUID) {
        excluded[instance] = nil
        guard let position = positions.removeValue(forKey: instance) else { return }
        let last = entries.removeLast()
        if position < entries.count {
            entries[position] = last
            positions[last.reference.sopInstanceUID] = position
        }
    }

    public var instanceCount: Int { entries.count }

    private mutating func defect() -> Defect? {
        if let tag = scan.missingIdentifier {
            let isOfAnInstance = tag == .sopClassUID || tag == .sopInstanceUID
            return !isOfAnInstance && scan.sopClass.isOfNoPatient ? nil : .missing(tag)
        }
        if scan.sopClass.isNonStorage { return .notStorage(scan.sopClass.uid) }
        let study = scan.studyUID
        if let own = studyInstanceUID, own != study { return .otherStudy(study) }
        studyInstanceUID = study
        return nil
    }

    private func exclusion(of sopClass: HeaderScan.SOPClass) -> Exclusion? {
        if sopClass.isOfNoPatient { return .notOfAPatient(sopClass.uid) }
        guard sopClass.isKeyObjectSelection, let title = scan.documentTitle else { return nil }
        if DocumentTitle.isRejectionNote(title) { return .rejectionNote(title) }
        return DocumentTitle.isManifest(title) ? .manifest(title) : nil
    }

    private func valueType(of sopClass: HeaderScan.SOPClass) -> ValueType {
        if !valueTypes.isEmpty, let set = valueTypes[sopClass.uid] { return set }
        if let known = sopClass.valueType { return known }
        return ValueType(ofUnknownClassWith: scan.has)
    }

    /// One source has few callers.
    private mutating func index(of caller: AETitle?) -> Int32 {
        if let index = callers.lastIndex(of: caller) { return Int32(index) }
        callers.append(caller)
        return Int32(callers.count - 1)
    }

    private mutating func keep(_ entry: Entry) -> Addition {
        let uid = entry.reference.sopInstanceUID
        arrivals += 1
        var entry = entry
        entry.arrival = arrivals
        guard let position = positions[uid] else {
            positions[uid] = entries.count
            entries.append(entry)
            return .listed
        }
        let known = entries[position]
        if known.saysTheSame(as: entry) { return .unchanged }
        entries[position] = entry
        replaced = known
        return .changed(from: known.seriesInstanceUID == entry.seriesInstanceUID ? nil : known.seriesInstanceUID)
    }

    /// Storable, but of no patient and no study (PS3.4 annex GG).
    static let classesOfNoPatient: Set<SOPClassUID> = Set(
        [
            "1.2.840.10008.5.1.4.1.1.200.1", "1.2.840.10008.5.1.4.1.1.200.7", "1.2.840.10008.5.1.4.1.1.200.3",
            "1.2.840.10008.5.1.4.1.1.201.1", "1.2.840.10008.5.1.4.38.1", "1.2.840.10008.5.1.4.39.1",
            "1.2.840.10008.5.1.4.43.1", "1.2.840.10008.5.1.4.44.1", "1.2.840.10008.5.1.4.45.1",
        ].map { SOPClassUID($0) })
}
