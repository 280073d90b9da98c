import Forwarding
import Spool

extension CommandResponder {
    func destinations() throws(OperatorRefusal) -> Answer {
        let rows = try destinationRows()
        return Answer(
            [.table(DestinationRow.table(rows, now: .now))],
            .object([("destinations", .array(rows.map(\.json)))]))
    }

    /// Those of the configuration in its order, then those that only the spool remembers.
    func destinationRows() throws(OperatorRefusal) -> [DestinationRow] {
        var (documents, images, settings) = try reading { () throws(SpoolError) in
            (try spool.outboxSummary(), try spool.imageSummary(), try spool.destinationSettings())
        }
        var rows: [DestinationRow] = []
        for status in try desk.destinations() {
            let name = status.outbox
            rows.append(
                status.traffic == nil
                    ? DestinationRow(status, name: name, documents.removeValue(forKey: name))
                    : DestinationRow(status, name: name, images.removeValue(forKey: name), settings[name]))
        }
        for (name, summary) in documents.sorted(by: { $0.key < $1.key }) {
            rows.append(DestinationRow(nil, name: name, summary))
        }
        for (name, summary) in images.sorted(by: { $0.key < $1.key }) {
            rows.append(DestinationRow(nil, name: name, summary, settings[name]))
        }
        return rows
    }

    /// What the operator calls a destination; one for images where a former one for documents had its name.
    func row(_ name: String) throws(OperatorRefusal) -> DestinationRow {
        let rows = try destinationRows()
        let found = rows.filter { $0.name == name }
        guard let row = found.first(where: { $0.state != nil }) ?? found.last else {
            throw OperatorRefusal(
                "there is no destination '\(name)', but: \(rows.map(\.name).joined(separator: ", "))")
        }
        return row
    }

    // MARK: Changes

    func change(
        _ name: String, _ change: OperatorCommand.DestinationChange, _ word: OperatorWord
    ) throws(OperatorRefusal) -> Answer {
        if change == .forget { return try forget(name) }
        let row = try row(name)
        guard let images = row.images else {
            throw OperatorRefusal(
                "'\(name)' takes documents, which are always sent: only an image destination is paused or drained")
        }
        let mode: DestinationMode
        switch change {
        case .pause: mode = .paused
        case .resume: mode = .running
        case .drain: mode = .draining
        case .discard: return try discard(row, images, word)
        case .forget: return try forget(name)
        }
        guard row.state != nil else {
            throw OperatorRefusal(
                "'\(name)' is not configured any more, so nothing is sent to it: configure it again, or give up what "
                    + "waits with kosgate destination \(name) discard")
        }
        try desk.setMode(of: name, to: mode, by: word)
        let sentence = "\(name) \(Self.meaning(change)); \(Self.waiting(row))"
        return Answer(
            [.line(sentence)],
            .object([
                ("destination", .string(name)), ("mode", .string(mode.rawValue)), ("result", .string(sentence)),
            ]))
    }

    /// Gives a destination for documents what was settled before it was configured, or before it had its name.
    func publish(
        _ name: String, since: String, _ word: OperatorWord
    ) throws(OperatorRefusal) -> Answer {
        let start = try Self.time(since)
        let row = try row(name)
        guard row.images == nil else {
            throw OperatorRefusal("'\(name)' takes images, of which none is kept: the PACS must send them to it again")
        }
        guard row.state != nil else {
            throw OperatorRefusal("'\(name)' is not configured any more, so nothing is sent to it")
        }
        let count = try desk.publish(to: name, since: start, by: word)
        let sentence =
            count == 0
            ? "\(name) lacks nothing that was settled since \(ControlTime.text(start))"
            : "\(counted(count, "study")) that \(name) knows nothing of, settled since \(ControlTime.text(start)): settled "
                + "again one after the other and sent to it; the log tells the end, and a restart ends it too: command it "
                + "again then"
        return Answer(
            [.line(sentence)],
            .object([
                ("destination", .string(name)), ("studies", .number(count)), ("since", ControlTime.json(start)),
                ("result", .string(sentence)),
            ]))
    }

    private static func meaning(_ change: OperatorCommand.DestinationChange) -> String {
        switch change {
        case .pause: "is paused: what is on its way ends, nothing more is sent, what comes is kept for it"
        case .resume: "is resumed: what waits is sent, and what comes"
        case .drain:
            "is draining: nothing new is kept for it, what waits is sent, outside its hours too; 'resume' ends that"
        case .discard: "gives up what waits"
        case .forget: "tells no more what was not kept"
        }
    }

    static func waiting(_ row: DestinationRow) -> String {
        let bytes = row.images.map { ", \(ByteCount.rounded($0.bytes))" } ?? ""
        return row.depth == 0 ? "nothing waits" : "\(row.depth) \(row.depth == 1 ? "waits" : "wait")\(bytes)"
    }

    /// What was not kept was sent otherwise, or nobody needs it; of a destination that is long gone too.
    private func forget(_ name: String) throws(OperatorRefusal) -> Answer {
        guard try reading({ () throws(SpoolError) in try spool.forgetOmittedImages(for: name) }) else {
            throw OperatorRefusal("nothing is known of '\(name)' that was not kept for it")
        }
        let sentence = "what was not kept for \(name) is told no more, but in the history of each study"
        return Answer(
            [.line(sentence)], .object([("destination", .string(name)), ("result", .string(sentence))]))
    }

    /// All that lies here for a destination that is sent nothing: it was paused, or is gone from the configuration.
    private func discard(
        _ row: DestinationRow, _ images: DestinationRow.Images, _ word: OperatorWord
    ) throws(OperatorRefusal) -> Answer {
        guard row.state == nil || images.mode == .paused else {
            throw OperatorRefusal(
                "pause \(row.name) first: all that waits for it is given up for good, so nothing may be on its way")
        }
        var (count, notes) = (0, 0)
        while true {
            let page = try reading { () throws(SpoolError) in try spool.images(for: row.name, limit: Self.pageSize) }
            if page.isEmpty { break }
            try drop(page, word)
            count += page.count
            notes += page.count(where: \.isBarrier)
        }
        _ = try reading { () throws(SpoolError) in try spool.forgetOmittedImages(for: row.name) }
        let sentence =
            "\(Self.count(count - notes, notes)) given up: the gateway has nothing left to send to \(row.name); each is in "
            + "the history of its study" + (notes > 0 ? "; \(Self.loss(of: notes, at: row.name))" : "")
        return Answer(
            [.line(sentence)],
            .object([
                ("destination", .string(row.name)), ("dropped", .number(count)), ("dropped_notes", .number(notes)),
                ("result", .string(sentence)),
            ]))
    }

    /// "2 images and 1 rejection note".
    static func count(_ images: Int, _ notes: Int) -> String {
        let notesToo = notes > 0 ? [counted(notes, "rejection note")] : []
        return ((images > 0 || notes == 0 ? [counted(images, "image")] : []) + notesToo).joined(separator: " and ")
    }

    /// What comes of rejection notes that are given up.
    static func loss(of notes: Int, at destination: String) -> String {
        "\(destination) goes on showing what the \(notes == 1 ? "note rejects" : "notes reject"), until somebody deletes it "
            + "there"
    }

    /// Images in one transaction.
    static var pageSize: Int { 500 }
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

    init(_ condition: ImageDestinationCondition) {
        switch condition.activity {
        case .waiting(let until, let reason): self = .down(reason: reason, until: until)
        case .closed(let until): self = .closed(until: until)
        case .paused: self = .paused
        case .idle, .sending:
            let failure = condition.lastFailure.flatMap { failure in
                condition.lastSuccess.map { failure.at > $0 } ?? true ? failure : nil
            }
            self = failure.map { .failing(reason: $0.reason) } ?? .working
        }
    }
}
