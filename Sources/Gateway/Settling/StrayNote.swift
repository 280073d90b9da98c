import DICOM
import Spool
import Studies

/// A rejection note of a study, or from a source, in which some instances that it names never came.
struct MisplacedNote {
    let uid: InstanceUID
    let number: ArrivalNumber
    let attributes: InstanceAttributes
    let bytes: [UInt8]
    /// The instances that never came there.
    var references: Set<InstanceUID>
    let patient: PatientKey?
    let accessionNumber: String
}

/// A misplaced note that means instances of another study: a SOP Instance UID is one instance, whatever study a note
/// files it under.
struct StrayNote {
    /// Where the note is.
    let origin: StudyEntry
    /// Where its instances are.
    let study: StudyEntry
    /// The note names the instances, but not as they are: another patient, or another accession number. Then it is told,
    /// and not applied.
    let isContradicted: Bool
    let count: Int
    private let uid: InstanceUID
    let arrival: Arrival

    /// Nil: it means nothing of that study, or is known there.
    init?(
        _ note: MisplacedNote, of origin: StudyEntry, for study: StudyEntry, _ replay: StudyReplay, in spool: Spool
    ) throws(SpoolError) {
        let meant = note.references.intersection(replay.listed)
        guard !meant.isEmpty, !replay.documents.contains(note.uid) else { return nil }
        self.origin = origin
        self.study = study
        uid = note.uid
        count = meant.count
        isContradicted = meant.contains { uid in
            guard let copy = replay.register.status(of: uid)?.copy else { return false }
            return note.patient.map { !$0.isCompatible(with: copy.patient) } ?? false
                || !note.accessionNumber.isEmpty && !copy.accessionNumber.isEmpty
                    && note.accessionNumber != copy.accessionNumber
        }
        var attributes = note.attributes
        if origin.uid != study.uid {
            // Soon after the instances, or before them, it may be the study that they were moved from that it names.
            let isLate = try Self.isLate(note, replay, in: spool)
            attributes.kind = isLate ? .strayNote : .strayNoteOfFormerCopies
        }
        arrival = Arrival(
            source: study.source, study: study.uid, series: InstanceAttributes.documentSeries(of: study.uid),
            attributes: attributes.text, header: note.bytes, receivedAt: .now, withholdsImages: true)
    }

    /// What is told of one that is not applied.
    var contradiction: String {
        "rejection note \(uid) names \(count) instances that study \(study.uid) has, under another patient or accession "
            + "number: it is not applied there. If they must go: kosgate withdraw, or a note of that study"
    }

    /// The study's instances had come well before the note.
    private static func isLate(
        _ note: MisplacedNote, _ replay: StudyReplay, in spool: Spool
    ) throws(SpoolError) -> Bool {
        guard note.number > replay.through, let noted = try spool.receivedAt(note.number),
            let stored = try spool.receivedAt(replay.through)
        else { return false }
        let (span, hasOverflown) = noted.milliseconds.subtractingReportingOverflow(stored.milliseconds)
        return !hasOverflown && span / 1000 > replay.register.settings.raceWindow
    }
}
