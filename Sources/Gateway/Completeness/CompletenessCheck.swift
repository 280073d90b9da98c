import Associations
import DICOM
import DICOMNetwork
import Spool
import Studies
import Threads

/// Takes instances that the gateway itself asked a source's PACS for, as those that come by themselves.
protocol FetchedInstances: Sendable {
    func begin(
        _ instance: ArrivingInstance, of association: AssociationIdentity, from source: Configuration.Source
    ) -> (any DataSetTaker)?
    func store(_ instance: ReceivedInstance, from source: Configuration.Source) -> StoreStatus
}

/// Asks the PACS whether a study is whole before it settles, and for what is missing where the source says so. One study
/// after the other, on a thread of its own: a slow PACS delays its own studies, and nobody else's manifests.
final class CompletenessCheck: Sendable {
    enum Verdict: Equatable, Sendable {
        case whole
        /// The PACS has more than came.
        case missing(Int)
        /// The PACS could not be asked: the study settles as it would without it.
        case unknown
    }

    private struct Question {
        let key: StudyKey
        let source: Configuration.Source
        let answer: @Sendable (Verdict) -> Void
    }

    private struct State {
        var questions: [Question] = []
        /// PACSs that could not be reached, and until when nobody waits for them again.
        var unreachable: [String: MonotonicInstant] = [:]
        var isStopping = false
    }

    private let configuration: Configuration
    private let spool: Spool
    private let post: @Sendable (OperatorEvent) -> Void
    private let state = Monitor(State())

    init(_ configuration: Configuration, spool: Spool, post: @escaping @Sendable (OperatorEvent) -> Void) {
        self.configuration = configuration
        self.spool = spool
        self.post = post
    }

    /// Whether studies of the source are asked for at all.
    static func asks(_ source: Configuration.Source) -> Bool {
        source.settings.complete != .timer && source.settings.pacs != nil
    }

    func ask(_ key: StudyKey, source: Configuration.Source, then answer: @escaping @Sendable (Verdict) -> Void) {
        state.update { $0.questions.append(Question(key: key, source: source, answer: answer)) }
    }

    func stop() { state.update { $0.isStopping = true } }

    /// Answers until `stop`.
    /// - Parameter door: takes instances that come by C-GET.
    func run(into door: any FetchedInstances) {
        while let question = next() { question.answer(judge(question, door)) }
    }

    private func next() -> Question? {
        state.wait { state -> Question?? in
            if state.isStopping { return .some(nil) }
            return state.questions.isEmpty ? nil : .some(state.questions.removeFirst())
        } ?? nil
    }

    private func judge(_ question: Question, _ door: any FetchedInstances) -> Verdict {
        guard let pacs = question.source.settings.pacs, !isLeftAlone(pacs) else { return .unknown }
        do throws(PACSError) {
            let query = self.query(pacs)
            guard let missing = try missing(question, query) else { return .unknown }
            guard !missing.isEmpty else { return .whole }
            var outcome: FetchOutcome?
            if question.source.settings.complete == .fetch {
                outcome = try query.fetch(
                    question.key.studyInstanceUID, missing,
                    beginning: { door.begin($0, of: $1, from: question.source) },
                    into: { door.store($0, from: question.source) })
            }
            tell(question.key, missing, outcome)
            return .missing(missing.count - (outcome?.stored.count ?? 0))
        } catch {
            if case .association = error { leaveAlone(pacs) }
            let remedy = error.remedy.map { ". \($0)" } ?? ""
            post(.studyRemark(question.key, remark: "the PACS could not be asked what is missing: \(error)\(remedy)"))
            return .unknown
        }
    }

    /// So long a PACS that could not be reached keeps no study waiting.
    private static let pause = Duration.seconds(60)

    private func isLeftAlone(_ pacs: Configuration.PACS) -> Bool {
        state.withLock { $0.unreachable["\(pacs.host):\(pacs.port)"].map { $0 > .now } ?? false }
    }

    private func leaveAlone(_ pacs: Configuration.PACS) {
        state.withLock { $0.unreachable["\(pacs.host):\(pacs.port)"] = .now + Self.pause }
    }

    private func query(_ pacs: Configuration.PACS) -> PACSQuery {
        var settings = PACSQuery.Configuration(pacs, aeTitle: configuration.aeTitle)
        settings.isStopped = { [state] in state.withLock { $0.isStopping } }
        return PACSQuery(settings)
    }

    /// Nil: the spool does not tell what came.
    private func missing(_ question: Question, _ query: PACSQuery) throws(PACSError) -> [PACSInstance]? {
        let study = question.key.studyInstanceUID
        guard let replay = replay(question) else { return nil }
        let known = replay.known
        // Where the numbers agree nothing more is asked; unless something is rejected or a document, which the one may
        // count and the other not.
        if replay.listed.count == known.count, try query.numberOfInstances(ofStudy: study) == known.count { return [] }
        return try query.instances(ofStudy: study).filter { !known.contains($0.instance) }
    }

    private func replay(_ question: Question) -> StudyReplay? {
        let entries = (try? spool.studies(uid: question.key.studyInstanceUID.text)) ?? []
        guard let entry = entries.first(where: { $0.source == question.key.source }) else { return nil }
        let settings = StudySettings(configuration, source: question.source)
        return try? StudyReplay(of: entry, in: spool, settings)
    }

    private func tell(_ key: StudyKey, _ missing: [PACSInstance], _ outcome: FetchOutcome?) {
        let names = missing.prefix(5).map(\.instance.text).joined(separator: ", ")
        var remark =
            "the PACS has \(counted(missing.count, "instance")) that did not come: "
            + "\(names)\(missing.count > 5 ? "…" : "")"
        if let outcome {
            let came = outcome.operation == .get ? outcome.stored.count : outcome.sent
            remark += "; asked for, \(came) sent"
            if let failure = outcome.failure { remark += " (\(failure))" }
        }
        post(.studyRemark(key, remark: remark))
    }
}
