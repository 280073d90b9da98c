import DICOM
import KeyObjects
import Studies

/// Something that came for a study and that an operator should know, without the patient's identity.
enum StudyRemark: Hashable {
    case addition(String)
    case life(Remark)
    /// A key object selection document that cannot be read: what it rejects or lists is not known.
    case unreadableDocument
    /// Of this SOP Instance UID and title.
    case noteWithoutReferences(InstanceUID, title: String)
    /// A note that names another study was applied to this one, which has the instances.
    case noteOfAnotherStudy(InstanceUID, title: String, named: StudyUID, count: Int)
    case manifestOfPACS(InstanceUID, references: Int)
    /// Its own Study Instance UID is another one than its evidence names.
    case manifestUnderOtherStudy(StudyUID)
    /// References that the PACS's former manifest had, that no note rejects and that are no longer there.
    case manifestShortened(count: Int)
    /// Instances that came and that the PACS's manifest does not list.
    case manifestLacks(count: Int)
}

extension StudyRemark: CustomStringConvertible {
    var description: String {
        switch self {
        case .addition(let words): words
        case .life(let remark): remark.words
        case .unreadableDocument:
            "a key object selection document came that cannot be read; what it rejects or lists is not known. "
                + "Send it again from the PACS"
        case .noteWithoutReferences(let uid, let title):
            "rejection note \(uid) (\(title)) names no instance: it rejects nothing. Send it again from the PACS, "
                + "or kosgate withdraw"
        case .noteOfAnotherStudy(let uid, let title, let named, let count):
            "rejection note \(uid) (\(title)) is of study \(named), but names \(counted(count, "instance")) of this one: it is "
                + "applied here. Correct the PACS: a note names the study of its instances"
        case .manifestOfPACS(let uid, let references):
            "the PACS sent a manifest of its own, \(uid), with \(counted(references, "reference"))"
        case .manifestUnderOtherStudy(let uid):
            "the PACS's manifest says that it is of study \(uid), but lists instances of this one: it is taken for this "
                + "one's. Correct the PACS: both must be the same"
        case .manifestShortened(let count):
            "\(counted(count, "reference")) of the PACS's former manifest vanished without a rejection note; "
                + "reject them in the PACS if they are not to be shown"
        case .manifestLacks(let count): "\(counted(count, "instance")) that came are not in the PACS's manifest"
        }
    }
}

extension StudyRemark {
    /// One for each, in order; what is said of many instances alike is said once.
    static func lines(_ remarks: [StudyRemark]) -> [String] {
        var order: [StudyRemark] = []
        var counts: [StudyRemark: Int] = [:]
        for remark in remarks {
            let kind = remark.kind
            if counts[kind] == nil { order.append(remark) }
            counts[kind, default: 0] += 1
        }
        return order.map { remark in
            let others = (counts[remark.kind] ?? 1) - 1
            return others == 0 ? remark.description : "\(remark) (and so of \(others) more)"
        }
    }

    /// The same for all instances.
    private var kind: StudyRemark {
        guard case .life(.rejectedInstanceCame(_, let title, let outcome)) = self else { return self }
        return .life(.rejectedInstanceCame(InstanceUID(""), title: title, outcome: outcome))
    }
}

extension Remark {
    fileprivate var words: String {
        switch self {
        case .noteOfUnknownInstances(let note, let title, let count):
            "rejection note \(note) (\(title)) names \(counted(count, "instance")) that did not come for this study; "
                + "they will not be listed in it"
        case .sameNoteOtherContent(let note):
            "rejection note \(note) came again with other content; both were applied. "
                + "Ask the PACS's maker: one UID, one document"
        case .noteIgnored(let note, let title): "rejection note \(note) is ignored, as configured for \(title)"
        case .noteMeansEarlierCopies(let note, let title, let count, let outcome):
            "rejection note \(note) (\(title)) means the earlier copies of \(counted(count, "instance")); "
                + "their later copies are \(outcome.words)"
        case .noteRejectsNote(let note):
            "rejection note \(note) was itself rejected; what it rejected stays so until it is released: kosgate release"
        case .noteRejectsDocument(let uid): "the PACS's manifest \(uid) was rejected and is no longer used"
        case .rejectedInstanceCame(let instance, let title, let outcome):
            "instance \(instance) came again after it was rejected (\(title)): \(outcome.words)"
        case .released(let count): "an operator released \(counted(count, "instance"))"
        case .withdrawn(let title, let count): "an operator withdrew \(counted(count, "instance")) (\(title))"
        }
    }
}

extension Remark.Outcome {
    fileprivate var words: String {
        switch self {
        case .refused: "not listed, as configured"
        case .quarantined: "kept out of the manifest until they are released: kosgate release"
        case .accepted: "listed"
        }
    }
}

extension ManifestBuilder.Addition {
    /// What an operator should know of it, without the patient's identity; nil: nothing.
    var remark: StudyRemark? {
        switch self {
        case .listed, .unchanged: nil
        case .changed(let series):
            .addition(
                "an instance came again with another header; the newest is listed"
                    + (series.map { " (it was in series \($0) before)" } ?? ""))
        case .excluded(.notOfAPatient(let sopClass)):
            .addition("an instance of class \(sopClass) belongs to no study; it is not listed")
        case .excluded(.rejectionNote), .excluded(.manifest): nil
        case .unusable(let defect): .addition("an instance cannot be listed: \(defect.words)")
        }
    }
}

extension ManifestBuilder.Defect {
    fileprivate var words: String {
        switch self {
        case .missing(let tag): "its header has no \(tag)"
        case .otherStudy(let uid): "its header names another study, \(uid)"
        case .notStorage(let uid): "its class \(uid) is not for storage"
        }
    }
}
