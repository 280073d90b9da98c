import DICOM
import KeyObjects
import Spool
import Studies

/// Settles what waits of a study's images, beside its documents: what was rejected is not sent any more, what is true
/// goes on, and what may have been sent is followed by a note.
struct ImageSettling: Sendable {
    let intake: ImageIntake
    let post: @Sendable (OperatorEvent) -> Void

    private var spool: Spool { intake.spool }

    /// To be called before the settlement is written: done again after a crash, it comes to the same.
    func settle(
        _ entry: StudyEntry, _ key: StudyKey, _ replay: StudyReplay, from source: Configuration.Source
    ) throws(SpoolError) {
        let queued = try spool.images(of: entry.id)
        // What came since the replay was read, the next settling judges, and what it follows.
        let unjudged = Set(queued.filter { ($0.arrival ?? replay.through) > replay.through }.map(\.instance))
        let waiting = queued.filter { !$0.isBarrier && !unjudged.contains($0.instance) }
        guard replay.isOrderSensitive || waiting.contains(where: \.isWithheld) else { return }
        let decision = ImageDecision(
            register: replay.register, standsSince: replay.standsSince, refused: replay.refusedCopies,
            lastCopy: replay.lastCopy)
        var released: [ImageDelivery] = []
        var dropped: [Loss: [ImageDelivery.ID]] = [:]
        for image in waiting {
            let fate =
                image.arrival.map { arrival in
                    decision.fate(
                        of: InstanceUID(image.instance), arrival: arrival, isSuperseded: image.isSuperseded)
                } ?? .release
            switch fate {
            case .release: if image.isWithheld { released.append(image) }
            case .drop(let reason):
                dropped[Loss(destination: image.id.destination, reason: reason), default: []].append(image.id)
            case .withhold: break
            }
        }
        try drop(dropped, of: entry.id, key)
        let known = Set(queued.filter(\.isBarrier).map(\.instance))
        try follow(entry, key, replay, source, besides: known)
        try judge(queued.filter { $0.isBarrier && $0.isWithheld }, entry, key, replay, source, besides: known)
        if !released.isEmpty {
            try intake.caution.release(key) { () throws(SpoolError) in
                try spool.releaseImages(released.filter(\.isSuperseded).map(\.id))
                // A later copy may just have come.
                try spool.releaseImages(released.filter { !$0.isSuperseded }.map(\.id), unlessSuperseded: true)
            }
        }
        intake.wake(intake.rules.takingNotes.union(queued.map(\.id.destination)), isUrgent: source.isUrgent)
    }

    private struct Loss: Hashable {
        let destination: String
        let reason: String
    }

    private func drop(
        _ dropped: [Loss: [ImageDelivery.ID]], of study: StudyEntry.ID, _ key: StudyKey
    ) throws(SpoolError) {
        for (loss, ids) in dropped {
            let detail = "\(counted(ids.count, "image")) not sent to \(loss.destination): \(loss.reason)"
            try spool.dropImages(ids, events: [(study, HistoryEvent(kind: "images", detail: detail, at: .now))])
            post(.images(.dropped(key, images: ids.count, destination: loss.destination, reason: loss.reason)))
        }
    }

    // MARK: Notes

    /// What the destinations were sent is withdrawn there too, by notes that did not come by themselves for this study.
    private func follow(
        _ entry: StudyEntry, _ key: StudyKey, _ replay: StudyReplay, _ source: Configuration.Source,
        besides known: Set<String>
    ) throws(SpoolError) {
        guard !replay.withdrawals.isEmpty || !replay.strayDocuments.isEmpty else { return }
        let titles = Swift.Dictionary(
            grouping: replay.withdrawals.map(\.title) + replay.strayDocuments.map(\.title)
        ) { $0 }
        for (title, notes) in titles.sorted(by: { $0.key < $1.key }) {
            try intake.tellForgotten(entry.id, key, title: title, notes: notes.count)
        }
        let destinations = try spool.imageLineages(of: entry.id).intersection(intake.rules.takingNotes).sorted()
        guard !destinations.isEmpty else { return }
        let notes = Notes(
            entry: entry, key: key, replay: replay, source: source, destinations: destinations, known: known)
        var forwarded = known
        for stray in replay.strayDocuments where forwarded.insert(stray.uid.text).inserted {
            try forward(stray, notes)
        }
        for withdrawal in replay.withdrawals {
            try withdraw(withdrawal.title, at: withdrawal.at, notes) { !replay.register.isLive($0) }
        }
    }

    /// Lets the notes that came for the study go as they came. One that means an earlier copy of what is live would hide the
    /// copy that stands, which has its SOP Instance UID: a note of ours goes for the rest.
    private func judge(
        _ barriers: [ImageDelivery], _ entry: StudyEntry, _ key: StudyKey, _ replay: StudyReplay,
        _ source: Configuration.Source, besides known: Set<String>
    ) throws(SpoolError) {
        let judged = barriers.filter { ($0.arrival ?? replay.through) <= replay.through }
        for (uid, copies) in Swift.Dictionary(grouping: judged, by: \.instance).sorted(by: { $0.key < $1.key }) {
            let ids = copies.map(\.id)
            guard let note = replay.namingNotes.last(where: { $0.uid.text == uid }),
                note.references.contains(where: { replay.stood($0, before: note.number) })
            else {
                try spool.releaseImages(ids)
                continue
            }
            let notes = Notes(
                entry: entry, key: key, replay: replay, source: source,
                destinations: ids.map(\.destination).sorted(), known: known)
            let at = try (spool.receivedAt(note.number)?.milliseconds ?? 0) / 1000
            try withdraw(note.title, at: at, notes) { note.references.contains($0) && !replay.register.isLive($0) }
            try spool.dropImages(ids)
        }
    }

    /// What notes of ours are about.
    private struct Notes {
        let entry: StudyEntry
        let key: StudyKey
        let replay: StudyReplay
        let source: Configuration.Source
        let destinations: [String]
        /// Those that are queued.
        let known: Set<String>
    }

    /// Queues a note of ours.
    private func withdraw(
        _ title: String, at instant: Int64, _ notes: Notes, _ isMeant: (InstanceUID) -> Bool
    ) throws(SpoolError) {
        let (entry, destinations) = (notes.entry, notes.destinations)
        let made = try WithdrawalNote.make(
            of: entry, through: notes.replay.through, in: spool, title, at: instant, notes.source, isMeant)
        switch made {
        case .success(nil): break
        case .success(let note?):
            if notes.known.contains(note.uid.text) { return }
            let image = try intake.barrier(
                note.uid, note.dataSet, .explicitVRLittleEndian, from: notes.source, calling: intake.aeTitle)
            try spool.queue(image, of: entry.id, at: .now)
            let detail = "\(title) for \(counted(note.count, "instance")), to \(destinations.joined(separator: ", "))"
            try spool.append(HistoryEvent(kind: "note", detail: detail, at: .now), to: entry.id)
            intake.tell(.noteQueued(notes.key, title: title, instances: note.count, destinations: destinations))
        case .failure(let failure):
            intake.tellMissing(entry.id, notes.key, title: title, at: destinations, failure.reason)
        }
    }

    /// A note of another study goes to the destinations as it came. It cannot say which copy it means: where that would
    /// hide what is live, a note of ours goes for the rest, as where the whole of it is no longer there.
    private func forward(_ stray: StrayDocument, _ notes: Notes) throws(SpoolError) {
        guard let excerpt = KeyObjectDocument(header: stray.bytes, transferSyntax: stray.attributes.transferSyntax)
        else { return }
        let isLive = notes.replay.register.isLive
        guard let whole = try whole(excerpt), !whole.named.contains(where: isLive) else {
            return try withdraw(stray.title, at: stray.at, notes) { excerpt.named.contains($0) && !isLive($0) }
        }
        let image = try intake.barrier(
            stray.uid, whole.bytes, whole.attributes.syntaxOfHeader, from: notes.source,
            calling: whole.attributes.callingAETitle)
        try spool.queue(image, of: notes.entry.id, at: .now)
    }

    /// The note of which this is an excerpt, as its own study has it.
    private func whole(
        _ excerpt: KeyObjectDocument
    ) throws(SpoolError) -> (bytes: [UInt8], attributes: InstanceAttributes, named: Set<InstanceUID>)? {
        var found: (bytes: [UInt8], attributes: InstanceAttributes, named: Set<InstanceUID>)?
        for study in try spool.studies(uid: excerpt.studyInstanceUID?.text ?? "") {
            try spool.headers(of: study.id) { stored, header in
                let attributes = InstanceAttributes(text: stored.attributes)
                guard attributes.kind == .rejectionNote else { return }
                let bytes = header.withUnsafeBytes { [UInt8]($0) }
                // Another one may have come under its UID.
                guard let note = KeyObjectDocument(header: bytes, transferSyntax: attributes.transferSyntax),
                    note.sopInstanceUID == excerpt.sopInstanceUID, note.named.isSuperset(of: excerpt.named)
                else { return }
                found = (bytes, attributes, note.named)
            }
        }
        return found
    }
}

extension StudyReplay {
    /// The copy that is live came before this.
    fileprivate func stood(_ instance: InstanceUID, before number: ArrivalNumber) -> Bool {
        register.isLive(instance) && (lastCopy(of: instance).map { $0 < number } ?? true)
    }
}
