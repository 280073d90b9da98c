import DICOM
import KeyObjects
import Spool
import Studies

/// A rejection note, as it came for one study.
struct NamingNote {
    let uid: InstanceUID
    let title: String
    let number: ArrivalNumber
    let attributes: InstanceAttributes
    let bytes: [UInt8]
    let references: Set<InstanceUID>
    /// Those of them that never came there.
    var strangers: Set<InstanceUID> = []
    let patient: PatientKey?
    let accessionNumber: String

    init(_ rejection: Rejection, number: ArrivalNumber, attributes: InstanceAttributes, bytes: [UInt8]) {
        uid = rejection.note
        title = rejection.title
        self.number = number
        self.attributes = attributes
        self.bytes = bytes
        references = Set(rejection.references)
        patient = rejection.patient
        accessionNumber = rejection.accessionNumber
    }
}

/// What a note of another study says of the one under which it was filed.
struct StrayDocument {
    let uid: InstanceUID
    /// The code of its title.
    let title: String
    let bytes: [UInt8]
    let attributes: InstanceAttributes
    /// When it was, seconds since 1970-01-01T00:00:00Z.
    let at: Int64
}

/// A note that means instances of another study, or of the same one from another source: a SOP Instance UID is one
/// instance, whatever study a note files it under.
struct StrayNote {
    /// Where its instances are.
    let study: StudyEntry
    /// The note names the instances, but under another patient: then it is told, and not applied.
    let isContradicted: Bool
    let count: Int
    let uid: InstanceUID
    /// The code of its title.
    let title: String
    /// It came from another source of the study.
    let isSameStudy: Bool
    let arrival: Arrival

    /// Nil: it means nothing of that study, or was applied there.
    /// - Parameter excerpts: what the note says of single instances, asked for where that is filed.
    init?(
        _ note: NamingNote, of origin: StudyEntry, for study: StudyEntry, _ replay: StudyReplay, in spool: Spool,
        _ excerpts: (NamingNote) -> RejectionExcerpts?
    ) throws(SpoolError) {
        isSameStudy = origin.uid == study.uid
        // What one source keeps no longer another one may; what is wrong with an instance is wrong with every copy.
        let isOfEveryCopy = isSameStudy && note.title != RejectionTitle.retentionExpired.rawValue
        // What it named and what came only after it was filed here, it means as well.
        let meant = (isOfEveryCopy ? note.references : note.strangers)
            .intersection(replay.shown).subtracting(replay.applied[note.uid] ?? [])
        guard !meant.isEmpty else { return nil }
        let denied = meant.filter { replay.denies(note.patient, $0) }
        self.study = study
        (uid, title) = (note.uid, note.title)
        isContradicted = isSameStudy ? !denied.isEmpty : denied.count == meant.count
        count = isContradicted ? denied.count : meant.count
        var attributes = note.attributes
        var header = note.bytes
        if !isSameStudy {
            // Soon after the instances, before them, or with another accession number, it may be the study that they
            // were moved from that it names.
            let isOfTheirOrder = meant.allSatisfy { uid in
                let number = replay.register.status(of: uid)?.copy?.accessionNumber ?? ""
                return number.isEmpty || note.accessionNumber.isEmpty || number == note.accessionNumber
            }
            let isLate = try Self.isLate(note, replay, in: spool)
            attributes.kind = isOfTheirOrder && isLate ? .strayNote : .strayNoteOfFormerCopies
            // The whole of it would be read with each of hundreds of studies.
            if !isContradicted, let excerpts = excerpts(note) {
                header = excerpts.excerpt(of: note.strangers.filter(replay.mentions), in: StudyUID(origin.uid))
                attributes.transferSyntax = RejectionExcerpts.transferSyntax
            }
        }
        arrival = Arrival(
            source: study.source, study: study.uid, series: InstanceAttributes.documentSeries(of: study.uid),
            attributes: attributes.text, header: header, receivedAt: .now, withholdsImages: true)
    }

    /// What is told of one that is not applied.
    var contradiction: String {
        "rejection note \(uid) names \(counted(count, "instance")) of it under another patient: it is not applied here. "
            + "If they must go: kosgate withdraw, or a note of this patient"
    }

    /// The study's instances had come well before the note.
    private static func isLate(
        _ note: NamingNote, _ replay: StudyReplay, in spool: Spool
    ) throws(SpoolError) -> Bool {
        guard note.number > replay.through else { return false }
        // Times are known to a minute.
        if replay.register.settings.raceWindow <= 0 { return true }
        guard let noted = try spool.receivedAt(note.number),
            let stored = try spool.receivedAt(replay.through)
        else { return false }
        let (span, hasOverflown) = noted.milliseconds.subtractingReportingOverflow(stored.milliseconds)
        return !hasOverflown && span / 1000 > replay.register.settings.raceWindow
    }
}
