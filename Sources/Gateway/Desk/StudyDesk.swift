import DICOM
import Forwarding
import KeyObjects
import Spool
import Studies
import Threads

/// Answers and carries out what an operator asks of the running gateway. A decision is an arrival of its study like any
/// other: durable before it is answered, and found again at its place by every replay.
final class StudyDesk: OperatorDesk {
    let presence: GatewayPresence
    let configuration: Configuration
    let spool: Spool
    private let curation: Curation
    private let forwarders: [Forwarder]
    private let caution: StudyCaution
    let imageSwitches: [ImageSwitch]

    init(
        _ configuration: Configuration, presence: GatewayPresence, spool: Spool, curation: Curation,
        forwarders: [Forwarder], caution: StudyCaution, imageSwitches: [ImageSwitch]
    ) {
        self.caution = caution
        self.imageSwitches = imageSwitches
        self.configuration = configuration
        self.presence = presence
        self.spool = spool
        self.curation = curation
        self.forwarders = forwarders
    }

    // MARK: Destinations

    func destinations() throws(OperatorRefusal) -> [DestinationStatus] {
        let documents = forwarders.map { forwarder in
            let condition = forwarder.condition
            return DestinationStatus(
                outbox: condition.outbox, place: condition.destination, state: DestinationStatus.State(condition))
        }
        return documents + imageDestinations
    }

    func wake(outbox: String) {
        for forwarder in forwarders where forwarder.condition.outbox == outbox { forwarder.probe() }
        for image in imageSwitches where image.name == outbox { image.probe() }
    }

    func publish(
        to destination: String, since: Timestamp, by word: OperatorWord
    ) throws(OperatorRefusal) -> Int {
        let publication = LatePublication(to: destination, since: since, by: word)
        let count: Int
        do throws(SpoolError) { count = try publication.count(in: spool) } catch { throw OperatorRefusal(error) }
        guard count > 0 else { return 0 }
        guard curation.publish(publication) else {
            throw OperatorRefusal(
                "'\(destination)' is being given what was settled before; the log says when it is done")
        }
        return count
    }

    // MARK: Decisions

    func release(
        _ study: StudyEntry, holds: Set<String>?, instances: [InstanceUID]?, by word: OperatorWord
    ) throws(OperatorRefusal) -> String {
        let found = try view(of: study)
        let refused = found.holds.filter { !$0.isReleasable && holds?.contains($0.code) ?? true }
        let codes = Set(found.holds.filter(\.isReleasable).map(\.code)).intersection(
            holds ?? Set(found.holds.map(\.code)))
        let register = found.replay.register
        if let stranger = instances?.first(where: { register.state(of: $0)?.isLive ?? true }) {
            throw OperatorRefusal(
                "instance \(stranger) of study \(study.uid) is neither rejected nor in quarantine: "
                    + "kosgate study \(study.uid) names those that are")
        }
        let instances = instances ?? Self.implied(register, codes, isWhole: holds == nil)
        let isEmpty = codes.isEmpty && instances.isEmpty
        if isEmpty, let hold = refused.first {
            throw OperatorRefusal("\(hold.code) cannot be released: \(hold.reason). \(hold.remedy)")
        }
        if isEmpty { throw OperatorRefusal("nothing of study \(study.uid) is held or in quarantine") }
        let passes = found.holds.filter { codes.contains($0.code) }.flatMap(\.passes)
        try decide(.release(holds: codes.union(passes), instances: instances), study, word)
        let left = refused.isEmpty ? "" : "; still held: \(refused.map(\.code).joined(separator: ", "))"
        let what = codes.sorted() + (instances.isEmpty ? [] : [counted(instances.count, "instance")])
        return "study \(study.uid): \(what.joined(separator: ", ")) released, it is settled now\(left)"
            + (instances.isEmpty ? "" : try lost(instances, of: study))
    }

    /// What a release cannot bring back.
    private func lost(_ instances: [InstanceUID], of study: StudyEntry) throws(OperatorRefusal) -> String {
        do throws(SpoolError) {
            let queued = Set(try spool.images(of: study.id).map(\.instance))
            guard instances.contains(where: { !queued.contains($0.text) }) else { return "" }
            let hasDropped = try spool.history(of: study.id).contains {
                $0.kind == "images" && $0.detail.contains(": rejected") || $0.detail.hasPrefix("gave up image ")
            }
            let wasSent = try !spool.imageLineages(of: study.id).isEmpty
            guard hasDropped || wasSent else { return "" }
            return "; images that were given up, or withdrawn at an image destination, do not come back: "
                + "have the PACS send them again"
        } catch {
            throw OperatorRefusal(error)
        }
    }

    /// What is meant where no instance is named: what is in quarantine, where that is what holds the study or nothing
    /// does; what an operator withdrew, where there is nothing else. What is in quarantine never goes along with a hold.
    private static func implied(
        _ register: InstanceRegister, _ codes: Set<String>, isWhole: Bool
    ) -> [InstanceUID] {
        if codes.contains(HoldReason.quarantined(0).code) { return register.quarantined }
        guard isWhole, codes.isEmpty else { return [] }
        if register.quarantinedCount > 0 { return register.quarantined }
        return register.rejected.filter {
            guard case .rejected(_, nil) = register.state(of: $0) else { return false }
            return true
        }
    }

    func hold(_ study: StudyEntry, by word: OperatorWord) throws(OperatorRefusal) -> String {
        try decide(.hold, study, word)
        return "study \(study.uid) is held: rejected instances are still withdrawn, nothing new is published"
    }

    func withdraw(
        _ study: StudyEntry, title: RejectionTitle, by word: OperatorWord
    ) throws(OperatorRefusal) -> String {
        let view = try view(of: study)
        let isHeld = view.standings.byDestination.values.contains { !$0.held.isEmpty }
        guard isHeld || view.replay.register.liveCount > 0 else {
            throw OperatorRefusal("no instance of study \(study.uid) is live, and no destination holds any")
        }
        try decide(.withdraw(title: title.rawValue), study, word)
        return "study \(study.uid): all of it is withdrawn from every destination (\(title.rawValue))"
    }

    private func decide(
        _ action: Decision.Action, _ study: StudyEntry, _ word: OperatorWord
    ) throws(OperatorRefusal) {
        let decision = Decision(action, by: word.by, why: word.why)
        let attributes = InstanceAttributes(
            kind: .decision, transferSyntax: TransferSyntax(""), callingAETitle: AETitle(""))
        do throws(SpoolError) {
            // Images that came before it are in the spool, which withholds them with it.
            // No series of its own: studies that share one are taken for neighbours.
            let arrival = Arrival(
                source: study.source, study: study.uid, series: study.uid, attributes: attributes.text,
                header: Array(decision.text.utf8), receivedAt: .now, withholdsImages: true)
            try caution.note([StudyKey(study)]) { () throws(SpoolError) in try spool.store(arrival) }
            let detail = "\(action.words), by \(word.by): \(word.why)"
            try spool.append(HistoryEvent(kind: "command", detail: detail, at: .now), to: study.id)
        } catch {
            throw OperatorRefusal(error)
        }
        settle(StudyKey(study), configuration.source(named: study.source))
    }

    /// Now, whatever it waits for.
    func settle(_ key: StudyKey, _ source: Configuration.Source) { curation.decided(key, source: source, at: .now) }

    // MARK: Looking

    /// A study as it would be settled now.
    struct View {
        let replay: StudyReplay
        let verdict: StudyVerdict
        let standings: StudyStandings
        let holds: [HoldReason]
        let plans: [StudyPlan]
        let references: [String: [InstanceUID]]
    }

    func view(of entry: StudyEntry, withIdentity: Bool = false) throws(OperatorRefusal) -> View {
        do throws(SpoolError) {
            return try read(entry, withIdentity: withIdentity)
        } catch {
            throw OperatorRefusal(error)
        }
    }

    func read(_ entry: StudyEntry, withIdentity: Bool) throws(SpoolError) -> View {
        let settings = StudySettings(configuration, source: configuration.source(named: entry.source))
        do throws(SpoolError) {
            return try read(entry, settings, withIdentity: withIdentity)
        } catch {
            // A document that was acknowledged meanwhile may be gone: then it is read once more.
            guard case .damaged = error else { throw error }
        }
        return try read(entry, settings, withIdentity: withIdentity)
    }

    private func read(
        _ entry: StudyEntry, _ settings: StudySettings, withIdentity: Bool
    ) throws(SpoolError) -> View {
        let replay = try StudyReplay(of: entry, in: spool, settings)
        let verdict = StudyVerdict(replay, settings, withIdentity: withIdentity)
        let standings = try StudyStandings(of: entry, at: settings.destinations, in: spool)
        let neighbours = try StudyNeighbours(of: entry, replay, in: spool) { other in
            StudySettings(configuration, source: configuration.source(named: other.source))
        }
        let decision = StudyDecision(
            key: StudyKey(entry), entry: entry, settings: settings, replay: replay, verdict: verdict,
            neighbours: neighbours)
        let references = try standings.references()
        let outcome = decision.outcome(standings, references)
        let plans = try settings.destinations.map { destination throws(SpoolError) in
            try StudyPlan(
                outcome.truth(at: destination), decision, at: destination, standings, references, settings,
                in: spool)
        }
        return View(
            replay: replay, verdict: verdict, standings: standings, holds: outcome.holds, plans: plans,
            references: references)
    }
}

extension Decision.Action {
    fileprivate var words: String {
        switch self {
        case .hold: "hold"
        case .withdraw(let title): "withdraw (\(title))"
        case .release(let holds, let instances):
            (["release"] + Set(holds.map { $0.prefix { $0 != " " } }).sorted().map(String.init)
                + (instances.map { [counted($0.count, "instance")] } ?? [])).joined(separator: " ")
        }
    }
}
