import Associations
import DICOM
import DICOMNetwork
import KeyObjects
import Spool
import Studies

extension ImageIntake {
    /// Stores what came, and with it what is to be sent on; all of it is durable when this returns, or nothing is.
    /// - Returns: success, or a warning that its image is not kept and never will be.
    func store(
        _ arrivals: [Arrival], of instance: ReceivedInstance, _ filing: Filing, from source: Configuration.Source
    ) throws(SpoolError) -> StoreStatus {
        switch filing.kind {
        case .instance: return try storeImage(arrivals, of: instance, from: source)
        case .rejectionNote, .excerpt, .strayNote, .strayNoteOfFormerCopies:
            instance.imageTaker?.letGo()
            try storeNote(arrivals, of: instance, filing, from: source)
        case .manifest, .adopted, .decision:
            instance.imageTaker?.letGo()
            try spool.store(arrivals)
        }
        return .success
    }

    private func storeImage(
        _ arrivals: [Arrival], of instance: ReceivedInstance, from source: Configuration.Source
    ) throws(SpoolError) -> StoreStatus {
        var arrivals = arrivals
        let wanting = instance.imageTaker?.destinations(instance.capture) ?? []
        guard let taker = instance.imageTaker, let arrival = arrivals.first, !wanting.isEmpty else {
            instance.imageTaker?.letGo()
            try spool.store(arrivals)
            return .success
        }
        let omissions = drained(instance, wanting)
        arrivals[0].omissions = omissions
        let destinations = wanting.filter { name in !omissions.contains { $0.destination == name } }
        guard !destinations.isEmpty else {
            taker.letGo()
            try spool.store(arrivals)
            return .success
        }
        let file: ImageFile
        do throws(SpoolError) {
            file = try taker.finish()
        } catch {
            let mayShrink = taker.isCompressed ?? (setting != .none)
            taker.letGo()
            guard let reason = neverHasRoom(instance, error, mayShrink: mayShrink) else { throw error }
            return try omit(&arrivals, of: instance, destinations, reason)
        }
        note(file, instance.sopClassUID, instance.transferSyntax)
        let key = StudyKey(source: source.name, studyInstanceUID: StudyUID(arrival.study))
        let isWithheld = try caution.begin(key)
        defer { caution.end(key, isWithheld: isWithheld) }
        arrivals[0].image = QueuedImage(
            file: file, instance: instance.sopInstanceUID.text, sopClass: instance.sopClassUID.text,
            transferSyntax: instance.transferSyntax.text, destinations: destinations, isUrgent: source.isUrgent,
            isWithheld: isWithheld)
        try spool.store(arrivals)
        if !isWithheld { wake(destinations, isUrgent: source.isUrgent) }
        return .success
    }

    /// A rejection note follows the images of every study that it is filed under. Neither it nor one of these leaves before
    /// the study is settled, which tells the copies that it means; nor one of the same study from another source: the note may mean every copy.
    private func storeNote(
        _ arrivals: [Arrival], of instance: ReceivedInstance, _ filing: Filing, from source: Configuration.Source
    ) throws(SpoolError) {
        let isIgnored = source.settings.ignoredRejections.contains { $0.rawValue == filing.title }
        var keys = arrivals.map { StudyKey(source: source.name, studyInstanceUID: StudyUID($0.study)) }
        for arrival in arrivals { keys += try spool.studies(uid: arrival.study).map(StudyKey.init) }
        try caution.note(keys) { () throws(SpoolError) in
            var arrivals = arrivals
            for index in arrivals.indices {
                arrivals[index].withholdsImages = true
                guard !isIgnored, !rules.takingNotes.isEmpty, try mayBeElsewhere(arrivals[index]) else { continue }
                arrivals[index].image = try barrier(
                    instance.sopInstanceUID, instance.capture.header, instance.transferSyntax, from: source,
                    calling: instance.association.calling, isWithheld: true)
            }
            try spool.store(arrivals)
        }
        wake(rules.takingNotes)
        guard !isIgnored else { return }
        for arrival in arrivals {
            guard let study = try study(of: arrival) else { continue }
            try tellForgotten(
                study, StudyKey(source: source.name, studyInstanceUID: StudyUID(arrival.study)),
                title: filing.title ?? "")
        }
    }

    /// A note that means another source's copy of its study: it follows what was sent of that one too.
    func following(_ note: StrayNote, from source: Configuration.Source) throws(SpoolError) -> Arrival {
        var arrival = note.arrival
        let isIgnored = source.settings.ignoredRejections.contains { $0.rawValue == note.title }
        guard note.isSameStudy, !isIgnored, !rules.takingNotes.isEmpty, try mayBeElsewhere(arrival) else {
            return arrival
        }
        let attributes = InstanceAttributes(text: arrival.attributes)
        arrival.image = try barrier(
            note.uid, arrival.header, attributes.syntaxOfHeader, from: source, calling: attributes.callingAETitle,
            isWithheld: true)
        return arrival
    }

    /// Destinations that were sent images of the study and are no longer configured: no note reaches them.
    func tellForgotten(
        _ study: StudyEntry.ID, _ key: StudyKey, title: String, notes: Int = 1
    ) throws(SpoolError) {
        let forgotten = try spool.imageLineages(of: study).subtracting(rules.names).sorted()
        guard !forgotten.isEmpty else { return }
        tellMissing(study, key, title: title, notes: notes, at: forgotten, "it is no longer configured")
    }

    /// No note reaches these, which may show what was rejected: in the log, and in the history of the study.
    func tellMissing(
        _ study: StudyEntry.ID, _ key: StudyKey, title: String, notes: Int = 1, at destinations: [String],
        _ reason: String
    ) {
        tell(.noteMissing(key, title: title, destinations: destinations, reason: reason))
        let lines = destinations.map { destination in
            HistoryCount(
                kind: "note missing", subject: "rejection notes (\(title)) that \(destination) was not sent",
                count: notes,
                detail: reason, at: .now)
        }
        // The log has it where the spool cannot.
        try? spool.append(counting: lines, to: study)
    }

    /// A document that follows what was sent of a study.
    /// - Parameter dataSet: inflated where it came deflated.
    func barrier(
        _ uid: InstanceUID, _ dataSet: [UInt8], _ transferSyntax: TransferSyntax, from source: Configuration.Source,
        calling: AETitle, isWithheld: Bool = false
    ) throws(SpoolError) -> QueuedImage {
        let transferSyntax = transferSyntax.isDeflated ? .explicitVRLittleEndian : transferSyntax
        let sopClass = SOPClassUID.keyObjectSelectionDocument
        let head = ImageHead(sopClass: sopClass, instance: uid, transferSyntax: transferSyntax, from: calling)
        return QueuedImage(
            file: try file(head, dataSet: dataSet), instance: uid.text, sopClass: sopClass.text,
            transferSyntax: transferSyntax.text, destinations: rules.takingNotes.sorted(), isUrgent: source.isUrgent,
            isBarrier: true, isWithheld: isWithheld)
    }

    /// Something of the study was sent, or may just be.
    private func mayBeElsewhere(_ arrival: Arrival) throws(SpoolError) -> Bool {
        guard let study = try study(of: arrival) else { return false }
        if try !spool.imageLineages(of: study).isEmpty { return true }
        return try !spool.images(of: study).isEmpty
    }

    private func study(of arrival: Arrival) throws(SpoolError) -> StudyEntry.ID? {
        try spool.studies(uid: arrival.study).first { $0.source == arrival.source }?.id
    }
}
