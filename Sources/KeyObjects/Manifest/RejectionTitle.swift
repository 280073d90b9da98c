/// The four titles of rejection notes (IHE RAD TF-1 §34, platform spec 2.4.5); the raw value is the code, scheme DCM.
public enum RejectionTitle: String, Sendable, Hashable, CaseIterable {
    case quality = "113001"
    case patientSafety = "113037"
    case incorrectWorklistEntry = "113038"
    case retentionExpired = "113039"

    /// With the standard's meaning, to the letter: some receivers compare it.
    public var code: Code { Code(rawValue, "DCM", DocumentTitle.meaning(of: rawValue) ?? "") }
}
