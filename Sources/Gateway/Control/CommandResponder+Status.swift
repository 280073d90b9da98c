import Glibc
import Spool

extension CommandResponder {
    /// How the gateway fares, on one screen.
    func status() throws(OperatorRefusal) -> Answer {
        let presence = desk.presence
        let counts = try stateCounts()
        let rows = try destinationRows()
        let kept = try reading { () throws(SpoolError) in try spool.quarantined().count }
        let dead = rows.reduce(0) { $0 + $1.dead }
        let size = spoolSize
        var facts = Table([.init("kosgate"), .init(Version.text)])
        facts.add(["since", ControlTime.text(presence.startedAt)])
        facts.add(["listening", presence.addresses.joined(separator: ", ")])
        facts.add(["data", configuration.dataDirectory])
        facts.add(["spool", "\(Self.bytes(size)), \(freeBytes.map(Self.bytes) ?? "unknown") free on its disk"])
        if let obstacle = spool.obstacle { facts.add(["refuses", obstacle.description]) }
        facts.add(["studies", Self.sentence(counts)])
        facts.add(["dead letters", "\(dead)" + (dead > 0 ? " (kosgate dead-letters)" : "")])
        facts.add(["kept aside", "\(kept)" + (kept > 0 ? " (kosgate quarantine)" : "")])
        return Answer(
            [.table(facts), .literal(""), .table(Self.table(rows))],
            .object([
                ("version", .string(Version.text)), ("since", ControlTime.json(presence.startedAt)),
                ("listening", .array(presence.addresses.map { .string($0) })),
                ("data", .string(configuration.dataDirectory)), ("spool_bytes", .number(size)),
                ("free_bytes", freeBytes.map { .number($0) } ?? .null),
                ("refuses", spool.obstacle.map { .string($0.description) } ?? .null),
                ("studies", .object(counts.map { ($0.name, .number($0.count)) })),
                ("dead_letters", .number(dead)), ("kept_aside", .number(kept)),
                ("destinations", .array(rows.map(\.json))),
            ]))
    }

    /// All studies, then those in each state; what is open may be counted under its last state too.
    private func stateCounts() throws(OperatorRefusal) -> [(name: String, count: Int)] {
        let (open, counts) = try reading { () throws(SpoolError) in
            (try spool.openStudies().count(where: \.isUnsettled), try spool.studyCounts())
        }
        let total = counts.values.reduce(0, +)
        return [("total", total)]
            + StudyState.allCases.map { ($0.rawValue, $0 == .open ? open : counts[$0.rawValue] ?? 0) }
    }

    private static func sentence(_ counts: [(name: String, count: Int)]) -> String {
        counts.filter { $0.count > 0 || $0.name == "total" }.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
    }

    private var spoolSize: Int {
        ["spool.db", "spool.db-wal"].reduce(0) { sum, name in
            var status = stat()
            guard stat("\(configuration.dataDirectory)/spool/\(name)", &status) == 0 else { return sum }
            return sum + Int(status.st_size)
        }
    }

    private var freeBytes: Int? {
        var status = statvfs()
        guard statvfs(configuration.dataDirectory, &status) == 0 else { return nil }
        let (bytes, overflow) = Int(clamping: status.f_bavail).multipliedReportingOverflow(by: Int(status.f_frsize))
        return overflow ? .max : bytes
    }

    /// With a unit that leaves some digits.
    static func bytes(_ count: Int) -> String {
        var (value, unit) = (count, "B")
        for larger in ["KiB", "MiB", "GiB", "TiB"] where value >= 10 << 10 { (value, unit) = (value >> 10, larger) }
        return "\(value) \(unit)"
    }
}
