public import DICOM

/// Every instance of one study that ever came or was rejected, and whether it is live: a replay of the study's
/// arrivals in their order (IHE IOCM; RAD TF-3 §4.66).
///
/// No order of events makes an instance live that a note rejected and that neither its title's policy nor an operator
/// let in again. Nothing is forgotten with time.
public struct InstanceRegister: Sendable {
    public struct Settings: Equatable, Sendable {
        /// By title code value; a title that is not among them is judged by `quarantine`.
        public var policies: [String: ResendPolicy]
        /// Title code values of notes that are not applied.
        public var ignoredTitles: Set<String>
        /// Seconds after a changed copy in which a note is taken to mean the copy before.
        public var raceWindow: Int64

        public init(
            policies: [String: ResendPolicy] = Settings.defaultPolicies, ignoredTitles: Set<String> = [],
            raceWindow: Int64 = 600
        ) {
            self.policies = policies
            self.ignoredTitles = ignoredTitles
            self.raceWindow = raceWindow
        }

        /// Quality (113001), patient safety (113037), incorrect worklist entry (113038), retention expired (113039).
        public static let defaultPolicies: [String: ResendPolicy] = [
            "113001": .acceptIfChanged, "113037": .quarantine, "113038": .quarantine, "113039": .accept,
        ]

        func policy(_ title: String) -> ResendPolicy { policies[title] ?? .quarantine }
    }

    public enum Event: Hashable, Sendable {
        /// A copy of an instance came. Not for a rejection note, nor for a manifest.
        case stored(InstanceUID, Fingerprint, at: Int64)
        case rejected(Rejection)
        /// A manifest that the PACS made came: a note may reject it later.
        case documentStored(InstanceUID)
        case decided(Decision, at: Int64)
    }

    public enum State: Hashable, Sendable {
        case live
        /// `note`: nil when an operator withdrew it.
        case rejected(title: String, note: InstanceUID?)
        /// A copy that came after the rejection waits for an operator.
        case quarantined(title: String, note: InstanceUID?)

        public var isLive: Bool { self == .live }
    }

    public let settings: Settings
    /// An operator's `hold` is in force.
    public internal(set) var isHeldByHand = false
    /// Codes of the holds that an operator released.
    public internal(set) var releasedHolds: Set<String> = []
    /// Manifests of the PACS that a note rejected.
    public internal(set) var rejectedDocuments: Set<InstanceUID> = []
    public internal(set) var liveCount = 0
    public internal(set) var rejectedCount = 0
    public internal(set) var quarantinedCount = 0

    var entries: [InstanceUID: Entry] = [:]
    /// Of the entries that have more to tell than one copy; `Entry.history` is the place.
    var histories: [History] = []
    var identities = Interner<Identity>()
    var series = Interner<SeriesUID>()
    var classes = Interner<SOPClassUID>()
    var titles = Interner<String>()
    /// By SOP Instance UID, the digests under which they came.
    var notes: [InstanceUID: Set<UInt64>] = [:]
    var documents: Set<InstanceUID> = []

    public init(settings: Settings = Settings()) { self.settings = settings }

    /// - Returns: what an operator should know of it.
    public mutating func apply(_ event: Event) -> [Remark] {
        switch event {
        case .stored(let uid, let fingerprint, let time): store(uid, fingerprint, at: time)
        case .rejected(let rejection): reject(rejection)
        case .documentStored(let uid): storeDocument(uid)
        case .decided(let decision, let time): decide(decision.action, at: time)
        }
    }

    // MARK: Copies

    private mutating func store(_ uid: InstanceUID, _ fingerprint: Fingerprint, at time: Int64) -> [Remark] {
        let copy = intern(fingerprint)
        guard var entry = entries[uid] else {
            entries[uid] = Entry(copy, at: time)
            liveCount += 1
            return []
        }
        entry.copies &+= 1
        if entry.copies == 1 || entry.current != copy || entry.verdict != .live { change(&entry) }
        let remarks = place(copy, at: time, in: &entry, uid)
        entries[uid] = entry
        return remarks
    }

    /// A copy of an instance that is known, from a note at least.
    private mutating func place(
        _ copy: Copy, at time: Int64, in entry: inout Entry, _ uid: InstanceUID
    ) -> [Remark] {
        guard let place = entry.history else { return [] }
        var history = histories[place]
        defer { histories[place] = history }
        guard let rejection = history.rejection else {
            entry.replace(with: copy, at: time, &history)
            return []
        }
        let title = titles[rejection.title]
        let policy = settings.policy(title)
        if entry.verdict == .live {
            guard copy != entry.current, isRejected(copy, &history, policy) else {
                entry.replace(with: copy, at: time, &history)
                return []
            }
            history.refused &+= 1
            return [.rejectedInstanceCame(uid, title: title, outcome: .refused)]
        }
        let outcome = judge(copy, &history, policy)
        if outcome == .refused { history.refused &+= 1 }
        entry.replace(with: copy, at: time, &history)
        set(outcome.verdict, &entry)
        return [.rejectedInstanceCame(uid, title: title, outcome: outcome)]
    }

    /// Whether a copy that comes beside a live one is among those that were rejected.
    private func isRejected(_ copy: Copy, _ history: inout History, _ policy: ResendPolicy) -> Bool {
        if takesAwaited(copy, &history) { return true }
        switch policy {
        case .refuse, .quarantine, .acceptIfChanged: return history.rejected.contains(copy)
        case .acceptIfCorrected: return history.rejected.contains { $0.identity == copy.identity }
        case .accept: return false
        }
    }

    /// Whether it is the copy that a note meant when it came before its objects.
    private func takesAwaited(_ copy: Copy, _ history: inout History) -> Bool {
        guard let meant = history.awaited.firstIndex(where: { !contradicts(identities[$0], copy) }) else {
            return false
        }
        history.awaited.remove(at: meant)
        history.remember(rejected: copy)
        return true
    }

    /// What becomes of a copy of a rejected instance.
    func judge(_ copy: Copy, _ history: inout History, _ policy: ResendPolicy) -> Remark.Outcome {
        if takesAwaited(copy, &history) { return .refused }
        switch policy {
        case .refuse: return .refused
        case .quarantine: return .quarantined
        case .acceptIfCorrected:
            return history.rejected.contains { $0.identity == copy.identity } ? .refused : .accepted
        case .acceptIfChanged: return history.rejected.contains(copy) ? .refused : .accepted
        case .accept: return .accepted
        }
    }

    private mutating func storeDocument(_ uid: InstanceUID) -> [Remark] {
        documents.insert(uid)
        guard let entry = entries[uid], entry.copies == 0 else { return [] }
        forget(uid, entry)
        rejectedDocuments.insert(uid)
        return [.noteRejectsDocument(uid)]
    }

    // MARK: The table

    /// Moves an entry to another state, counts included.
    mutating func set(_ verdict: Entry.Verdict, _ entry: inout Entry) {
        count(entry.verdict, -1)
        entry.verdict = verdict
        count(verdict, 1)
    }

    mutating func count(_ verdict: Entry.Verdict, _ change: Int) {
        switch verdict {
        case .live: liveCount += change
        case .rejected: rejectedCount += change
        case .quarantined: quarantinedCount += change
        }
    }

    mutating func forget(_ uid: InstanceUID, _ entry: Entry) {
        count(entry.verdict, -1)
        entries[uid] = nil
    }

    /// Gives the entry a history, which only few have.
    mutating func change(_ entry: inout Entry) {
        guard entry.history == nil else { return }
        entry.setPlace(histories.count)
        histories.append(History())
    }

    private mutating func intern(_ fingerprint: Fingerprint) -> Copy {
        let identity = Identity(patient: fingerprint.patient, accessionNumber: fingerprint.accessionNumber)
        return Copy(
            header: fingerprint.header, identity: identities.index(of: identity),
            series: series.index(of: fingerprint.series), sopClass: classes.index(of: fingerprint.sopClass))
    }

    /// The note names another patient or accession number than the copy.
    func contradicts(_ note: Identity, _ copy: Copy) -> Bool {
        let instance = identities[copy.identity]
        if let a = note.patient, let b = instance.patient, !a.isCompatible(with: b) { return true }
        return !note.accessionNumber.isEmpty && !instance.accessionNumber.isEmpty
            && note.accessionNumber != instance.accessionNumber
    }
}
