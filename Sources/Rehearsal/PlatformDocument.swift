import DICOM
import KeyObjects

/// A Key Object Selection document as the simulated platform received it.
struct PlatformDocument: Hashable {
    typealias Kind = AcceptanceSheet.Document.Kind

    var kind: Kind
    var sopInstanceUID: InstanceUID
    var studyInstanceUID: StudyUID
    var patientID: String
    var accessionNumber: String
    /// Instance Number (0020,0013) of a manifest.
    var version: Int?
    var title: String
    var meaning: String
    var references: Set<InstanceUID>
    /// Physicians Reading Study are named.
    var hasRecipients: Bool
    /// What `kosgate check` finds wrong.
    var errors: [String]
    var dataSet: [UInt8]
}

extension PlatformDocument {
    init(_ bytes: [UInt8], transferSyntax: TransferSyntax, profile: ManifestProfile) throws(ParseError) {
        let dataSet = try DataSet(parsing: bytes, transferSyntax: transferSyntax)
        let document = KeyObjectDocument(dataSet)
        kind =
            switch document.kind {
            case .manifest: .manifest
            case .rejectionNote: .rejectionNote
            case .keyImageNote: .other
            }
        sopInstanceUID = document.sopInstanceUID ?? InstanceUID("")
        studyInstanceUID = document.studyInstanceUID ?? StudyUID("")
        patientID = document.patient.patientID
        accessionNumber = document.accessionNumber
        version = dataSet.int(.instanceNumber)
        title = document.title?.value ?? ""
        meaning = document.title?.meaning ?? ""
        references = Set(document.evidence.map(\.sopInstanceUID))
        hasRecipients = dataSet.string(.nameOfPhysiciansReadingStudy) != nil
        errors = Judgement(of: dataSet, profile: profile).findings.filter { $0.severity == .error }.map(\.reason)
        if references != Set(document.references.map(\.sopInstanceUID)) {
            errors.append("Its evidence and its content name different instances.")
        }
        self.dataSet = bytes
    }
}
