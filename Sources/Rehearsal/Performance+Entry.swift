import DICOM
import Gateway
import KeyObjects

extension Performance {
    /// The performance as an entry of the sheet.
    var entry: AcceptanceSheet.Entry {
        AcceptanceSheet.Entry(
            scenario: play.scenario, form: play.form, sent: sent, documents: documents,
            required: required, holds: steps.flatMap(\.holds), isDrawnOut: steps.contains(where: \.isSlow),
            end: words(shown), expected: words(tableEnd),
            verdict: verdict)
    }

    // MARK: Words

    private var sent: [String] {
        play.steps.prefix(steps.count).map { messages in
            messages.reduce(into: [(words: String, count: Int)]()) { parts, message in
                let words = words(message)
                if parts.last?.words == words { parts[parts.count - 1].count += 1 } else { parts.append((words, 1)) }
            }.map { part in
                part.words.isEmpty ? "" : part.words.replacing("#", with: counted(part.count, "instance"))
            }.joined(separator: ", then ")
        }
    }

    private func words(_ message: Message) -> String {
        switch message {
        case .instance(let instance):
            "# of \(instance.patient.role)" + (instance.revision > 0 ? " with another content" : "")
        case .note(let note):
            "a rejection note for \(counted(note.references.count, "instance")), "
                + "title \(note.title.meaning) (\(note.title.rawValue))"
        }
    }

    private var documents: [AcceptanceSheet.Document] {
        steps.joinedDocuments.map { document in
            AcceptanceSheet.Document(
                kind: document.kind, patient: role(document.patientID),
                version: document.kind == .manifest ? document.version : nil, references: document.references.count,
                title: "\(document.meaning) (\(document.title))")
        }
    }

    /// Of several studies, one after the other.
    private var required: [String] {
        steps.flatMap { step in
            play.studies.sorted().flatMap { step.expected[$0] ?? [] }.map(words)
        }
    }

    private func role(_ patientID: String) -> String {
        [play.exam.patient, play.moved.patient].first { $0.patientID == patientID }?.role ?? "somebody else"
    }

    private func words(_ shown: [String: Set<InstanceUID>]) -> String {
        let parts = shown.sorted { $0.key < $1.key }.map { patientID, instances in
            "\(counted(instances.count, "instance")) of \(role(patientID))"
        }
        return parts.isEmpty ? "nothing" : parts.joined(separator: ", ")
    }

    // MARK: Verdict

    /// All studies together.
    private var shown: [String: Set<InstanceUID>] {
        models.values.reduce(into: [:]) { $0.merge($1.end) { $0.union($1) } }
    }

    private var tableEnd: [String: Set<InstanceUID>] {
        play.studies.reduce(into: [:]) { end, study in
            for (patient, instances) in table.live(in: study) {
                end[patient.patientID, default: []].formUnion(instances)
            }
        }
    }

    private var verdict: AcceptanceSheet.Verdict {
        var faults = faults
        if steps.count < play.steps.count { faults.append("What follows was not played.") }
        if !isDone { faults += notDone }
        if steps.contains(where: { $0.isUndecided && $0.holds.isEmpty }) {
            faults.append("A study with instances of two patients was not held.")
        }
        if ledger.setAside > 0, let last = steps.last, last.holds.isEmpty, last.remarks == 0 {
            faults.append("Nothing was said of rejected instances that came again.")
        }
        for step in steps where step.isSent && !step.isSlow {
            for study in play.studies { faults += mismatch(step, study) }
        }
        guard faults.isEmpty else { return .failed(faults) }
        if shown == tableEnd { return .passed }
        if !conditions.ignored.isDisjoint(with: [play.scenario.rejection]) {
            return .asConfigured("rejection notes of this title are ignored, as configured")
        }
        return ledger.setAside > 0
            ? .asConfigured("held for the operator, as configured") : .asConfigured("shown again, as configured")
    }

    private var notDone: [String] {
        let holds = steps.last?.holds ?? []
        if isShownAsExpected { return [] }
        if !holds.isEmpty { return holds.map { "The study is held: \($0)" } }
        return ["The platform shows \(words(shown)) and did not come to show what it must in time."]
    }

    private func mismatch(_ step: Step, _ study: StudyUID) -> [String] {
        let expected = step.expected[study] ?? []
        let came = step.documents.filter { $0.studyInstanceUID == study }
        guard expected.count == came.count, zip(expected, came).allSatisfy({ $0.isMet(by: $1) }) else {
            return [
                "The platform must be sent \(expected.map(words).listed), and was sent \(came.map(words).listed)."
            ]
        }
        return []
    }

    private func words(_ document: ExpectedDocument) -> String {
        let kind = document.kind == .manifest ? "a manifest" : "a rejection note"
        return "\(kind) of \(document.references.count) of \(role(document.patientID))"
    }

    private func words(_ document: PlatformDocument) -> String {
        words(
            ExpectedDocument(
                kind: document.kind, patientID: document.patientID, references: document.references, title: nil))
    }
}

extension [String] {
    fileprivate var listed: String { isEmpty ? "nothing" : joined(separator: ", then ") }
}
