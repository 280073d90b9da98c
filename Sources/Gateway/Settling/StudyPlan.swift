import DICOM
import KeyObjects
import Spool
import Studies

/// What one destination is sent of a study so that it holds the truth.
struct StudyPlan {
    let destination: String
    /// As it is once the settlement is written.
    private(set) var standing: Standing
    private(set) var outgoing: [Outgoing] = []
    /// Deliveries that are no longer wanted.
    private(set) var withdrawn: [Delivery.ID] = []
    private(set) var events: [HistoryEvent] = []
    /// The manifest that is due; nil: none.
    private(set) var publication: Publication?
    /// How many instances go, by the title of the note that says so.
    private(set) var withdrawals: [(title: String, count: Int)] = []

    init(
        _ truth: Truth, _ decision: StudyDecision, at destination: String, _ standings: StudyStandings,
        _ references: [String: [InstanceUID]], _ settings: StudySettings, in spool: Spool
    ) throws(SpoolError) {
        self.destination = destination
        standing = standings.byDestination[destination] ?? Standing()
        let plan = standing.plan(
            truth, removal: settings.removal,
            references: { [standing] publication in
                decision.references(
                    references[publication.sopInstanceUID] ?? [], of: publication,
                    withdrawn: standing.withdrawn(of: publication))
            },
            title: decision.title(of:))
        withdrawn = standings.deliveries(of: plan.withdrawnSteps, to: destination)
        let documents = StudyDocuments(spool: spool, entry: decision.entry, destination: destination)
        let now = Timestamp.now
        var made: [Standing.Made] = []
        for action in plan.actions {
            switch action {
            case .withdraw(let references, let of, let title, _):
                let listed = references.map(\.withoutCopy)
                let relayed = settings.relaysNotes ? decision.note(rejecting: listed, of: of, title: title) : nil
                let (document, identity) = try documents.note(
                    withdrawing: listed, of: of, title: title, relaying: relayed, at: now.milliseconds / 1000)
                outgoing.append(document)
                made.append(.note(identity: identity))
                withdrawals.append((title, references.count))
                events.append(
                    .init(
                        kind: "note",
                        detail:
                            "\(title) for \(counted(references.count, "instance")), to \(destination)",
                        at: now))
            case .publish(let last, let isFirst):
                guard let publishable = decision.verdict.publishable, case .manifest(let desired, _) = truth else {
                    preconditionFailure("nothing is published without a manifest")
                }
                let (document, publication) = documents.manifest(
                    publishable, desired, after: last, isFirst: isFirst, through: decision.replay.through,
                    at: now.milliseconds / 1000)
                outgoing.append(document)
                made.append(.manifest(publication))
                self.publication = publication
                let count = decision.verdict.instances
                let instances = counted(count, "instance")
                events.append(
                    .init(
                        kind: "manifest",
                        detail: "version \(publication.version), \(instances), to \(destination)",
                        at: now))
            }
        }
        standing.carryOut(plan, made: made)
    }
}
