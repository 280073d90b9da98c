import DICOM
import KeyObjects
import Spool

/// What destinations refused for good: documents one by one, images by study and reason, since they come in hundreds.
extension CommandResponder {
    /// - Parameters:
    ///   - destination: its images one by one; nil: of all destinations.
    ///   - study: images of this study one by one.
    func deadLetters(destination: String?, study uid: String?) throws(OperatorRefusal) -> Answer {
        let isNamed = destination != nil || uid != nil
        if let destination { _ = try row(destination) }
        let documents = try reading { () throws(SpoolError) in try spool.deadLetters() }
            .filter { destination == nil || $0.destination == destination }
        let images = try deadImages(destination: destination, study: uid)
        var table = Table([
            .init("ID"), .init("DESTINATION"), .init("SOURCE"), .init("STUDY"), .init("WHAT"), .init("SINCE"),
            .init("REASON"),
        ])
        var json: [JSONText] = []
        for letter in documents {
            let entry = try study(letter.study)
            if let uid, entry?.uid != uid { continue }
            table.add([
                "\(letter.id.value)", letter.destination, entry?.source ?? "–", entry?.uid ?? "–",
                "version \(letter.version)", ControlTime.text(letter.deadSince), letter.lastError ?? "–",
            ])
            json.append(letter.json(entry))
        }
        let entries = try studies(of: images)
        var parts: [Answer.Part] = []
        if isNamed {
            if !table.isEmpty { parts.append(.table(table)) }
            parts += Self.list(images, entries)
        } else {
            for group in DeadImages.grouped(images) { table.add(group.cells(entries[group.first.study])) }
            if !table.isEmpty { parts.append(.table(table)) }
            if !images.isEmpty {
                parts.append(.line("images one by one: kosgate dead-letters DESTINATION --study UID"))
            }
        }
        return Answer(
            parts.isEmpty ? [.line("no dead letter")] : parts,
            .object([
                ("dead_letters", .array(json)),
                ("dead_images", .array(images.map { $0.json(entries[$0.study]) })),
            ]))
    }

    func deadLetter(_ id: String, showsManifest: Bool, _ view: Viewing) throws(OperatorRefusal) -> Answer {
        if let image = ImageDelivery.ID(name: id) {
            if showsManifest { throw OperatorRefusal("\(id) is an image, no document: leave out --manifest") }
            return try deadImage(image)
        }
        let letter = try letter(id)
        let study = try study(letter.study)
        let content = try reading { () throws(SpoolError) in try spool.content(of: letter.id) }
        if showsManifest { return try Self.tree(content, study, identity: letter.identity, view) }
        var facts = Table([.init("dead letter"), .init("\(id)")])
        facts.add(["destination", letter.destination])
        facts.add(["study", study.map { "\($0.uid) from \($0.source)" } ?? "–"])
        facts.add(["document", "\(letter.identity), version \(letter.version), \(ByteCount.rounded(content.count))"])
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

    // MARK: Finding them

    func letter(_ id: String) throws(OperatorRefusal) -> Delivery {
        let letters = try reading { () throws(SpoolError) in try spool.deadLetters() }
        guard let number = Int64(id), let letter = letters.first(where: { $0.id.value == number }) else {
            throw OperatorRefusal("there is no dead letter '\(id)'; 'kosgate dead-letters' lists them")
        }
        return letter
    }

    func study(_ id: StudyEntry.ID) throws(OperatorRefusal) -> StudyEntry? {
        try reading { () throws(SpoolError) in try spool.study(id) }
    }

    func studies(of images: [ImageDelivery]) throws(OperatorRefusal) -> [StudyEntry.ID: StudyEntry] {
        var entries: [StudyEntry.ID: StudyEntry] = [:]
        for id in Set(images.map(\.study)) { entries[id] = try study(id) }
        return entries
    }
}
