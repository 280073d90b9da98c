public import DICOM

/// The judgement of a Key Object Selection document under a profile: every rule of the standard that validators miss
/// included.
public struct Judgement: Sendable {
    /// In the order of the rules, then of the document.
    public let findings: [Finding]

    public var hasErrors: Bool { findings.contains { $0.severity == .error } }

    /// - Parameter dataSet: the whole document, its offsets counted from wherever findings shall count.
    public init(of dataSet: DataSet, profile: ManifestProfile) {
        var judge = Judge(dataSet, profile)
        judge.judge()
        findings = judge.findings
    }

    /// A PS3.10 file, or a bare data set; offsets count from the start of the file.
    public init(file bytes: [UInt8], profile: ManifestProfile) throws(ParseError) {
        let file = try Part10File(bytes)
        let read = DataSet.read(
            bytes.span.bytes.extracting(file.dataSetOffset...), transferSyntax: file.transferSyntax,
            fileOffset: file.transferSyntax.isDeflated ? 0 : file.dataSetOffset)
        var judge = Judge(read.dataSet, profile)
        judge.fileMetaInformation(file.meta)
        judge.judge()
        if let failure = read.failure {
            judge.error(
                Place(offset: failure.offset), "The file cannot be read past byte \(failure.offset): \(failure).",
                "PS3.5 §7", "Write the document again; only what stands before this place was judged.")
        }
        findings = judge.findings
    }
}

/// A place in the document: the path to an attribute, and the offset of the nearest element that is there.
struct Place {
    var path = ""
    var offset: Int?

    /// An attribute of a data set at this place.
    func at(_ tag: Tag, in dataSet: DataSet) -> Place {
        Place(path: path + tag.description, offset: dataSet[tag]?.offset ?? offset)
    }

    /// An item of a sequence at this place, counted from 1.
    func item(_ number: Int) -> Place { Place(path: "\(path)[\(number)]", offset: offset) }
}

/// Applies the rules; each group of them is an extension.
struct Judge {
    let document: DataSet
    let profile: ManifestProfile
    let content: KeyObjectDocument
    private(set) var findings: [Finding] = []

    init(_ document: DataSet, _ profile: ManifestProfile) {
        self.document = document
        self.profile = profile
        content = KeyObjectDocument(document)
    }

    var isMaincare: Bool { profile.name == ManifestProfile.maincare.name }
    /// The profile's demands are for manifests, not for rejection notes nor key image notes.
    func demands(_ demand: ManifestProfile.Demand) -> Bool {
        profile.demands.contains(demand) && !isRejectionNote
    }

    var isRejectionNote: Bool { content.kind == .rejectionNote }

    mutating func judge() {
        sopCommon()
        patient()
        study()
        series()
        equipmentAndPersons()
        title()
        requests()
        evidence()
        contentTree()
        crossReferences()
        values(of: document, Place(), characterSet: document.string(.specificCharacterSet) ?? "")
    }

    mutating func error(_ place: Place, _ reason: String, _ section: String, _ remedy: String) {
        add(.error, place, reason, section, remedy)
    }

    mutating func warning(_ place: Place, _ reason: String, _ section: String, _ remedy: String) {
        add(.warning, place, reason, section, remedy)
    }

    private mutating func add(
        _ severity: Finding.Severity, _ place: Place, _ reason: String, _ section: String, _ remedy: String
    ) {
        findings.append(
            Finding(
                severity, path: place.path, offset: place.offset, reason: reason, section: section, remedy: remedy))
    }

    /// Type 1: present with a value. Returns whether it is.
    @discardableResult
    mutating func type1(_ tag: Tag, in dataSet: DataSet, _ place: Place, _ section: String) -> Bool {
        if let element = dataSet[tag], !element.isEmpty { return true }
        let state = dataSet[tag] == nil ? "absent" : "empty"
        error(
            place.at(tag, in: dataSet), "\(named(tag)) is \(state); it must have a value (type 1).", section,
            "Write the attribute with its value.")
        return false
    }

    /// Type 2: present, empty or not.
    mutating func type2(_ tag: Tag, in dataSet: DataSet, _ place: Place, _ section: String) {
        guard dataSet[tag] == nil else { return }
        error(
            place.at(tag, in: dataSet), "\(named(tag)) is absent; it must be there, empty if need be (type 2).",
            section, "Write the attribute, empty if its value is not known.")
    }

    /// Type 1C that is there: has a value.
    mutating func notEmpty(_ tag: Tag, in dataSet: DataSet, _ place: Place, _ section: String) {
        guard let element = dataSet[tag], element.isEmpty else { return }
        error(
            place.at(tag, in: dataSet), "\(named(tag)) is empty; its type 1C allows absent, not empty.", section,
            "Leave the attribute out or give it a value.")
    }

    func named(_ tag: Tag) -> String { "\(Dictionary.name(of: tag) ?? "The attribute") \(tag)" }
}

extension DataSet.Element {
    /// No value, no item.
    var isEmpty: Bool {
        switch value {
        case .bytes(let bytes): bytes.allSatisfy { $0 == 0x20 || $0 == 0 }
        case .items(let items): items.isEmpty
        case .fragments(let fragments): fragments.isEmpty
        case .omitted: false
        }
    }
}
