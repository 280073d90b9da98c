public import DICOM

/// What tells one copy of an instance from another copy with the same SOP Instance UID.
public struct Fingerprint: Hashable, Sendable {
    public var patient: PatientKey
    public var accessionNumber: String
    public var series: SeriesUID
    public var sopClass: SOPClassUID
    /// A hash of the whole header.
    public var header: UInt64

    public init(
        patient: PatientKey, accessionNumber: String, series: SeriesUID, sopClass: SOPClassUID, header: UInt64
    ) {
        self.patient = patient
        self.accessionNumber = accessionNumber
        self.series = series
        self.sopClass = sopClass
        self.header = header
    }
}
