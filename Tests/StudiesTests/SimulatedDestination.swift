import DICOM
import Studies
import TestSupport

/// One destination: its standing, its outbox, its platform, and what is watched of them.
struct SimulatedDestination {
    struct Row {
        let document: SimulatedDocument
        var attempts = 0
        var state = Standing.DeliveryState.waiting
    }

    enum Answer: CaseIterable {
        case acknowledged, lost, unreachable, refused
    }

    let name: Int
    let removal: Removal
    var platform: SimulatedPlatform
    var standing = Standing()
    var outbox: [Row] = []
    var documents: [String: SimulatedDocument] = [:]
    var made = 0
    var sends = 0
    /// As the last settlement saw it; nil: nothing may be published.
    var desired: Desired?
    /// Of the manifests that were tried, by patient.
    var lastTried: [(version: Int, instant: Int64)] = [(0, 0), (0, 0)]

    init(name: Int, removal: Removal, reading: SimulatedPlatform.Reading) {
        self.name = name
        self.removal = removal
        platform = SimulatedPlatform(reading: reading, toleratesRecipients: removal == .kos)
    }

    static let patients = [PatientKey(patientID: "A", issuer: "X"), PatientKey(patientID: "B", issuer: "X")]

    /// In words.
    var summary: String {
        let held = standing.held.map {
            "\($0.publication.sopInstanceUID)\($0.isCertain ? "" : "?")-\($0.withdrawn.map(\.text).sorted())"
        }
        let rows = outbox.map {
            let references = $0.document.references.map(\.text).sorted().joined(separator: " ")
            return "\($0.document.isNote ? "note" : "manifest v\($0.document.version)") \($0.document.identity) of "
                + "\($0.document.patient) [\(references)] \($0.state)\($0.document.hasRecipients ? ", recipients" : "")"
        }
        return "holds \(held); outbox \(rows); shows \(platform.shown)"
    }

    // MARK: Settling

    private var states: [String: Standing.DeliveryState] {
        var states: [String: Standing.DeliveryState] = [:]
        for row in outbox { states[row.document.identity] = row.state }
        return states
    }

    private func plan(_ truth: Truth, _ title: (InstanceUID) -> String) throws(Missing) -> Plan {
        try standing.plan(
            truth, removal: removal,
            references: { (publication) throws(Missing) in try references(of: publication) }, title: title)
    }

    private func references(of publication: Publication) throws(Missing) -> Set<InstanceUID> {
        guard let document = documents[publication.sopInstanceUID] else {
            throw Missing(identity: publication.sopInstanceUID)
        }
        return document.references
    }

    struct Missing: Error { let identity: String }

    /// - Returns: what is wrong.
    mutating func settle(_ truth: Truth, at now: Int64, title: (InstanceUID) -> String) -> String? {
        if case .manifest(let wanted, _) = truth { desired = wanted } else { desired = nil }
        standing.observe(outbox: states)
        do {
            var known = standing
            try known.forgetReplaced(removal) { (holding) throws(Missing) in
                try references(of: holding.publication).subtracting(holding.withdrawn)
            }
            standing = known
            let plan = try plan(truth, title)
            if !plan.isEmpty, let fault = carryOut(plan, at: now) { return fault }
            let again = try self.plan(truth, title)
            if !again.isEmpty { return "planned twice: \(again)" }
        } catch {
            return "the bytes of \(error.identity) are gone"
        }
        return nil
    }

    private mutating func carryOut(_ plan: Plan, at now: Int64) -> String? {
        let withdrawn = plan.withdrawnSteps
        outbox.removeAll { withdrawn.contains($0.document.identity) }
        var documentsMade: [Standing.Made] = []
        for action in plan.actions {
            made += 1
            let identity = "\(made)"
            switch action {
            case .withdraw(let references, let publication, _, _):
                guard let source = documents[publication.sopInstanceUID] else { return "a note of nothing" }
                guard !references.isEmpty, source.references.isSuperset(of: references) else {
                    return "a note with references that its manifest does not list"
                }
                add(
                    SimulatedDocument(
                        identity: identity, patient: source.patient, references: Set(references), isNote: true))
                documentsMade.append(.note(identity: identity))
            case .publish(let last, let isFirst):
                guard let desired else { return "a manifest of nothing" }
                let publication = Publication(
                    version: (last?.version ?? 0) + 1, sopInstanceUID: identity, seriesInstanceUID: "s",
                    contentInstant: max(now, (last?.contentInstant ?? 0) + 1), timezoneOffset: 0,
                    digest: desired.digest, attributesDigest: desired.attributesDigest, patient: desired.patient)
                add(
                    SimulatedDocument(
                        identity: identity, patient: desired.patient == Self.patients[0] ? 0 : 1,
                        references: desired.references, isNote: false, hasRecipients: isFirst,
                        version: publication.version, instant: publication.contentInstant))
                documentsMade.append(.manifest(publication))
            }
        }
        standing.carryOut(plan, made: documentsMade)
        let needed = standing.documents
        documents = documents.filter { needed.contains($0.key) }
        return nil
    }

    private mutating func add(_ document: SimulatedDocument) {
        documents[document.identity] = document
        outbox.append(Row(document: document))
    }

    // MARK: Sending

    /// Tries the first document, unless it was refused.
    mutating func send(_ answer: Answer) -> String? {
        guard let row = outbox.first, !row.state.isDead else { return nil }
        sends += 1
        let wasTried = row.attempts > 0
        outbox[0].attempts += 1
        outbox[0].state = .begun
        if let fault = check(row.document, wasTried: wasTried) { return fault }
        switch answer {
        case .unreachable: return nil
        case .refused:
            outbox[0].state = .dead(mayBeHeld: wasTried)
            return nil
        case .lost: return platform.receive(row.document)
        case .acknowledged:
            outbox.removeFirst()
            return platform.receive(row.document)
        }
    }

    /// An operator has what was refused tried again.
    mutating func retry() {
        for index in outbox.indices where outbox[index].state.isDead { outbox[index].state = .begun }
    }

    private mutating func check(_ document: SimulatedDocument, wasTried: Bool) -> String? {
        guard !document.isNote else { return nil }
        guard let desired, Self.patients[document.patient] == desired.patient,
            document.references.isSubset(of: desired.references)
        else { return "a manifest is sent that lists what is not true" }
        guard !wasTried else { return nil }
        let last = lastTried[document.patient]
        guard document.version > last.version, document.instant > last.instant else {
            return "version or time does not increase"
        }
        lastTried[document.patient] = (document.version, document.instant)
        return nil
    }

    mutating func restart() -> String? {
        guard let again = Standing(record: standing.record), again == standing else {
            return "a record does not read back"
        }
        standing = again
        return nil
    }

    /// What it shows against what is true; nil when both are the same.
    func difference(from truth: Truth) -> String? {
        let shown = platform.shown
        switch truth {
        case .nothing: return shown.allSatisfy(\.isEmpty) ? nil : "a deleted study is shown: \(shown)"
        case .undecided(let gone):
            return shown.contains { $0.contains(where: gone) } ? "a held study shows what is gone: \(shown)" : nil
        case .manifest(let desired, let gone):
            let patient = desired.patient == Self.patients[0] ? 0 : 1
            // One that takes manifests for additions goes on showing what nobody rejected.
            let isAdding = platform.reading == .adds
            let mayStay = { isAdding && !desired.references.contains($0) && !gone($0) }
            let listed = shown[patient].filter { !mayStay($0) }
            return listed == desired.references && shown[1 - patient].isEmpty
                ? nil : "\(shown) is shown instead of \(desired.references) of patient \(patient)"
        }
    }
}
