import DICOM
import Spool

/// All that is told of one study.
struct StudyReport {
    let entry: StudyEntry
    let inspection: StudyInspection
    let deliveries: [Delivery]
    let images: StudyImages
    let history: [HistoryEvent]

    /// Rows of a table that may be long, for people; machines get all.
    private static let longest = 50

    var parts: [Answer.Part] {
        var parts: [Answer.Part] = [.literal("study \(entry.uid) from \(entry.source): \(entry.stateName)")]
        if let patient = inspection.patient { parts.append(.literal("patient \(patient)")) }
        for hold in inspection.holds {
            parts.append(.line(hold.sentence))
        }
        for wait in inspection.waits { parts.append(.line("waits: \(wait)")) }
        for table in [senders, series] where !table.isEmpty { parts += [.literal(""), .table(table)] }
        if !inspection.exceptions.isEmpty { parts += exceptions }
        for destination in inspection.destinations { parts += [.literal("")] + destination.parts(deliveries) }
        parts += images.parts(entry, inspection)
        return parts + historyParts
    }

    private var senders: Table {
        var table = Table([
            .init("FROM"), .init("ARRIVALS", .right), .init("FIRST"), .init("LAST"),
        ])
        for sender in inspection.senders {
            table.add([
                sender.callingAETitle.text, "\(sender.arrivals)", ControlTime.minute(sender.first),
                ControlTime.minute(sender.last),
            ])
        }
        return table
    }

    private var series: Table {
        var table = Table([
            .init("SERIES"), .init("LIVE", .right), .init("REJECTED", .right), .init("QUARANTINED", .right),
            .init("NOT LISTED", .right),
        ])
        for one in inspection.series {
            table.add([one.uid.text, "\(one.live)", "\(one.rejected)", "\(one.quarantined)", "\(one.unlisted)"])
        }
        return table
    }

    private var exceptions: [Answer.Part] {
        var table = Table([.init("INSTANCE"), .init("NOTE"), .init("STATE")])
        for exception in inspection.exceptions.prefix(Self.longest) {
            table.add([exception.instance.text, exception.note?.text ?? "–", exception.state.sentence])
        }
        let left = inspection.exceptions.count - Self.longest
        let more: [Answer.Part] = left > 0 ? [.line("… and \(left) more: --format json tells all")] : []
        return [.literal(""), .table(table)] + more
    }

    private var historyParts: [Answer.Part] {
        if history.isEmpty { return [] }
        var table = Table([.init("WHEN"), .init("WHAT"), .init("DETAIL")])
        for event in history.suffix(Self.longest) {
            table.add([ControlTime.text(event.at), event.kind, event.detail])
        }
        let left = history.count - Self.longest
        let more: [Answer.Part] = left > 0 ? [.line("\(left) events before these: --format json tells all")] : []
        return [.literal("")] + more + [.table(table)]
    }
}

extension StudyInspection.AtDestination {
    fileprivate func parts(_ all: [Delivery]) -> [Answer.Part] {
        var parts: [Answer.Part] = [.literal("at \(outbox):" + (held.isEmpty ? " nothing" : ""))]
        if !held.isEmpty {
            var table = Table([
                .init("VERSION", .right), .init("MADE"), .init("REFERENCES", .right), .init("WITHDRAWN", .right),
                .init("CERTAIN"), .init("SOP INSTANCE"),
            ])
            for one in held {
                table.add([
                    "\(one.version)", ControlTime.text(one.madeAt), "\(one.references)", "\(one.withdrawn)",
                    one.isCertain ? "yes" : "no", one.sopInstanceUID.text,
                ])
            }
            parts.append(.table(table))
        }
        let deliveries = all.filter { $0.destination == outbox }
        if !deliveries.isEmpty { parts.append(.table(Self.table(deliveries))) }
        return parts + dueParts
    }

    private static func table(_ deliveries: [Delivery]) -> Table {
        var table = Table([
            .init("SENT", .right), .init("STATE"), .init("ATTEMPTS", .right), .init("QUEUED"), .init("NOT BEFORE"),
            .init("LAST ERROR"),
        ])
        for delivery in deliveries {
            table.add([
                delivery.version, delivery.stateName, "\(delivery.attempts)", ControlTime.text(delivery.queuedAt),
                ControlTime.text(delivery.postponedUntil), delivery.lastError ?? "–",
            ])
        }
        return table
    }

    fileprivate var dueParts: [Answer.Part] {
        if due.isEmpty {
            return [.line(obstacle.map { "nothing is sent: \($0)" } ?? "nothing is due: it holds what is true")]
        }
        return due.map { .line("due: \($0.sentence)") } + (obstacle.map { [.line("not sent now: \($0)")] } ?? [])
    }

    var differenceParts: [Answer.Part] {
        [.literal("at \(outbox): \(added.count) to add, \(removed.count) to remove")]
            + (attributesChanged ? [.line("patient, study or request say something else than it holds")] : [])
            + removed.map { .literal("- \($0)") } + added.map { .literal("+ \($0)") } + dueParts
    }
}

extension StudyInspection.Hold {
    var sentence: String { "held (\(code)): \(reason) \(remedy)" }
}

extension StudyInspection.Due {
    var sentence: String {
        switch self {
        case .withdraw(let references, let version, let title):
            "a rejection note \(title) for \(references) of version \(version)"
        case .publish(let version, let references):
            "the manifest, version \(version), \(counted(references, "reference"))"
        }
    }
}

extension StudyInspection.Exception.State {
    var sentence: String {
        switch self {
        case .rejected(let title): "rejected (\(title))"
        case .quarantined(let title):
            "quarantined: came again after a rejection (\(title)); release it, or leave it out"
        case .refused(let title): "a copy was refused: it came again after a rejection (\(title))"
        case .unlisted(let reason): "not listed: \(reason)"
        }
    }
}
