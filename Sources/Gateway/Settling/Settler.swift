import DICOM
import KeyObjects
import Spool
import Studies
import Threads

/// Settles one study: replays what came for it, decides what is true, and puts into the outbox what each destination
/// must be sent to hold that; or holds it. Then seals it.
struct Settler: Sendable {
    let configuration: Configuration
    let spool: Spool
    private let images: ImageSettling
    let post: @Sendable (OperatorEvent) -> Void
    private let waiting = WaitingStudies()
    private let owed = OwedStudies()
    private let last = NotingNeighbour()

    init(
        configuration: Configuration, spool: Spool, images: ImageIntake,
        post: @escaping @Sendable (OperatorEvent) -> Void
    ) {
        self.configuration = configuration
        self.spool = spool
        self.images = ImageSettling(intake: images, post: post)
        self.post = post
    }

    /// A study that was settled, and whom that may concern.
    struct Settled {
        /// Its outbox has changed.
        let study: StudyEntry.ID
        /// Studies that were held for this one's instances, and may be free of it now; none where nothing came for it,
        /// or two that wait for a third would wake each other for ever.
        let released: [StudyKey]
    }

    /// - Returns: nil when nothing ever came for the study.
    func settle(
        _ key: StudyKey, source: Configuration.Source, isAgain: Bool = false
    ) throws(SpoolError) -> Settled? {
        let entries = try spool.studies(uid: key.studyInstanceUID.text)
        guard let entry = entries.first(where: { $0.source == key.source }) else { return nil }
        let settings = StudySettings(configuration, source: source)
        images.intake.caution.beginSettling(key)
        defer { images.intake.caution.endSettling(key) }
        let replay = try StudyReplay(of: entry, in: spool, settings)
        let neighbours = try neighbours(of: entry, replay)
        let noted = try file(neighbours.strayNotes, of: entry)
        // What the note says is part of what came.
        if noted.contains(key), !isAgain {
            owed.noted(noted.filter { $0 != key })
            return try settle(key, source: source, isAgain: true)
        }
        owed.noted(noted)
        for remark in StudyRemark.lines(replay.remarks) { post(.studyRemark(key, remark: remark)) }
        let verdict = StudyVerdict(replay, settings, withIdentity: configuration.logsIdentity)
        try images.settle(entry, key, replay, from: source)
        // As the replay has it, not the entry: something may have come between the two.
        if replay.through > entry.settledThrough ?? ArrivalNumber(0) { owed.changes(entry.id) }
        try settle(
            StudyDecision(
                key: key, entry: entry, settings: settings, replay: replay, verdict: verdict, neighbours: neighbours))
        let repeats = replay.hasRepeats && !replay.isOrderSensitive ? try repeats(entry) : []
        _ = try spool.seal(entry.id, dropping: repeats)
        guard owed.hasChanged(entry.id) else { return Settled(study: entry.id, released: []) }
        owed.noted(try withheld(entries.filter { $0.id != entry.id }))
        owed.isSettled(entry.id)
        return Settled(study: entry.id, released: waiting.changed(entry.id))
    }

    /// Studies under which notes of others were filed, or of which images wait for others, whether these could be settled
    /// or not.
    func takeNoted() -> Set<StudyKey> { owed.takeNoted() }

    private func neighbours(of entry: StudyEntry, _ replay: StudyReplay) throws(SpoolError) -> StudyNeighbours {
        waiting.beginReading()
        return try StudyNeighbours(of: entry, replay, in: spool, knowing: last) { other in
            StudySettings(configuration, source: configuration.source(named: other.source))
        }
    }

    /// Of other sources' copies of a study those of which images wait: what came for one withholds those of all.
    private func withheld(_ copies: [StudyEntry]) throws(SpoolError) -> [StudyKey] {
        var keys: [StudyKey] = []
        for copy in copies where try spool.images(of: copy.id).contains(where: \.isWithheld) {
            keys.append(StudyKey(copy))
        }
        return keys
    }

    /// Files notes under the studies that have their instances, before anything is settled by which a note could be
    /// forgotten.
    private func file(_ notes: [StrayNote], of entry: StudyEntry) throws(SpoolError) -> [StudyKey] {
        let told = entry.isUnsettled ? notes.filter(\.isContradicted) : []
        for note in told { post(.studyRemark(StudyKey(note.study), remark: note.contradiction)) }
        let meant = notes.filter { !$0.isContradicted }
        let keys = meant.map { StudyKey($0.study) }
        try images.intake.caution.note(keys) { () throws(SpoolError) in
            try spool.store(
                meant.map { note throws(SpoolError) in
                    try images.intake.following(note, from: configuration.source(named: note.study.source))
                })
        }
        return keys
    }

    /// Headers that came just as they are before, one after the other or with others in between: a sender that repeats
    /// itself fills no spool. A header that came back after another one of its instance is none: it is the newest.
    private func repeats(_ entry: StudyEntry) throws(SpoolError) -> Set<ArrivalNumber> {
        var builder = ManifestBuilder()
        var known: Set<Int> = []
        var repeats: Set<ArrivalNumber> = []
        try spool.headers(of: entry.id) { stored, header in
            let attributes = InstanceAttributes(text: stored.attributes)
            let addition = builder.add(
                header, transferSyntax: attributes.transferSyntax, callingAETitle: attributes.callingAETitle)
            var hasher = Hasher()
            hasher.combine(stored.attributes)
            header.withUnsafeBytes { hasher.combine(bytes: $0) }
            let isNew = known.insert(hasher.finalize()).inserted
            if addition == .unchanged && !isNew { repeats.insert(stored.number) }
        }
        return repeats
    }

    /// Writes down what destinations hold, after one acknowledged a document or refused it for good.
    func review(_ id: StudyEntry.ID) throws(SpoolError) {
        guard let entry = try spool.study(id) else { return }
        var standings = try StudyStandings(of: entry, at: destinations, in: spool)
        // Where a document is damaged the next settling says so.
        try? standings.forgetReplaced(configuration.manifest.removal)
        let records = standings.byDestination.map { standings.record(of: $0.value, at: $0.key) }
        let state = StudyState(Array(standings.byDestination.values), isHeld: entry.hold != nil)
        do throws(SpoolError) {
            try spool.updateStandings(
                of: id, records, state: state.rawValue, expecting: standings.expecting, at: .now)
        } catch {
            // Whoever changed the outbox meanwhile has written it down.
            guard case .outdated = error else { throw error }
        }
    }

    /// The studies that were held for this one's instances and may be free of it, after what destinations hold of it has
    /// changed.
    func released(by study: StudyEntry.ID) -> [StudyKey] { waiting.changed(study) }

    // MARK: Deciding

    /// Plans anew as long as a delivery begins or ends meanwhile, of this study or of one that is in its way.
    private func settle(_ decision: StudyDecision) throws(SpoolError) {
        var decision = decision
        var attempts = 0
        while true {
            attempts += 1
            let standings = try StudyStandings(of: decision.entry, at: destinations, in: spool)
            do throws(SpoolError) {
                return try settleOrHold(decision, standings, isLast: attempts >= StudyStandings.attempts)
            } catch {
                guard case .outdated = error else { throw error }
                decision.neighbours = try neighbours(of: decision.entry, decision.replay)
            }
        }
    }

    private func settleOrHold(
        _ decision: StudyDecision, _ standings: StudyStandings, isLast: Bool
    ) throws(SpoolError) {
        do throws(SpoolError) {
            try settle(decision, standings)
        } catch {
            guard case .damaged(let place, _) = error else { throw error }
            // What was acknowledged meanwhile may have let go of the document.
            let isOutdated = try standings.isOutdated()
            if isOutdated || !isLast { throw .outdated }
            try holdDamaged(decision, standings, place)
        }
    }

    /// Nothing can be planned for it: nothing that was not tried yet is sent, and an operator is told.
    private func holdDamaged(
        _ decision: StudyDecision, _ standings: StudyStandings, _ place: String
    ) throws(SpoolError) {
        let hold = HoldReason.spoolDamaged(place)
        var settlement = Settlement(
            through: decision.replay.through, record: nil, state: StudyState.held.rawValue, hold: hold.code,
            expecting: standings.expecting, at: .now)
        for (destination, standing) in standings.byDestination {
            var standing = standing
            settlement.withdrawn += standings.deliveries(of: standing.dropUntried(), to: destination)
            settlement.standings.append(standings.record(of: standing, at: destination))
        }
        try spool.settle(decision.entry.id, settlement)
        post(.studyHeld(decision.key, reason: hold.reason, remedy: hold.remedy))
    }

    private var destinations: [String] { configuration.destinations.map(\.outbox) }

    private func settle(_ decision: StudyDecision, _ standings: StudyStandings) throws(SpoolError) {
        var standings = standings
        try standings.forgetReplaced(decision.settings.removal)
        let references = try standings.references()
        let outcome = decision.outcome(standings, references)
        let holds = outcome.holds
        if waiting.note(decision.key, waitsFor: outcome.others) { throw .outdated }
        var settlement = Settlement(
            through: decision.replay.through, record: nil, hold: nil, expecting: standings.expecting, at: .now)
        settlement.traces = decision.neighbours.traces
        var planned: [StudyPlan] = []
        for destination in destinations {
            let plan = try StudyPlan(
                outcome.truth(at: destination), decision, at: destination, standings, references,
                decision.settings, in: spool)
            settlement.outgoing += plan.outgoing
            settlement.withdrawn += plan.withdrawn
            settlement.standings.append(standings.record(of: plan.standing, at: destination))
            settlement.events += plan.events
            planned.append(plan)
        }
        settlement.state = StudyState(planned.map(\.standing), isHeld: !holds.isEmpty).rawValue
        // Others may wait for what is not sent after all.
        if !settlement.withdrawn.isEmpty { owed.changes(decision.entry.id) }
        if !holds.isEmpty {
            let codes = Set(holds.map(\.code)).sorted().joined(separator: " ")
            settlement.hold = codes
            if decision.entry.hold != codes { settlement.events.append(.init(kind: "held", detail: codes, at: .now)) }
        }
        try spool.settle(decision.entry.id, settlement)
        tell(decision, holds, planned)
    }

    private func tell(_ decision: StudyDecision, _ holds: [HoldReason], _ planned: [StudyPlan]) {
        let key = decision.key
        for hold in holds { post(.studyHeld(key, reason: hold.reason, remedy: hold.remedy)) }
        let isPublished = planned.contains { $0.publication != nil }
        if isPublished {
            for note in decision.verdict.notes {
                post(.studyRemark(key, remark: configuration.logsIdentity ? note.description : note.withoutIdentity))
            }
        }
        for plan in planned {
            for (title, count) in plan.withdrawals {
                post(.instancesWithdrawn(key, title: title, instances: count, destination: plan.destination))
            }
        }
        // Every destination counts for itself; one line of the study is enough.
        if let plan = planned.first(where: { $0.publication != nil }), let publication = plan.publication {
            post(
                .studySettled(
                    key, version: publication.version, series: decision.verdict.series,
                    instances: decision.verdict.instances))
        } else if holds.isEmpty, planned.allSatisfy(\.withdrawals.isEmpty) {
            post(.studyUnchanged(key))
        }
    }
}
