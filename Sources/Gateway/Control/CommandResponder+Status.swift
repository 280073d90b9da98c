import Spool

extension CommandResponder {
    /// How the gateway fares, on one screen.
    func status() throws(OperatorRefusal) -> Answer {
        let presence = desk.presence
        let counts = try stateCounts()
        let rows = try destinationRows()
        let kept = try reading { () throws(SpoolError) in try spool.quarantined().count }
        let dead = rows.reduce(0) { $0 + $1.dead }
        let disk = DiskUse(configuration, spool)
        var facts = Table([.init("kosgate"), .init(Version.text)])
        facts.add(["since", ControlTime.text(presence.startedAt)])
        facts.add(["listening", presence.addresses.joined(separator: ", ")])
        facts.add(["data", configuration.dataDirectory])
        for fact in disk.facts(rows) { facts.add(fact) }
        if let obstacle = spool.obstacle { facts.add(["refuses", obstacle.description]) }
        facts.add(["studies", Self.sentence(counts)])
        facts.add(["dead letters", "\(dead)" + (dead > 0 ? " (kosgate dead-letters)" : "")])
        facts.add(["kept aside", "\(kept)" + (kept > 0 ? " (kosgate quarantine)" : "")])
        return Answer(
            [.table(facts), .literal(""), .table(DestinationRow.table(rows, now: .now))],
            .object([
                ("version", .string(Version.text)), ("since", ControlTime.json(presence.startedAt)),
                ("listening", .array(presence.addresses.map { .string($0) })),
                ("data", .string(configuration.dataDirectory)), ("spool_bytes", .number(disk.spoolBytes)),
                ("free_bytes", disk.freeBytes.map { .number($0) } ?? .null), ("images", disk.json),
                ("refuses", spool.obstacle.map { .string($0.description) } ?? .null),
                ("studies", .object(counts.map { ($0.name, .number($0.count)) })),
                ("dead_letters", .number(dead)), ("kept_aside", .number(kept)),
                ("destinations", .array(rows.map(\.json))),
            ]))
    }

    /// All studies, then those in each state, each once.
    private func stateCounts() throws(OperatorRefusal) -> [(name: String, count: Int)] {
        var (settled, open) = try reading { () throws(SpoolError) in
            (try spool.studyCounts(), try spool.openStudies().filter(\.isUnsettled))
        }
        for study in open { settled[study.state, default: 0] -= 1 }
        // Settled by an earlier version, which wrote no word for it.
        settled[StudyState.published.rawValue, default: 0] += max(0, settled[nil] ?? 0)
        let counts = StudyState.allCases.map { state in
            (name: state.rawValue, count: state == .open ? open.count : max(0, settled[state.rawValue] ?? 0))
        }
        return [("total", counts.reduce(0) { $0 + $1.count })] + counts
    }

    private static func sentence(_ counts: [(name: String, count: Int)]) -> String {
        counts.filter { $0.count > 0 || $0.name == "total" }.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
    }
}
