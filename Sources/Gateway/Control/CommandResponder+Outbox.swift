import DICOM
import KeyObjects
import Spool

extension CommandResponder {
    func deadLetters() throws(OperatorRefusal) -> Answer {
        let letters = try reading { () throws(SpoolError) in try spool.deadLetters() }
        var table = Table([
            .init("ID", .right), .init("DESTINATION"), .init("SOURCE"), .init("STUDY"), .init("VERSION", .right),
            .init("SINCE"), .init("REASON"),
        ])
        var json: [JSONText] = []
        for letter in letters {
            let study = try study(of: letter)
            table.add([
                "\(letter.id.value)", letter.destination, study?.source ?? "–", study?.uid ?? "–", letter.version,
                ControlTime.text(letter.deadSince), letter.lastError ?? "–",
            ])
            json.append(letter.json(study))
        }
        return Answer(
            letters.isEmpty ? [.line("no dead letter")] : [.table(table)], .object([("dead_letters", .array(json))]))
    }

    func deadLetter(_ id: Int64, showsManifest: Bool, _ view: Viewing) throws(OperatorRefusal) -> Answer {
        let letter = try letter(id)
        let study = try study(of: letter)
        let content = try reading { () throws(SpoolError) in try spool.content(of: letter.id) }
        if showsManifest { return try Self.tree(content, study, identity: letter.identity, view) }
        var facts = Table([.init("dead letter"), .init("\(id)")])
        facts.add(["destination", letter.destination])
        facts.add(["study", study.map { "\($0.uid) from \($0.source)" } ?? "–"])
        facts.add(["document", "\(letter.identity), version \(letter.version), \(Self.bytes(content.count))"])
        facts.add(["written", ControlTime.text(letter.queuedAt)])
        facts.add(["attempts", "\(letter.attempts)"])
        facts.add(["dead since", ControlTime.text(letter.deadSince)])
        facts.add(["reason", letter.lastError ?? "–"])
        facts.add(["answer", letter.answer ?? "none"])
        let remedy =
            "cure what the reason says, then: kosgate retry \(id) --why …; or correct the study in the PACS, whose"
            + " next manifest takes its place"
        return Answer([.table(facts), .line(remedy)], letter.json(study))
    }

    /// Makes deliveries due at once.
    /// - Parameter target: a destination, or the number of a dead letter; nil: all.
    func retry(_ target: String?, _ word: OperatorWord) throws(OperatorRefusal) -> Answer {
        let outboxes = try destinationRows().map(\.outbox)
        guard let target else { return try retried(outboxes, word) }
        if outboxes.contains(target) { return try retried([target], word) }
        guard let id = Int64(target) else {
            throw OperatorRefusal("there is no destination '\(target)', but: \(outboxes.joined(separator: ", "))")
        }
        let letter = try letter(id)
        let count = try retry([letter], word)
        desk.wake(outbox: letter.destination)
        return Self.retried(count, [letter.destination])
    }

    private func retried(_ outboxes: [String], _ word: OperatorWord) throws(OperatorRefusal) -> Answer {
        var count = 0
        for outbox in outboxes {
            var last: Delivery.ID?
            while true {
                let page = try reading { () throws(SpoolError) in
                    try spool.pending(for: outbox, after: last, limit: 500)
                }
                guard let end = page.last else { break }
                last = end.id
                count += try retry(page.filter { $0.state == .dead || $0.postponedUntil != nil }, word)
            }
            desk.wake(outbox: outbox)
        }
        return Self.retried(count, outboxes)
    }

    private func retry(_ deliveries: [Delivery], _ word: OperatorWord) throws(OperatorRefusal) -> Int {
        try reading { () throws(SpoolError) in
            var count = 0
            for delivery in deliveries {
                let deed = "retry of version \(delivery.version) to \(delivery.destination)"
                if try spool.retry(delivery.id, events: [word.event(deed, at: .now)]) { count += 1 }
            }
            return count
        }
    }

    private static func retried(_ count: Int, _ outboxes: [String]) -> Answer {
        let what = count == 1 ? "1 delivery is" : "\(count) deliveries are"
        return Answer(
            [.line("\(what) tried again now: \(outboxes.joined(separator: ", "))")],
            .object([("retried", .number(count)), ("destinations", .array(outboxes.map { .string($0) }))]))
    }

    private func letter(_ id: Int64) throws(OperatorRefusal) -> Delivery {
        let letters = try reading { () throws(SpoolError) in try spool.deadLetters() }
        guard let letter = letters.first(where: { $0.id.value == id }) else {
            throw OperatorRefusal("there is no dead letter \(id); 'kosgate dead-letters' lists them")
        }
        return letter
    }

    private func study(of delivery: Delivery) throws(OperatorRefusal) -> StudyEntry? {
        try reading { () throws(SpoolError) in try spool.study(delivery.study) }
    }
}

extension Delivery {
    var stateName: String {
        switch state {
        case .waiting: "waiting"
        case .begun: "tried"
        case .dead: "dead"
        }
    }

    func json(_ study: StudyEntry?) -> JSONText {
        .object([
            ("id", .number(Int(id.value))), ("destination", .string(destination)),
            ("source", study.map { .string($0.source) } ?? .null), ("study", study.map { .string($0.uid) } ?? .null),
            ("sop_instance_uid", .string(identity)), ("version", .string(version)), ("state", .string(stateName)),
            ("queued", ControlTime.json(queuedAt)), ("attempts", .number(attempts)),
            ("retry_at", ControlTime.json(postponedUntil)), ("error", lastError.map { .string($0) } ?? .null),
            ("answer", answer.map { .string($0) } ?? .null), ("dead_since", ControlTime.json(deadSince)),
        ])
    }
}
