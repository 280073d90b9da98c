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
        }
    }

    /// The attribute in question.
    public var tag: Tag? {
        switch self {
        case .patientNameMissing: Tag(0x0010, 0x0010)
        case .patientIDMissing, .twoPatients: Tag(0x0010, 0x0020)
        case .issuerOfPatientIDMissing: Tag(0x0010, 0x0021)
        case .patientBirthDateMissing: Tag(0x0010, 0x0030)
        case .accessionNumberMissing: Tag(0x0008, 0x0050)
        case .studyDateMissing: Tag(0x0008, 0x0020)
        case .retrieveAETitleMissing: Tag(0x0008, 0x0054)
        case .retrieveLocationUIDMissing: Tag(0x0040, 0xE011)
        case .notEncodable(let tag, _, _), .invalidValue(let tag, _), .invalidUID(let tag, _): tag
        case .noListableInstance: nil
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
        }
    }
}
