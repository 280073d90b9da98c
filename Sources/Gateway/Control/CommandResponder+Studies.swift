import DICOM
import Spool

extension CommandResponder {
    /// Lists studies, those changed last first.
    func studies(
        state: String?, source: String?, since: String?, limit: Int
    ) throws(OperatorRefusal) -> Answer {
        let state = try state.map { name throws(OperatorRefusal) in
            guard let state = StudyState(rawValue: name) else {
                let all = StudyState.allCases.map(\.rawValue).joined(separator: ", ")
                throw OperatorRefusal("there is no state '\(name)'; a study is \(all)")
            }
            return state
        }
        let start = try since.map { text throws(OperatorRefusal) in try Self.time(text) }
        if let source { try check(source: source) }
        // One more than is shown tells that there are more.
        let found = try reading { () throws(SpoolError) in
            guard state == .open else {
                return try spool.studies(state: state?.rawValue, source: source, since: start, limit: limit + 1)
            }
            return Array(
                try spool.openStudies().filter { entry in
                    entry.isUnsettled && source.map { entry.source == $0 } ?? true
                        && start.map { entry.changedAt >= $0 } ?? true
                }.sorted { $0.changedAt > $1.changedAt }.prefix(limit + 1))
        }
        return Self.list(Array(found.prefix(limit)), hasMore: found.count > limit)
    }

    static func time(_ since: String) throws(OperatorRefusal) -> Timestamp {
        guard let time = ControlTime.since(since, now: .now) else {
            throw OperatorRefusal(
                "'\(since)' is no time: give a date (2026-03-01), a date and time (2026-03-01T09:30) or an age (12h)")
        }
        return time
    }

    /// A source that was renamed or removed still has its studies.
    private func check(source: String) throws(OperatorRefusal) {
        let known =
            configuration.sources.map(\.name) + (configuration.acceptsUnknownPeers ? [Configuration.anySource] : [])
        guard !known.contains(source) else { return }
        let studies = try reading { () throws(SpoolError) in
            try spool.studies(state: nil, source: source, since: nil, limit: 1)
        }
        guard studies.isEmpty else { return }
        let others = known.isEmpty ? "none is configured" : "the configuration has \(known.joined(separator: ", "))"
        throw OperatorRefusal("there is no source '\(source)': \(others)")
    }

    private static func list(_ entries: [StudyEntry], hasMore: Bool) -> Answer {
        var table = Table([.init("STATE"), .init("SOURCE"), .init("STUDY"), .init("CHANGED"), .init("HELD FOR")])
        for entry in entries {
            table.add([
                entry.stateName, entry.source, entry.uid, ControlTime.text(entry.changedAt),
                entry.holdCodes.joined(separator: " "),
            ])
        }
        var parts: [Answer.Part] = entries.isEmpty ? [.line("no study")] : [.table(table)]
        if hasMore {
            parts.append(.line("… and more than these \(entries.count): narrow the search, or raise --limit"))
        }
        return Answer(
            parts,
            .object([("studies", .array(entries.map(\.json))), ("has_more", .boolean(hasMore))]))
    }

    // MARK: One study

    /// The studies that the operator names: one per source that has it.
    func entries(_ study: OperatorCommand.Study) throws(OperatorRefusal) -> [StudyEntry] {
        let all = try reading { () throws(SpoolError) in try spool.studies(uid: StudyUID(study.uid).text) }
        let wanted = study.source.map { source in all.filter { $0.source == source } } ?? all
        guard wanted.isEmpty else { return wanted }
        guard !all.isEmpty else { throw OperatorRefusal("nothing of study \(study.uid) has come") }
        throw OperatorRefusal("study \(study.uid) has not come from \(study.source ?? ""), but \(Self.sources(all))")
    }

    /// The one study that the operator means.
    func entry(_ study: OperatorCommand.Study) throws(OperatorRefusal) -> StudyEntry {
        let entries = try entries(study)
        guard entries.count == 1 else {
            throw OperatorRefusal("study \(study.uid) has come \(Self.sources(entries)): say which with --source")
        }
        return entries[0]
    }

    private static func sources(_ entries: [StudyEntry]) -> String {
        "from " + entries.map(\.source).joined(separator: ", ")
    }
}

extension StudyEntry {
    /// Its state, as far as the spool alone knows it.
    var stateName: String {
        if isUnsettled { return StudyState.open.rawValue }
        if let state { return state }
        // Settled by an earlier version, which wrote no word for it.
        if hold != nil { return StudyState.held.rawValue }
        return (settledThrough == nil ? StudyState.open : .published).rawValue
    }

    var holdCodes: [String] { hold.map { $0.split(separator: " ").map(String.init) } ?? [] }

    var json: JSONText {
        .object([
            ("study", .string(uid)), ("source", .string(source)), ("state", .string(stateName)),
            ("holds", .array(holdCodes.map { .string($0) })), ("first_received", ControlTime.json(firstReceivedAt)),
            ("settled", ControlTime.json(settledAt)), ("changed", ControlTime.json(changedAt)),
        ])
    }
}
