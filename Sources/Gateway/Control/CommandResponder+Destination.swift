import DICOM
import Forwarding
import Spool

/// One destination in detail.
extension CommandResponder {
    /// Rows for people of a list that may be long.
    private static var longest: Int { 20 }

    func destination(_ name: String) throws(OperatorRefusal) -> Answer {
        let row = try row(name)
        return row.images == nil ? try documents(of: row) : try images(of: row)
    }

    private func documents(of row: DestinationRow) throws(OperatorRefusal) -> Answer {
        let pending = try reading { () throws(SpoolError) in try spool.pending(for: row.name, limit: Self.longest + 1) }
        var facts = Table([.init("destination"), .init("\(row.name), documents")])
        facts.add(["place", row.place])
        facts.add(["state", row.sentence(now: .now)])
        facts.add(["waiting", "\(row.depth)" + oldest(row)])
        facts.add(["dead letters", "\(row.dead)"])
        var table = Table([
            .init("SOURCE"), .init("STUDY"), .init("VERSION", .right), .init("STATE"), .init("ATTEMPTS", .right),
            .init("NOT BEFORE"), .init("LAST ERROR"),
        ])
        var json: [JSONText] = []
        for delivery in pending.prefix(Self.longest) {
            let study = try reading { () throws(SpoolError) in try spool.study(delivery.study) }
            table.add([
                study?.source ?? "–", study?.uid ?? "–", delivery.version, delivery.stateName, "\(delivery.attempts)",
                ControlTime.text(delivery.postponedUntil), delivery.lastError ?? "–",
            ])
            json.append(delivery.json(study))
        }
        return Self.answer(
            row, facts, pending.count > Self.longest, table, [("deliveries", .array(json))], isFull: false)
    }

    private func images(of row: DestinationRow) throws(OperatorRefusal) -> Answer {
        guard let images = row.images else { return Answer([], .null) }
        let (backlog, postponed, asked, omitted) = try reading { () throws(SpoolError) in
            (
                try spool.imageBacklog(for: row.name), try spool.postponedImages(for: row.name, limit: 5),
                try spool.sentImages(for: row.name, askedBefore: Timestamp(milliseconds: .max), limit: 1),
                try spool.omittedImages(for: row.name)
            )
        }
        var facts = Table([.init("destination"), .init("\(row.name), images")])
        for fact in configured(row.name) + state(row, images, asked.first, postponed.first) { facts.add(fact) }
        var table = Table([
            .init("SOURCE"), .init("STUDY"), .init("WAITING", .right), .init("SIZE", .right),
            .init("WITHHELD", .right), .init("TO COMMIT", .right), .init("DEAD", .right), .init("OLDEST", .right),
        ])
        var json: [JSONText] = []
        for (place, study) in backlog.enumerated() {
            let entry = try reading { () throws(SpoolError) in try spool.study(study.study) }
            json.append(study.json(entry))
            guard place < Self.longest else { continue }
            table.add([
                entry?.source ?? "–", entry?.uid ?? "–", "\(study.depth)", ByteCount.rounded(study.bytes),
                "\(study.withheld)", "\(study.sent)", "\(study.dead)", ControlTime.age(study.oldest, now: .now),
            ])
        }
        let unkept = try self.omitted(omitted)
        return Self.answer(
            row, facts, max(backlog.count, omitted.count) > Self.longest, table,
            [
                ("studies", .array(json)), ("transfers", .array(images.traffic?.transfers.map(\.json) ?? [])),
                ("postponed", .array(postponed.map { $0.json(nil) })), ("not_kept", .array(unkept.json)),
            ], isFull: spool.imagePressure != nil, echo: echo(row.name), unkept: unkept.table)
    }

    /// What the PACS has to send once more.
    private func omitted(_ omitted: [OmittedImages]) throws(OperatorRefusal) -> (table: Table, json: [JSONText]) {
        var table = Table([
            .init("NOT KEPT", .right), .init("SOURCE"), .init("STUDY"), .init("SINCE"), .init("BECAUSE"),
        ])
        var json: [JSONText] = []
        for (place, study) in omitted.enumerated() {
            let entry = try reading { () throws(SpoolError) in try spool.study(study.study) }
            json.append(study.json(entry))
            guard place < Self.longest else { continue }
            table.add([
                "\(study.images)", entry?.source ?? "–", entry?.uid ?? "–", ControlTime.text(study.since), study.reason,
            ])
        }
        return (table, json)
    }

    private static func answer(
        _ row: DestinationRow, _ facts: Table, _ hasMore: Bool, _ table: Table, _ members: [(String, JSONText)],
        isFull: Bool, echo: String? = nil, unkept: Table = Table([])
    ) -> Answer {
        let advice =
            row.advice(echo) + (isFull ? [DestinationRow.fullDisk] : []) + (unkept.isEmpty ? [] : [row.notKept])
        var parts: [Answer.Part] = [.table(facts)]
        for table in [table, unkept] where !table.isEmpty { parts += [.literal(""), .table(table)] }
        if hasMore { parts.append(.line("… and more: --format json tells of images all")) }
        parts += [.literal("")] + (advice.isEmpty ? ["nothing to do"] : advice).map { .line($0) }
        guard case .object(let all) = row.json else { return Answer(parts, .null) }
        return Answer(parts, .object(all + members + [("advice", .array(advice.map { .string($0) }))]))
    }

    private func oldest(_ row: DestinationRow) -> String {
        row.depth == 0 ? "" : row.oldest.map { ", the oldest for \(ControlTime.age($0, now: .now))" } ?? ""
    }

    private func echo(_ name: String) -> String? {
        configuration.imageDestinations.first { $0.name == name }.map { settings in
            let calling = settings.callingAETitle ?? configuration.aeTitle
            return "kosgate echo \(settings.host) \(settings.port) --called \(settings.aeTitle) --calling \(calling)"
        }
    }

    // MARK: Facts

    private func configured(_ name: String) -> [[String]] {
        guard let settings = configuration.imageDestinations.first(where: { $0.name == name }) else { return [] }
        let calling = settings.callingAETitle ?? configuration.aeTitle
        let hours = settings.windows.map(\.description).joined(separator: ", ")
        let throttle = settings.throttle > 0 ? ", \(ByteCount.rounded(settings.throttle)) a second at most" : ""
        let keeps = settings.commits ? "until it has committed to its storage" : "until it has taken it"
        return [
            ["address", "\(settings.aeTitle) at \(settings.host):\(settings.port), we call as \(calling)"],
            ["sends", (hours.isEmpty ? "at any time" : "\(hours) by the clock of this machine") + throttle],
            ["an image is kept", keeps],
        ]
    }

    private func state(
        _ row: DestinationRow, _ images: DestinationRow.Images, _ asked: ImageDelivery?, _ postponed: ImageDelivery?
    ) -> [[String]] {
        var facts = [["state", row.sentence(now: .now)]]
        if let setting = images.setting {
            facts.append([
                "mode",
                "\(setting.mode.rawValue) since \(ControlTime.text(setting.since)), by \(setting.by): \(setting.why)",
            ])
        }
        if let traffic = images.traffic { facts += Self.traffic(traffic, images, row) }
        facts.append(["waiting", Self.waiting(row) + oldest(row)])
        if images.withheld > 0 {
            facts.append(["withheld", "\(images.withheld) of them, until their study is judged"])
        }
        if images.sent > 0 {
            let since = asked.map { $0.askedAt.map { ", asked first at \(ControlTime.text($0))" } ?? "" } ?? ""
            facts.append(["to commit", "\(counted(images.sent, "image")) taken, and not committed to yet\(since)"])
        }
        if let postponed {
            facts.append([
                "refused for now",
                "\(postponed.lastError ?? "–"); the next is tried again at \(ControlTime.text(postponed.postponedUntil))",
            ])
        }
        facts.append(["dead letters", "\(row.dead)"])
        return facts
    }

    private static func traffic(
        _ traffic: ImageDestinationCondition, _ images: DestinationRow.Images, _ row: DestinationRow
    ) -> [[String]] {
        let transfers = traffic.transfers.map { transfer in
            "\(transfer.instance), \(ByteCount.rounded(transfer.bytes)), for \(ControlTime.age(transfer.since, now: .now))"
        }
        var facts = [["associations", "\(traffic.associations) open"]]
        facts += transfers.map { ["on its way", $0] }
        if images.bytesPerSecond > 0 {
            let done = row.depth > 0 ? images.timeToDrain.map { ", all is sent in \(ControlTime.span($0))" } ?? "" : ""
            facts.append(["rate", "\(ByteCount.rounded(images.bytesPerSecond)) a second over the last minute\(done)"])
        }
        facts.append(["last success", ControlTime.text(traffic.lastSuccess)])
        if let failure = traffic.lastFailure {
            facts.append(["last failure", "\(ControlTime.text(failure.at)): \(failure.reason)"])
        }
        return facts
    }
}

extension DestinationRow {
    static let fullDisk =
        "images fill the disk: sources whose images would be sent are refused until some are; kosgate status tells more"

    var notKept: String {
        "what was not kept is not sent by itself: have the PACS send these studies again once new images are taken, but "
            + "for what was rejected or went there otherwise; kosgate destination \(name) forget --why … empties the list"
    }

    /// What to do, a sentence each.
    /// - Parameter echo: the command that asks it whether it answers.
    func advice(_ echo: String?) -> [String] {
        var advice: [String] = []
        switch state {
        case nil where isEmpty: break
        case nil:
            let discard = images == nil ? "" : ", or give up what waits: kosgate destination \(name) discard --why …"
            advice.append("the configuration has no '\(name)' any more: put it back to have it sent\(discard)")
        case .paused: advice.append("kosgate destination \(name) resume --why … sends again")
        case .failing(let reason) where reason.hasPrefix(Self.uncommitted):
            advice.append(
                "what it took is kept here until it commits to it: have it offer Storage Commitment to us, or set "
                    + "commit = false, and what it takes is deleted")
        case .down, .failing:
            advice += [
                "see that it runs, is reached and knows us\(echo.map { ": \($0)" } ?? "")",
                "it is tried again by itself; kosgate retry \(name) --why … does it now",
            ]
        case .closed where depth > 0:
            advice.append(
                "it waits for its hours; kosgate destination \(name) drain --why … sends now, and takes nothing new")
        case .closed, .working: break
        }
        if images?.mode == .draining {
            let end = isEmpty ? "all is sent: it may go from the configuration, or" : "to take new images again:"
            advice.append("\(end) kosgate destination \(name) resume --why …")
        }
        if dead > 0 {
            advice.append(
                "kosgate dead-letters" + (images == nil ? "" : " \(name)") + " tells what it refused, and why")
        }
        if let images, images.withheld > 0 {
            advice.append(
                "what is withheld goes when its study is judged: kosgate studies --state held tells those that need you"
            )
        }
        return advice
    }
}

extension ImageBacklog {
    fileprivate func json(_ entry: StudyEntry?) -> JSONText {
        .object([
            ("study", entry.map { .string($0.uid) } ?? .null), ("source", entry.map { .string($0.source) } ?? .null),
            ("depth", .number(depth)), ("bytes", .number(bytes)), ("withheld", .number(withheld)),
            ("awaiting_commitment", .number(sent)), ("dead_letters", .number(dead)),
            ("oldest", ControlTime.json(oldest)),
        ])
    }
}

extension OmittedImages {
    fileprivate func json(_ entry: StudyEntry?) -> JSONText {
        .object([
            ("study", entry.map { .string($0.uid) } ?? .null), ("source", entry.map { .string($0.source) } ?? .null),
            ("images", .number(images)), ("reason", .string(reason)), ("since", ControlTime.json(since)),
        ])
    }
}

extension ImageDestinationCondition.Transfer {
    fileprivate var json: JSONText {
        .object([
            ("instance", .string(instance)), ("bytes", .number(bytes)), ("since", ControlTime.json(since)),
        ])
    }
}
