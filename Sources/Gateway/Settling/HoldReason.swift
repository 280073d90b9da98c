import DICOM
import KeyObjects

/// Why a study is held, for the log: without the patient's identity, unless the configuration wants it.
struct HoldReason: Equatable, Sendable {
    /// A stable word for machines.
    let code: String
    let reason: String
    let remedy: String

    /// An operator may publish all the same.
    var isReleasable = false

    /// What a release of it lets pass, where that is less than all that has its code: words for the decision.
    var passes: Set<String> = []

    static let nothingRead = HoldReason(.noListableInstance, withIdentity: false)

    init(code: String, reason: String, remedy: String, isReleasable: Bool = false) {
        self.code = code
        self.reason = reason
        self.remedy = remedy
        self.isReleasable = isReleasable
    }

    private init(_ hold: Hold, count: Int = 1, withIdentity: Bool) {
        // Said within a sentence of the log, so without its own full stop.
        let sentence = withIdentity ? hold.reason : hold.reasonWithoutIdentity
        let reason = String(sentence.dropLast(sentence.hasSuffix(".") ? 1 : 0))
        self.init(
            code: hold.code, reason: count > 1 ? "\(reason), and \(count - 1) more" : reason, remedy: hold.remedy,
            isReleasable: hold.isReleasable)
    }

    /// One for each kind and attribute, in order, however many values are wrong alike.
    static func reasons(_ holds: [Hold], withIdentity: Bool) -> [HoldReason] {
        var order: [Hold] = []
        var counts: [String: Int] = [:]
        for hold in holds {
            let kind = "\(hold.code) \(hold.tag?.description ?? "")"
            if counts[kind] == nil { order.append(hold) }
            counts[kind, default: 0] += 1
        }
        return order.map { hold in
            let count = counts["\(hold.code) \(hold.tag?.description ?? "")"] ?? 1
            return HoldReason(hold, count: count, withIdentity: withIdentity)
        }
    }
}

extension Hold {
    /// Names the attribute and not its value, where the value may identify the patient.
    fileprivate var reasonWithoutIdentity: String {
        switch self {
        case .patientBirthDateMissing(let found):
            found.isEmpty ? reason : "the Patient's Birth Date is not a date"
        case .notEncodable(let tag, _, let characters):
            "\(tag) has characters that ISO_IR 100 cannot write: \(characters.joined(separator: " "))"
        case .invalidValue(let tag, _): "the value of \(tag) is longer than its VR allows or has forbidden characters"
        case .twoPatients(let keys): "instances of this study belong to \(keys.count) different patients"
        case .patientIDPattern: "the Patient ID does not match patient_id_pattern"
        case .confidentialityMixed(let values):
            "instances of this study differ in confidentiality: \(values.count) different statements"
        case .qualityAssurance(let tag, _): "an instance has \(tag), by which its quality assurance is not done"
        case .patientNameMissing, .patientIDMissing, .issuerOfPatientIDMissing, .accessionNumberMissing,
            .studyDateMissing, .retrieveAETitleMissing, .retrieveLocationUIDMissing, .invalidUID, .noListableInstance,
            .unknownIssuer, .recipientsMissing, .reportMissing, .wrongEnvironment:
            reason
        }
    }
}

extension ManifestNote {
    /// For the log: names the attribute and not its value, where the value may identify the patient.
    var withoutIdentity: String {
        switch self {
        case .transliterated(let tag, _, _):
            "\(tag) has characters that the manifest cannot state; they are written as others"
        case .leftOut(let tag, _): "the value of \(tag) is not allowed by its VR and left out"
        case .shortened(let tag, _): "the value of \(tag) is longer than its VR allows and cut"
        case .severalValues(let tag, _, let others):
            "\(tag) has \(others.count + 1) values; the first is taken"
        case .disagreement(let tag, _, _): "the headers disagree about \(tag); the first value is taken"
        case .personWithoutIdentifier: "a person has no identifier or institution; only the name is stated"
        case .severalAccessionNumbers(let all, let chosen):
            "it has \(all.count) accession numbers; \(chosen.isEmpty ? "none" : "one") stands for all"
        case .unknownClass, .obsoleteIssuer, .author: description
        }
    }
}
