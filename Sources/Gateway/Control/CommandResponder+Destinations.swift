import Forwarding
import Spool

extension CommandResponder {
    /// A destination with what waits for it.
    struct DestinationRow {
        var outbox: String
        var place: String
        /// Nil: the configuration does not have it any more.
        var state: DestinationStatus.State?
        var depth: Int
        var oldest: Timestamp?
        var dead: Int

        var word: String {
            switch state {
            case .working: "working"
            case .failing: "failing"
            case .down: "down"
            case nil: "not configured"
            }
        }

        var reason: String? {
            switch state {
            case .failing(let reason), .down(let reason, _): reason
            case .working, nil: nil
            }
        }
        var until: Timestamp? { if case .down(_, let until) = state { until } else { nil } }

        var json: JSONText {
            .object([
                ("destination", .string(outbox)), ("place", .string(place)), ("state", .string(word)),
                ("reason", reason.map { .string($0) } ?? .null), ("retry_at", ControlTime.json(until)),
                ("depth", .number(depth)), ("oldest", ControlTime.json(oldest)), ("dead_letters", .number(dead)),
            ])
        }
    }

    func destinations() throws(OperatorRefusal) -> Answer {
        let rows = try destinationRows()
        return Answer([.table(Self.table(rows))], .object([("destinations", .array(rows.map(\.json)))]))
    }

    /// Those of the configuration in its order, then those that only the spool remembers.
    func destinationRows() throws(OperatorRefusal) -> [DestinationRow] {
        var summaries = try reading { () throws(SpoolError) in try spool.outboxSummary() }
        var rows: [DestinationRow] = []
        for condition in try desk.destinations() {
            let summary = summaries.removeValue(forKey: condition.outbox)
            rows.append(
                DestinationRow(
                    outbox: condition.outbox, place: condition.place, state: condition.state,
                    depth: summary?.depth ?? 0, oldest: summary?.oldest, dead: summary?.dead ?? 0))
        }
        for (outbox, summary) in summaries.sorted(by: { $0.key < $1.key }) {
            rows.append(
                DestinationRow(
                    outbox: outbox, place: "–", depth: summary.depth, oldest: summary.oldest, dead: summary.dead))
        }
        return rows
    }

    static func table(_ rows: [DestinationRow]) -> Table {
        var table = Table([
            .init("DESTINATION"), .init("PLACE"), .init("WAITING", .right), .init("DEAD", .right), .init("OLDEST"),
            .init("STATE"),
        ])
        for row in rows {
            let until = row.until.map { ", tried again at \(ControlTime.text($0))" } ?? ""
            table.add([
                row.outbox, row.place, "\(row.depth)", "\(row.dead)", ControlTime.text(row.oldest),
                row.word + (row.reason.map { ": \($0)\(until)" } ?? ""),
            ])
        }
        return table
    }
}

extension DestinationStatus.State {
    init(_ condition: DestinationCondition) {
        switch condition.activity {
        case .waiting(let until, let reason): self = .down(reason: reason, until: until)
        case .idle, .sending:
            // The breaker opens only after some failures, but a document that waits for its next try is told at once.
            let failure = condition.waitingStudies > 0 ? condition.lastFailure : nil
            self = failure.map { .failing(reason: $0.reason) } ?? .working
        }
    }
}
