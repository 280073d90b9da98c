public import DICOM

/// Something that was decided while a manifest was made and that an operator may want to know; no fault.
public enum ManifestNote: Sendable, Hashable {
    /// Several accession numbers: which one became the study's (T4).
    case severalAccessionNumbers([String], chosen: String)
    /// Characters that the character set cannot state were written as others (T7).
    case transliterated(tag: Tag, text: String, written: String)
    /// A value that its VR does not allow was left out.
    case leftOut(tag: Tag, text: String)
    case shortened(tag: Tag, text: String)
    /// An attribute of one value has several; which one was taken.
    case severalValues(tag: Tag, taken: String, others: [String])
    /// Headers of the study disagree; which value was taken.
    case disagreement(tag: Tag, taken: String, others: [String])
    /// The value type of a class that no table knows was read off its header.
    case unknownClass(SOPClassUID, ValueType)
    /// The issuer of the Patient ID is the obsolete INS-C (T9).
    case obsoleteIssuer(String)
    /// A person has no identifier or no institution: only the name is stated.
    case personWithoutIdentifier(String)
    /// The author is no configured one, but the person of an attribute of the headers (T12).
    case author(source: Tag)
}

extension ManifestNote: CustomStringConvertible {
    public var description: String {
        switch self {
        case .severalAccessionNumbers(let all, let chosen):
            "Accession numbers \(all.joined(separator: ", ")): \(chosen.isEmpty ? "none" : chosen) is the study's."
        case .transliterated(let tag, let text, let written): "\(tag) '\(text)' is written '\(written)'."
        case .leftOut(let tag, let text): "\(tag) '\(text)' is not allowed by its VR and left out."
        case .shortened(let tag, let text): "\(tag) '\(text)' is longer than its VR allows and cut."
        case .severalValues(let tag, let taken, let others):
            "\(tag) has several values; '\(taken)' is taken, left out "
                + others.map { "'\($0)'" }.joined(separator: ", ")
                + "."
        case .disagreement(let tag, let taken, let others):
            "\(tag) is '\(taken)'; other headers say " + others.map { "'\($0)'" }.joined(separator: ", ") + "."
        case .unknownClass(let uid, let type): "\(uid) is no class of PS3.6; listed as \(type)."
        case .obsoleteIssuer(let oid): "The issuer of the Patient ID, \(oid), is INS-C, which is obsolete."
        case .personWithoutIdentifier(let name): "'\(name)' has no identifier or institution; only the name is stated."
        case .author(let tag): "The author is taken from \(tag) of the headers."
        }
    }
}
