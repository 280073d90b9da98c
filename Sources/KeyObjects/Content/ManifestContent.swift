public import DICOM

/// What a manifest says of one study of one patient: the facts of its headers, for every profile (PS3.3 A.35.4).
public struct ManifestContent: Sendable, Equatable {
    public var patient: PatientAttributes
    public var study: StudyAttributes
    /// One per distinct accession number, issuer, requested procedure and placer order; in their order.
    public var requests: [RequestAttributes]
    /// By series number, then UID; instances by instance number, then UID.
    public var series: [ReferencedSeries]
    /// Other patient identities that instances of this study claim: a study that has any is held.
    public var otherPatients: [PatientKey]
    /// Confidentiality Code (0040,1008) and Confidentiality Constraint on Patient Data Description (0040,3001) as the
    /// instances state them, each pair once, in order; an empty text stands for instances that state none.
    public var confidentialities: [String] = []
    /// Values of the attribute that marks instances whose quality assurance is not done, each once, in order.
    public var qualityAssuranceValues: [String] = []

    public init(
        patient: PatientAttributes, study: StudyAttributes, requests: [RequestAttributes] = [],
        series: [ReferencedSeries] = [], otherPatients: [PatientKey] = []
    ) {
        self.patient = patient
        self.study = study
        self.requests = requests
        self.series = series
        self.otherPatients = otherPatients
    }

    public var instanceCount: Int { series.reduce(0) { $0 + $1.instances.count } }

    /// An instance is a report: a text SR, or an encapsulated PDF or CDA document.
    public var hasReport: Bool {
        series.contains { $0.instances.contains { Self.reportClasses.contains($0.sopClassUID) } }
    }

    /// Basic Text, Enhanced, Comprehensive, Comprehensive 3D and Extensible SR, those of the trial, encapsulated PDF
    /// and CDA; no dose report, measurement, CAD result or key object.
    static let reportClasses: Set<SOPClassUID> = Set(
        ["88.11", "88.22", "88.33", "88.34", "88.35", "88.1", "88.3", "88.4", "104.1", "104.2"]
            .map { SOPClassUID("1.2.840.10008.5.1.4.1.1.\($0)") })
}

/// A series with its instances (PS3.3 Table 10-4).
public struct ReferencedSeries: Sendable, Hashable {
    public var seriesInstanceUID: SeriesUID
    public var modality = ""
    public var seriesNumber: Int?
    public var seriesDescription = ""
    /// YYYYMMDD or empty.
    public var seriesDate = ""
    public var seriesTime = ""
    public var bodyPartExamined = ""
    public var laterality = ""
    public var anatomicRegions: [Code] = []
    /// Who sent it: stands in for the retrieve AE title where a profile allows.
    public var callingAETitle: AETitle?
    /// Where the instances are to be asked for; a manifest chooses it.
    public internal(set) var retrieveAETitle: AETitle?
    public var instances: [ReferencedInstance]

    public init(seriesInstanceUID: SeriesUID, instances: [ReferencedInstance] = []) {
        self.seriesInstanceUID = seriesInstanceUID
        self.instances = instances
    }
}

/// A reference to an instance (PS3.3 Table 10-11), with what the profiles may say of it.
public struct ReferencedInstance: Sendable, Hashable {
    public var sopClassUID: SOPClassUID
    public var sopInstanceUID: InstanceUID
    public var valueType: ValueType
    public var instanceNumber: Int?
    public var numberOfFrames: Int?
    public var rows: Int?
    public var columns: Int?
    /// As received.
    public var transferSyntax: TransferSyntax?
    /// Title of a key object selection document listed as a key image note.
    public var documentTitle: Code?

    public init(sopClassUID: SOPClassUID, sopInstanceUID: InstanceUID, valueType: ValueType) {
        self.sopClassUID = sopClassUID
        self.sopInstanceUID = sopInstanceUID
        self.valueType = valueType
    }
}

extension ReferencedSeries: Comparable {
    /// By series number, those without one last; then by UID.
    public static func < (a: ReferencedSeries, b: ReferencedSeries) -> Bool {
        if a.seriesNumber != b.seriesNumber { return a.seriesNumber ?? Int.max < b.seriesNumber ?? Int.max }
        return a.seriesInstanceUID < b.seriesInstanceUID
    }
}

extension ReferencedInstance: Comparable {
    /// By instance number, those without one last; then by UID.
    public static func < (a: ReferencedInstance, b: ReferencedInstance) -> Bool {
        if a.instanceNumber != b.instanceNumber { return a.instanceNumber ?? Int.max < b.instanceNumber ?? Int.max }
        return a.sopInstanceUID < b.sopInstanceUID
    }
}
