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

/// A patient identifier with its issuer: two instances of one study with different keys are never mixed.
public struct PatientKey: Sendable, Hashable, Comparable, CustomStringConvertible {
    public var patientID: String
    public var issuer: String
    public var universalEntityID: String

    public init(patientID: String, issuer: String = "", universalEntityID: String = "") {
        self.patientID = patientID
        self.issuer = issuer
        self.universalEntityID = universalEntityID
    }

    /// Neither denies the other: same identifier, and where both name an issuer it is the same one.
    public func isCompatible(with other: PatientKey) -> Bool {
        patientID == other.patientID
            && (issuer.isEmpty || other.issuer.isEmpty || issuer == other.issuer)
            && (universalEntityID.isEmpty || other.universalEntityID.isEmpty
                || universalEntityID == other.universalEntityID)
    }

    public static func < (a: PatientKey, b: PatientKey) -> Bool {
        (a.patientID, a.issuer, a.universalEntityID) < (b.patientID, b.issuer, b.universalEntityID)
    }

    /// As kept in a record: three lines, from which `init(record:)` makes it again.
    public var record: String {
        [issuer, universalEntityID, patientID].map { $0.replacing("\n", with: " ") }.joined(separator: "\n")
    }

    /// Nil when the text is no record of this format.
    public init?(record: String) {
        let lines = record.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count == 3 else { return nil }
        self.init(patientID: lines[2], issuer: lines[0], universalEntityID: lines[1])
    }

    /// HL7's way: `ID^^^issuer&OID&ISO`.
    public var description: String {
        let authority = universalEntityID.isEmpty ? issuer : "\(issuer)&\(universalEntityID)&ISO"
        return authority.isEmpty ? patientID : "\(patientID)^^^\(authority)"
    }
}
