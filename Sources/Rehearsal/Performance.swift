import DICOM
import Gateway
import Studies

/// A play under way: what was sent to the platform so far, and what must come.
struct Performance {
    /// A step whose messages were all sent.
    struct Step {
        /// What each study was shown as when the step began.
        var before: [StudyUID: [String: Set<InstanceUID>]] = [:]
        /// What must come, by study.
        var expected: [StudyUID: [ExpectedDocument]] = [:]
        var documents: [PlatformDocument] = []
        /// What the gateway said of the studies: held, with reason and remedy.
        var holds: [String] = []
        /// What it remarked of them.
        var remarks = 0
        var settlements = 0
        /// It said that what came changes nothing.
        var isUnchanged = false
        var isSent = false
        /// A study has instances of two patients: it must be held.
        var isUndecided = false
        /// The gateway may have settled between two of the messages: they took too long to send.
        var isSlow = false
    }

    let play: Play
    let conditions: Conditions
    private(set) var ledger: Ledger
    /// What would be true if the configuration were the table's.
    private(set) var table: Ledger
    private(set) var models: [StudyUID: PlatformModel]
    private(set) var steps: [Step] = []
    private(set) var faults: [String] = []

    init(_ play: Play, _ conditions: Conditions) {
        self.play = play
        self.conditions = conditions
        ledger = Ledger(conditions)
        table = Ledger(conditions.ofTable)
        let readings: Set<PlatformModel.Reading> = conditions.removal == .kos ? [.replaces] : [.replaces, .adds]
        models = Swift.Dictionary(uniqueKeysWithValues: play.studies.map { ($0, PlatformModel(readings: readings)) })
    }

    /// What the PACS sends next; nil when all was sent, or when what went before did not come out.
    var nextMessages: [Message]? {
        guard steps.count < play.steps.count, isDone, faults.isEmpty else { return nil }
        return play.steps[steps.count]
    }

    // MARK: The PACS

    mutating func begin() {
        ledger.renewed = []
        steps.append(Step(before: models.mapValues(\.end)))
    }

    /// An instance counts from the moment it may arrive, a note from its acknowledgement.
    mutating func apply(_ message: Message) {
        ledger.apply(message)
        table.apply(message)
    }

    mutating func sent(isSlow: Bool) {
        guard let last = steps.indices.last else { return }
        steps[last].isSent = true
        steps[last].isSlow = isSlow
        for study in play.studies {
            let live = ledger.live(in: study)
            if live.count > 1 { steps[last].isUndecided = true }
            steps[last].expected[study] = ExpectedDocument.documents(
                from: steps[last].before[study] ?? [:], to: live, renewed: ledger.renewed, play.scenario.rejection,
                conditions.removal)
        }
    }

    mutating func fail(_ fault: String) {
        if !faults.contains(fault) { faults.append(fault) }
    }

    // MARK: The gateway and the platform

    mutating func settled(isUnchanged: Bool = false, hold: String? = nil) {
        guard let last = steps.indices.last else { return }
        steps[last].settlements += 1
        if isUnchanged { steps[last].isUnchanged = true }
        if let hold, !steps[last].holds.contains(hold) { steps[last].holds.append(hold) }
    }

    mutating func remarked() {
        guard let last = steps.indices.last else { return }
        steps[last].remarks += 1
    }

    mutating func received(_ document: PlatformDocument) {
        let ledger = ledger
        let found = models[document.studyInstanceUID]?.apply(document) { ledger.truth($0, under: $1) } ?? []
        found.forEach { fail($0) }
        guard let last = steps.indices.last else { return }
        if !steps.joinedDocuments.contains(document) { steps[last].documents.append(document) }
    }

    // MARK: Where it stands

    /// The last step has come out as it must.
    var isDone: Bool {
        guard let last = steps.last else { return true }
        guard last.isSent, isShownAsExpected else { return false }
        let expected = last.expected.values.joined().count
        return last.isSlow || (expected == 0 ? last.settlements > 0 : last.documents.count >= expected)
    }

    /// The last step will not come out: the gateway settled without a document of those that must come.
    var isStuck: Bool {
        guard let last = steps.last, last.isSent, !last.isSlow else { return false }
        return (!last.holds.isEmpty || last.isUnchanged) && last.documents.isEmpty
            && !last.expected.values.joined().isEmpty
    }

    /// Every study is shown as the last step must leave it.
    var isShownAsExpected: Bool {
        play.studies.allSatisfy { study in models[study]?.end ?? [:] == end(of: study) }
    }

    private func end(of study: StudyUID) -> [String: Set<InstanceUID>] {
        guard let last = steps.last else { return [:] }
        return (last.expected[study] ?? []).reduce(into: last.before[study] ?? [:]) { shown, document in
            switch document.kind {
            case .manifest: shown[document.patientID] = document.references
            case .rejectionNote:
                let left = (shown[document.patientID] ?? []).subtracting(document.references)
                shown[document.patientID] = left.isEmpty ? nil : left
            case .other: break
            }
        }
    }
}

extension [Performance.Step] {
    var joinedDocuments: [PlatformDocument] { flatMap(\.documents) }
}
