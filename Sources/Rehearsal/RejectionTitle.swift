/// Titles of rejection notes (platform spec 2.4.5), all of scheme DCM.
enum RejectionTitle: String, CaseIterable {
    case quality = "113001"
    case patientSafety = "113037"
    case incorrectWorklistEntry = "113038"
    case retentionExpired = "113039"

    var meaning: String {
        switch self {
        case .quality: "Rejected for Quality Reasons"
        case .patientSafety: "Rejected for Patient Safety Reasons"
        case .incorrectWorklistEntry: "Incorrect Modality Worklist Entry"
        case .retentionExpired: "Data Retention Policy Expired"
        }
    }
}
