import DICOM
import KeyObjects
import Spool
import Studies

extension StudyDesk {
    /// The sources that have a PACS to ask, each with it.
    private var askable: [(source: Configuration.Source, query: PACSQuery)] {
        let named = configuration.sources.isEmpty ? [configuration.source(named: "any")] : configuration.sources
        return named.compactMap { source in
            source.settings.pacs.map { (source, PACSQuery(.init($0, aeTitle: configuration.aeTitle))) }
        }
    }

    func adopt(_ study: StudyUID, from source: String, by word: OperatorWord) throws(OperatorRefusal) -> String {
        guard let (source, query) = askable.first(where: { $0.source.name == source }) else {
            throw OperatorRefusal("source \(source) has no [source.pacs] in the configuration, so nobody can be asked")
        }
        let adopted: AdoptedStudy
        do throws(PACSError) {
            adopted = try query.adopt(study)
        } catch {
            throw OperatorRefusal("\(error)\(error.remedy.map { "; \($0)" } ?? "")")
        }
        guard !adopted.instances.isEmpty else { throw OperatorRefusal("the PACS tells of no instance with its class") }
        // What came, or was rejected, is known better than C-FIND tells it.
        let known = try known(study, at: source)
        let learnt = adopted.instances.filter { !known.contains($0.instance) }
        let attributes = InstanceAttributes(
            kind: .adopted, transferSyntax: .explicitVRLittleEndian,
            callingAETitle: source.settings.pacs?.aeTitle ?? AETitle(""))
        do throws(SpoolError) {
            try spool.store(
                learnt.map {
                    Arrival(
                        source: source.name, study: study.text, series: $0.series.text, attributes: attributes.text,
                        header: $0.header, receivedAt: .now)
                })
            if let entry = try spool.studies(uid: study.text).first(where: { $0.source == source.name }) {
                let detail = "adopt, \(counted(learnt.count, "instance")), by \(word.by): \(word.why)"
                try spool.append(HistoryEvent(kind: "command", detail: detail, at: .now), to: entry.id)
            }
        } catch {
            throw OperatorRefusal(error)
        }
        settle(StudyKey(source: source.name, studyInstanceUID: study), source)
        return "study \(study): " + sentence(adopted, learnt: learnt.count)
    }

    private func sentence(_ adopted: AdoptedStudy, learnt: Int) -> String {
        let told = counted(adopted.instances.count, "instance")
        var parts =
            learnt == 0
            ? ["nothing new: the \(told) that the PACS tells of came before, or were rejected"]
            : ["\(counted(learnt, "instance")) learnt from the PACS, as if sent by it"]
        if learnt > 0, learnt < adopted.instances.count {
            parts.append("\(adopted.instances.count - learnt) more came before, or were rejected")
        }
        if !adopted.incomplete.isEmpty {
            parts.append(
                "\(counted(adopted.incomplete.count, "instance")) left out, of which it tells too little: have it send "
                    + "the study")
        }
        if learnt > 0, !configuration.imageDestinations.isEmpty {
            parts.append("the images are not here, so image destinations get them only when the PACS sends the study")
        }
        return parts.joined(separator: "; ") + "; it is settled now, kosgate study tells what comes of it"
    }

    /// Instances of the study that came or that a note named.
    private func known(
        _ study: StudyUID, at source: Configuration.Source
    ) throws(OperatorRefusal) -> Set<InstanceUID> {
        do throws(SpoolError) {
            let entry = try spool.studies(uid: study.text).first { $0.source == source.name }
            guard let entry else { return [] }
            let replay = try StudyReplay(of: entry, in: spool, StudySettings(configuration, source: source))
            return replay.known.union(replay.register.instances.map(\.uid))
        } catch {
            throw OperatorRefusal(error)
        }
    }

    func reconcile(days: Int?) throws(OperatorRefusal) -> Reconciliation {
        var result = Reconciliation(compared: 0, differences: [], failures: [])
        let sources = askable
        if sources.isEmpty { throw OperatorRefusal("no source has a [source.pacs] in the configuration") }
        for (source, query) in sources {
            let days = days ?? source.settings.pacs?.sweepDays ?? 0
            if days > 0 { try reconcile(source, query, days, &result) }
        }
        return result
    }

    private func reconcile(
        _ source: Configuration.Source, _ query: PACSQuery, _ days: Int, _ result: inout Reconciliation
    ) throws(OperatorRefusal) {
        let now = Timestamp.now.milliseconds / 1000
        let dates = (0..<max(1, days)).reversed().map { CivilTime(instant: now - Int64($0) * 86_400).date }
        let since = Timestamp(milliseconds: (now - Int64(days) * 86_400) * 1000)
        let published: [StudyUID]
        do throws(SpoolError) {
            published = try spool.studies(
                state: StudyState.published.rawValue, source: source.name, since: since, limit: Self.comparedAtOnce
            ).map { StudyUID($0.uid) }
        } catch {
            throw OperatorRefusal(error)
        }
        var compared = 0
        var differences: [Reconciliation.Difference] = []
        do throws(PACSError) {
            try query.reconcile(
                days: dates, published: published,
                known: { study in
                    compared += 1
                    return known(study, of: source)
                },
                report: { differences.append(.init($0, source: source.name)) })
        } catch {
            result.failures.append("source \(source.name): \(error)\(error.remedy.map { "; \($0)" } ?? "")")
        }
        result.compared += compared
        result.differences += differences
    }

    /// A site makes fewer studies in the days that it compares.
    private static var comparedAtOnce: Int { 20_000 }

    private func known(_ study: StudyUID, of source: Configuration.Source) -> StudyComparison.Known? {
        let entries = (try? spool.studies(uid: study.text)) ?? []
        guard let entry = entries.first(where: { $0.source == source.name }), let view = try? view(of: entry) else {
            return nil
        }
        var published: Set<InstanceUID> = []
        for standing in view.standings.byDestination.values {
            for holding in standing.held {
                let listed = view.references[holding.publication.sopInstanceUID] ?? []
                published.formUnion(listed.filter { !holding.withdrawn.contains($0) })
            }
        }
        return StudyComparison.Known(published: published, withheld: view.replay.known.subtracting(published))
    }
}

extension Reconciliation.Difference {
    init(_ proposal: StudyComparison.Proposal, source: String) {
        let count = proposal.instances.count
        self.init(source: source, study: proposal.study, unpublished: 0, disappeared: 0, proposal: "\(proposal)")
        switch proposal.kind {
        case .additions:
            unpublished = count
            self.proposal = "have the PACS send the study again, or kosgate adopt it"
        case .disappearances:
            disappeared = count
            self.proposal = "have the PACS send a rejection note, or kosgate withdraw the study"
        case .studyGone:
            disappeared = count
            self.proposal = "the PACS no longer knows it: kosgate withdraw it, if that is right"
        case .studyUnknown: self.proposal = "it never came: have the PACS send it, or kosgate adopt it"
        }
    }

    /// For the log.
    var sentence: String {
        let counts = [(unpublished, "not published"), (disappeared, "gone from the PACS")].filter { $0.0 > 0 }
        let words = counts.map { "\(counted($0.0, "instance")) \($0.1)" }
        return (words + [proposal]).joined(separator: ", ")
    }
}
