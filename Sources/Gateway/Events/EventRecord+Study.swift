import DICOM
import Studies

extension EventRecord {
    /// The study that it is about, where it is about one.
    var study: StudyKey? {
        guard let uid = self["DICOM_STUDY_INSTANCE_UID"], let source = self["KOSGATE_SOURCE"] else { return nil }
        return StudyKey(source: source, studyInstanceUID: StudyUID(uid))
    }

    /// By what it counts as alike another one of its kind.
    var subject: String {
        if EventKind.outcomesOfStudies.contains(kind), let study = self["DICOM_STUDY_INSTANCE_UID"] { return study }
        return self["KOSGATE_DESTINATION"] ?? self["KOSGATE_PEER_ADDRESS"] ?? self["KOSGATE_SOURCE"] ?? ""
    }

    subscript(name: String) -> String? { fields.first { $0.name.description == name }?.value }

    /// So many alike were held back before it.
    func telling(_ suppressed: Int) -> EventRecord {
        guard suppressed > 0 else { return self }
        let held = "; \(suppressed) alike before it \(suppressed == 1 ? "was" : "were") not logged"
        return EventRecord(kind, message + held, fields + [.suppressed(suppressed)])
    }
}
