import DICOM

extension InstanceRegister {
    mutating func reject(_ rejection: Rejection) -> [Remark] {
        let known = notes[rejection.note]
        guard notes[rejection.note, default: []].insert(rejection.digest).inserted else { return [] }
        guard !settings.ignoredTitles.contains(rejection.title) else {
            return [.noteIgnored(note: rejection.note, title: rejection.title)]
        }
        var remarks: [Remark] = known == nil ? [] : [.sameNoteOtherContent(note: rejection.note)]
        // A note may have rejected this one before it came.
        if let entry = entries[rejection.note], entry.copies == 0 {
            forget(rejection.note, entry)
            remarks.append(.noteRejectsNote(note: rejection.note))
        }
        return remarks + rejectReferences(of: rejection)
    }

    private mutating func rejectReferences(of rejection: Rejection) -> [Remark] {
        let note = Note(
            title: titles.index(of: rejection.title), uid: rejection.note,
            identity: Identity(patient: rejection.patient, accessionNumber: rejection.accessionNumber),
            at: rejection.at, meansFormerCopies: rejection.meansFormerCopies)
        var remarks: [Remark] = []
        var unknown = 0
        var earlier: [Remark.Outcome: Int] = [:]
        for uid in rejection.references {
            if notes[uid] != nil {
                remarks.append(.noteRejectsNote(note: uid))
            } else if documents.contains(uid) {
                if rejectedDocuments.insert(uid).inserted { remarks.append(.noteRejectsDocument(uid)) }
            } else if let entry = entries[uid] {
                if let outcome = reject(uid, entry, by: note) { earlier[outcome, default: 0] += 1 }
            } else {
                unknown += 1
                rejectUnknown(uid, by: note)
            }
        }
        if unknown > 0 {
            remarks.append(.noteOfUnknownInstances(note: note.uid, title: rejection.title, count: unknown))
        }
        for (outcome, count) in earlier.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            remarks.append(
                .noteMeansEarlierCopies(note: note.uid, title: rejection.title, count: count, outcome: outcome))
        }
        return remarks
    }

    private struct Note {
        let title: UInt32
        let uid: InstanceUID
        let identity: Identity
        let at: Int64
        let meansFormerCopies: Bool
    }

    private mutating func rejectUnknown(_ uid: InstanceUID, by note: Note) {
        var entry = Entry(rejectedAt: note.at)
        change(&entry)
        if let place = entry.history {
            histories[place].rejection = (note.title, note.uid)
            histories[place].awaited = [identities.index(of: note.identity)]
        }
        entries[uid] = entry
        rejectedCount += 1
    }

    /// - Returns: what became of the copy that stands, when the note means an earlier one.
    private mutating func reject(_ uid: InstanceUID, _ known: Entry, by note: Note) -> Remark.Outcome? {
        var entry = known
        change(&entry)
        guard let place = entry.history else { return nil }
        var history = histories[place]
        defer {
            entries[uid] = entry
            histories[place] = history
        }
        if entry.verdict == .rejected {
            rejectAgain(&history, entry, by: note)
            return nil
        }
        guard note.meansFormerCopies || meansEarlierCopy(note, entry, history) else {
            history.rejection = (note.title, note.uid)
            history.remember(rejected: entry.current)
            history.awaited = []
            set(.rejected, &entry)
            return nil
        }
        history.remember(rejected: history.previous)
        // A note lets nothing in: what waits for an operator goes on waiting.
        let isWaiting = entry.verdict == .quarantined
        if !isWaiting || isStricter(note, than: history) { history.rejection = (note.title, note.uid) }
        var outcome = judge(entry.current, &history, settings.policy(titles[note.title]))
        // And where no former copy was seen, an operator says whether there was one.
        let isUnseen = note.meansFormerCopies && history.previous == .none
        if (isWaiting || isUnseen) && outcome == .accepted { outcome = .quarantined }
        set(outcome.verdict, &entry)
        return outcome
    }

    /// The stricter of two titles counts; of equal ones the later.
    private mutating func rejectAgain(_ history: inout History, _ entry: Entry, by note: Note) {
        if isStricter(note, than: history) { history.rejection = (note.title, note.uid) }
        if entry.copies > 0 {
            history.remember(rejected: entry.current)
            history.awaited = []
        } else {
            let identity = identities.index(of: note.identity)
            if !history.awaited.contains(identity) { history.awaited.append(identity) }
        }
    }

    private func isStricter(_ note: Note, than history: History) -> Bool {
        guard let last = history.rejection else { return true }
        return settings.policy(titles[note.title]) <= settings.policy(titles[last.title])
    }

    /// The note was made for the copy before the one that stands: it names what that one said and this one does not,
    /// or it comes so soon after a changed copy that it was under way together with it.
    private func meansEarlierCopy(_ note: Note, _ entry: Entry, _ history: History) -> Bool {
        guard history.previous != .none else { return false }
        let deniesPrevious = contradicts(note.identity, history.previous)
        let deniesCurrent = contradicts(note.identity, entry.current)
        if deniesPrevious != deniesCurrent { return deniesCurrent }
        // A copy that was rejected before is not meant again: the one after it is.
        guard !history.rejected.contains(history.previous) else { return false }
        // A clock that went back says nothing: then the note means what is there.
        let (span, hasOverflown) = note.at.subtractingReportingOverflow(entry.at)
        return !hasOverflown && span >= 0 && span <= settings.raceWindow
    }
}
