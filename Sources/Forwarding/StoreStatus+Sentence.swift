import DICOM
import DICOMNetwork

extension StoreStatus {
    /// What the peer answered, for an operator.
    var sentence: String {
        let comment = errorComment.map { ", \"\($0)\"" } ?? ""
        let elements = offendingElements.map(\.description).joined(separator: ", ")
        let code = isSilent ? "without a status" : "\(status)"
        return "\(code)\(comment)" + (elements.isEmpty ? "" : ", offending \(elements)")
    }
}
