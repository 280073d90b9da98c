import KeyObjects

extension RejectionTitle {
    /// As the platform's specification writes it (2.4.5).
    var meaning: String {
        switch self {
        case .quality: "Rejected for Quality Reasons"
        case .patientSafety: "Rejected for Patient Safety Reasons"
        case .incorrectWorklistEntry: "Incorrect Modality Worklist Entry"
        case .retentionExpired: "Data Retention Policy Expired"
        }
    }
}
