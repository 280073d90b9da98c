public import DICOM

/// The study as its headers say (PS3.3 C.7.2.1). Empty strings mean absent; text is Unicode.
public struct StudyAttributes: Sendable, Hashable {
    public var studyInstanceUID: StudyUID
    /// YYYYMMDD; where the study has none, the earliest series, acquisition or content date.
    public var studyDate = ""
    /// HHMMSS, or empty; belongs to `studyDate`.
    public var studyTime = ""
    public var studyID = ""
    public var studyDescription = ""
    /// The accession number that most instances share (the lowest of equals), and who assigned it.
    public var accessionNumber = ""
    public var issuerOfAccessionNumber: AssigningAuthority?
    public var referringPhysicianName = ""
    /// Names, one per physician.
    public var nameOfPhysiciansReadingStudy: [String] = []
    public var performingPhysicianName = ""
    public var procedureCodes: [Code] = []
    /// Minutes east of UTC that the headers state (0008,0201).
    public var timezoneOffset: Int?

    public init(studyInstanceUID: StudyUID) { self.studyInstanceUID = studyInstanceUID }
}

/// A requested procedure of the study: an item of Referenced Request Sequence (PS3.3 Table C.17-3c).
public struct RequestAttributes: Sendable, Hashable {
    public var accessionNumber = ""
    public var issuerOfAccessionNumber: AssigningAuthority?
    public var placerOrderNumber = ""
    public var orderPlacer: AssigningAuthority?
    public var fillerOrderNumber = ""
    public var orderFiller: AssigningAuthority?
    public var requestedProcedureID = ""
    public var requestedProcedureDescription = ""
    public var requestedProcedureCodes: [Code] = []

    public init() {}

    public var isEmpty: Bool { self == RequestAttributes() }
}
