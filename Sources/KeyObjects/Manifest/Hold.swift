public import DICOM

/// Why a study cannot give a legal manifest: it is held until what is said here is cured.
public enum Hold: Sendable, Hashable {
    case patientNameMissing
    case patientIDMissing
    /// Not stated with name and OID, and no default; the name found.
    case issuerOfPatientIDMissing(found: String)
    case patientBirthDateMissing(found: String)
    case accessionNumberMissing
    case studyDateMissing
    case retrieveAETitleMissing
    case retrieveLocationUIDMissing
    /// A text that the manifest's character set cannot state; the characters in question.
    case notEncodable(tag: Tag, text: String, characters: [String])
    /// A value that its VR cannot hold, and that must not be shortened.
    case invalidValue(tag: Tag, text: String)
    case invalidUID(tag: Tag, text: String)
    case twoPatients([PatientKey])
    case noListableInstance
    /// Neither the source's default nor a known one: the name found and the OID, either may be empty.
    case unknownIssuer(found: String, universalEntityID: String)
    case patientIDPattern(found: String)
    case recipientsMissing
    /// The values that instances state; empty: none.
    case confidentialityMixed([String])
    /// An instance is marked as one whose quality assurance is not done.
    case qualityAssurance(tag: Tag, value: String)
    case reportMissing
    /// A test identity in production, or the reverse: the OID of its issuer.
    case wrongEnvironment(universalEntityID: String, expected: ManifestSettings.Environment)
}

/// Every reason at once, so that an operator cures them in one go.
public struct HoldReasons: Error, Sendable, Equatable {
    public let holds: [Hold]
}

extension Hold {
    /// A stable word for machines.
    public var code: String {
        switch self {
        case .patientNameMissing: "patient-name-missing"
        case .patientIDMissing: "patient-id-missing"
        case .issuerOfPatientIDMissing: "issuer-of-patient-id-missing"
        case .patientBirthDateMissing: "birth-date-missing"
        case .accessionNumberMissing: "accession-number-missing"
        case .studyDateMissing: "study-date-missing"
        case .retrieveAETitleMissing: "retrieve-ae-title-missing"
        case .retrieveLocationUIDMissing: "retrieve-location-uid-missing"
        case .notEncodable: "not-encodable"
        case .invalidValue: "invalid-value"
        case .invalidUID: "invalid-uid"
        case .twoPatients: "two-patients"
        case .noListableInstance: "no-listable-instance"
        case .unknownIssuer: "unknown-issuer"
        case .patientIDPattern: "patient-id-pattern"
        case .recipientsMissing: "recipients-missing"
        case .confidentialityMixed: "confidentiality-mixed"
        case .qualityAssurance: "quality-assurance"
        case .reportMissing: "report-missing"
        case .wrongEnvironment: "wrong-environment"
        }
    }

    /// The attribute in question.
    public var tag: Tag? {
        switch self {
        case .patientNameMissing: Tag(0x0010, 0x0010)
        case .patientIDMissing, .twoPatients, .patientIDPattern: Tag(0x0010, 0x0020)
        case .issuerOfPatientIDMissing, .unknownIssuer, .wrongEnvironment: Tag(0x0010, 0x0021)
        case .patientBirthDateMissing: Tag(0x0010, 0x0030)
        case .accessionNumberMissing: Tag(0x0008, 0x0050)
        case .studyDateMissing: Tag(0x0008, 0x0020)
        case .retrieveAETitleMissing: Tag(0x0008, 0x0054)
        case .retrieveLocationUIDMissing: Tag(0x0040, 0xE011)
        case .recipientsMissing: Tag(0x0008, 0x1060)
        case .confidentialityMixed: Tag(0x0040, 0x1008)
        case .notEncodable(let tag, _, _), .invalidValue(let tag, _), .invalidUID(let tag, _),
            .qualityAssurance(let tag, _):
            tag
        case .noListableInstance, .reportMissing: nil
        }
    }

    /// A legal manifest exists all the same: an operator may decide to publish it.
    public var isReleasable: Bool {
        switch self {
        case .unknownIssuer(_, let universalEntityID): !universalEntityID.isEmpty
        case .patientIDPattern, .recipientsMissing, .confidentialityMixed, .qualityAssurance, .reportMissing: true
        case .patientNameMissing, .patientIDMissing, .issuerOfPatientIDMissing, .patientBirthDateMissing,
            .accessionNumberMissing, .studyDateMissing, .retrieveAETitleMissing, .retrieveLocationUIDMissing,
            .notEncodable, .invalidValue, .invalidUID, .twoPatients, .noListableInstance, .wrongEnvironment:
            false
        }
    }

    /// What is wrong, as one sentence.
    public var reason: String {
        switch self {
        case .patientNameMissing: "No header of the study has a Patient's Name."
        case .patientIDMissing: "No header of the study has a Patient ID."
        case .issuerOfPatientIDMissing(let found):
            found.isEmpty
                ? "The headers do not say who issued the Patient ID, and the source has no default issuer with an OID."
                : "The headers name '\(found)' as issuer of the Patient ID, whose OID is not known."
        case .patientBirthDateMissing(let found):
            found.isEmpty
                ? "No header of the study has a Patient's Birth Date."
                : "The Patient's Birth Date '\(found)' is not a date."
        case .accessionNumberMissing: "No header of the study has an Accession Number."
        case .studyDateMissing: "No header of the study has a study, series, acquisition or content date."
        case .retrieveAETitleMissing: "The source has no Retrieve AE Title."
        case .retrieveLocationUIDMissing: "The source has no Retrieve Location UID."
        case .notEncodable(let tag, let text, let characters):
            "\(tag) '\(text)' has characters that ISO_IR 100 cannot write: \(characters.joined(separator: " "))."
        case .invalidValue(let tag, let text):
            "\(tag) '\(text)' is longer than its VR allows or has forbidden characters."
        case .invalidUID(let tag, let text): "\(tag) '\(text)' is not a UID (PS3.5 §9.1)."
        case .twoPatients(let keys):
            "Instances of this study belong to different patients: "
                + keys.prefix(5).map(\.description).joined(separator: ", ") + (keys.count > 5 ? "…" : ".")
        case .noListableInstance: "The study has no instance that may be listed."
        case .unknownIssuer(let found, let oid):
            "The issuer of the Patient ID, \([found, oid].filter { !$0.isEmpty }.joined(separator: ", ")), "
                + "is neither the source's default nor a known one."
        case .patientIDPattern(let found): "The Patient ID '\(found)' does not match patient_id_pattern."
        case .recipientsMissing: "A first submission names its recipients, and none is configured."
        case .confidentialityMixed(let values):
            "Instances of this study differ in confidentiality: "
                + values.prefix(5).map { $0.isEmpty ? "none" : "'\($0)'" }.joined(separator: ", ")
                + (values.count > 5 ? "…" : ".")
        case .qualityAssurance(let tag, let value):
            "An instance has \(tag) '\(value)': its quality assurance is not done."
        case .reportMissing: "The study is published with its report, and no report has come."
        case .wrongEnvironment(let oid, let expected):
            switch expected {
            case .production: "The Patient ID is a test identity (issuer \(oid)), and this gateway is in production."
            case .test: "The Patient ID is a real identity (issuer \(oid)), and this gateway is for tests."
            }
        }
    }

    /// What an operator can do about it, as one sentence.
    public var remedy: String {
        switch self {
        case .patientNameMissing, .patientIDMissing, .patientBirthDateMissing:
            "Correct the patient in the PACS and send the study again."
        case .issuerOfPatientIDMissing:
            "Set the source's issuer_of_patient_id in the configuration, with its OID, and start again."
        case .accessionNumberMissing: "Link the study to its request in the PACS and send it again."
        case .studyDateMissing: "Give the study a date in the PACS and send it again."
        case .retrieveAETitleMissing: "Set the source's retrieve_ae_title in the configuration and start again."
        case .retrieveLocationUIDMissing: "Set the source's retrieve_location_uid in the configuration and start again."
        case .notEncodable:
            "Correct the text in the PACS, or set character_set under [manifest] if the platform takes UTF-8."
        case .invalidValue, .invalidUID: "Correct the value in the PACS or the modality and send the study again."
        case .twoPatients: "Correct the wrong instances in the PACS: reject them, or send them again."
        case .noListableInstance:
            "Send the study's images, or review references and exclude_sop_classes under [manifest]."
        case .unknownIssuer:
            "Add the issuer to the known issuers with its OID, correct the patient in the PACS, or release the study."
        case .patientIDPattern: "Correct the patient in the PACS, review patient_id_pattern, or release the study."
        case .recipientsMissing: "Configure the recipients under [manifest], or release the study."
        case .confidentialityMixed:
            "Correct the confidentiality in the PACS, set mixed_confidentiality, or release the study."
        case .qualityAssurance: "Finish the quality assurance in the PACS and send the study again, or release it."
        case .reportMissing: "Send the report as SR, PDF or CDA, or release the study."
        case .wrongEnvironment: "Correct the patient in the PACS, or the environment in the configuration."
        }
    }
}
