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
