public import DICOM

/// The patient as the study's headers say (PS3.3 C.7.1.1). Empty strings mean absent; text is Unicode.
public struct PatientAttributes: Sendable, Hashable {
    public var patientName = ""
    public var patientID = ""
    public var issuerOfPatientID = ""
    /// Issuer of Patient ID Qualifiers Sequence (0010,0024), when it names an authority.
    public var issuerQualifiers: AssigningAuthority?
    /// Identifier Type Code (0040,0035) in the qualifiers, HL7 table 0203.
    public var identifierTypeCode = ""
    /// YYYYMMDD.
    public var patientBirthDate = ""
    /// M, F, O or empty.
    public var patientSex = ""
    public var patientComments = ""
    /// Other Patient IDs Sequence (0010,1002).
    public var otherPatientIDs: [OtherPatientID] = []

    public init() {}

    /// What tells one patient from another in one source: the identifier and who issued it.
    public var key: PatientKey {
        PatientKey(
            patientID: patientID, issuer: issuerOfPatientID,
            universalEntityID: issuerQualifiers?.universalEntityID ?? "")
    }
}

/// An item of Other Patient IDs Sequence (PS3.3 C.7.1.1).
public struct OtherPatientID: Sendable, Hashable {
    public var patientID: String
    public var issuerOfPatientID: String
    public var typeOfPatientID: String
    public var issuerQualifiers: AssigningAuthority?

    public init(
        patientID: String, issuerOfPatientID: String = "", typeOfPatientID: String = "TEXT",
        issuerQualifiers: AssigningAuthority? = nil
    ) {
        self.patientID = patientID
        self.issuerOfPatientID = issuerOfPatientID
        self.typeOfPatientID = typeOfPatientID
        self.issuerQualifiers = issuerQualifiers
    }
}
