import DICOM
import Spool

extension CommandResponder {
    /// Rows for people.
    private static var longest: Int { 100 }

    /// Those that died first first.
    func deadImages(destination: String?, study uid: String?) throws(OperatorRefusal) -> [ImageDelivery] {
        let all = try reading { () throws(SpoolError) in try spool.deadImages() }
        let here = destination.map { name in all.filter { $0.id.destination == name } } ?? all
        guard let uid else { return here }
        let studies = Set(try entries(OperatorCommand.Study(uid: uid)).map(\.id))
        return here.filter { studies.contains($0.study) }
    }

    /// Under a heading for each study and reason.
    static func list(_ images: [ImageDelivery], _ entries: [StudyEntry.ID: StudyEntry]) -> [Answer.Part] {
        var parts: [Answer.Part] = []
        for group in DeadImages.grouped(Array(images.prefix(longest))) {
            let entry = entries[group.first.study]
            var table = Table([
                .init("ID"), .init("INSTANCE"), .init("SIZE", .right), .init("CLASS"), .init("TRANSFER SYNTAX"),
            ])
            for image in group.images {
                table.add([
                    image.name, image.instance, ByteCount.rounded(image.bytes), image.className,
                    image.transferSyntaxName,
                ])
            }
            if !parts.isEmpty { parts.append(.literal("")) }
            let study = entry.map { "study \($0.uid) from \($0.source)" } ?? "a study"
            parts.append(.literal("\(study) at \(group.first.id.destination)"))
            parts += [.line("not sent: \(group.first.lastError ?? "–")"), .table(table)]
        }
        let left = images.count - longest
        return parts + (left > 0 ? [.line("… and \(left) more: --format json tells all")] : [])
    }

    func deadImage(_ id: ImageDelivery.ID) throws(OperatorRefusal) -> Answer {
        let image = try dead(id)
        let entry = try study(image.study)
        var facts = Table([.init("dead image"), .init(image.name)])
        facts.add(["destination", try place(of: id.destination)])
        facts.add(["study", entry.map { "\($0.uid) from \($0.source)" } ?? "–"])
        facts.add(["instance", image.instance])
        facts.add(["class", image.className])
        facts.add(["transfer syntax", image.transferSyntaxName])
        facts.add(["size", ByteCount.rounded(image.bytes)])
        facts.add(["taken in", ControlTime.text(image.queuedAt)])
        facts.add(["attempts", "\(image.attempts)"])
        facts.add(["dead since", ControlTime.text(image.deadSince)])
        facts.add(["reason", image.lastError ?? "–"])
        facts.add(["answer", image.answer ?? "none"])
        return Answer([.table(facts)] + image.remedies.map { .line($0) }, image.json(entry))
    }

    private func place(of destination: String) throws(OperatorRefusal) -> String {
        let place = try destinationRows().first { $0.name == destination && $0.images != nil }?.place
        return place ?? "\(destination), not configured any more"
    }

    // MARK: Giving up

    /// Forgets dead images for good, each in the history of its study.
    func dropDeadLetters(
        _ target: String, study uid: String?, _ word: OperatorWord
    ) throws(OperatorRefusal) -> Answer {
        let images: [ImageDelivery]
        if let id = ImageDelivery.ID(name: target) {
            images = [try droppable(id)]
        } else if try destinationRows().contains(where: { $0.name == target && $0.images != nil }) {
            images = try deadImages(destination: target, study: uid)
        } else {
            let letter = try letter(target)
            throw OperatorRefusal(
                "\(letter.id.value) is a document: it is not given up by hand, since the platform would go on showing "
                    + "what it showed; correct the study in the PACS, or kosgate withdraw it")
        }
        guard !images.isEmpty else { throw OperatorRefusal("no dead image of these is kept for '\(target)'") }
        for start in stride(from: 0, to: images.count, by: Self.pageSize) {
            try drop(Array(images[start..<min(start + Self.pageSize, images.count)]), word)
        }
        let sentence = Self.sentence(givenUp: images)
        return Answer(
            [.line(sentence)],
            .object([
                ("dropped", .number(images.count)), ("destination", .string(images[0].id.destination)),
                ("result", .string(sentence)),
            ]))
    }

    private static func sentence(givenUp images: [ImageDelivery]) -> String {
        let destination = images[0].id.destination
        let notes = images.count(where: \.isBarrier)
        let what =
            images.count == 1
            ? "given up: \(notes == 1 ? "rejection note" : "image") \(images[0].instance)"
            : "given up: \(count(images.count - notes, notes)), each in the history of its study"
        let behind = notes > 0 ? "; \(loss(of: notes, at: destination)); what waited behind goes on" : ""
        return "\(what); only the PACS can still send that to \(destination), what is published stays as it is\(behind)"
    }

    /// In one transaction with their history; then what waited for them goes on.
    func drop(_ images: [ImageDelivery], _ word: OperatorWord) throws(OperatorRefusal) {
        try reading { () throws(SpoolError) in
            try spool.dropImages(
                images.map(\.id),
                events: images.map { image in
                    let what = image.isBarrier ? "rejection note" : "image"
                    let deed = "gave up \(what) \(image.instance) (\(image.className)) to \(image.id.destination)"
                    return (image.study, word.event(deed, at: .now))
                })
        }
        for name in Set(images.map(\.id.destination)) { desk.wake(outbox: name) }
    }

    func image(_ id: ImageDelivery.ID) throws(OperatorRefusal) -> ImageDelivery {
        let image = try reading { () throws(SpoolError) in try spool.image(id) }
        guard let image else {
            throw OperatorRefusal(
                "there is no image '\(id.image)@\(id.destination)' (any more); 'kosgate dead-letters' lists the dead ones"
            )
        }
        return image
    }

    func dead(_ id: ImageDelivery.ID) throws(OperatorRefusal) -> ImageDelivery {
        let image = try image(id)
        guard image.deadSince == nil else { return image }
        throw OperatorRefusal(image.present(study: try study(image.study)?.uid ?? "–"))
    }

    /// Dead, or kept back of a study that is judged, until somebody decides.
    private func droppable(_ id: ImageDelivery.ID) throws(OperatorRefusal) -> ImageDelivery {
        let image = try image(id)
        guard image.state == .waiting, image.isWithheld, !image.isBarrier else { return try dead(id) }
        guard try study(image.study)?.isUnsettled ?? true else { return image }
        throw OperatorRefusal("\(image.name) is withheld while its study is judged: try again in a moment")
    }
}

extension ImageDelivery {
    /// Of one that is not dead: what it is, and what to do with it.
    /// - Parameter study: Study Instance UID.
    func present(study: String) -> String {
        switch state {
        case .dead: "\(name) is dead"
        case .sent:
            "\(name) is no dead letter: \(id.destination) took it and has not committed to keep it; kosgate retry "
                + "\(id.destination) --why … asks again"
        case .waiting where isWithheld && isBarrier:
            "\(name) is no dead letter: it is a rejection note, withheld until its study is judged, and goes by itself "
                + "then; kosgate study \(study) tells what that waits for"
        case .waiting where isWithheld:
            "\(name) is no dead letter: it is withheld, kosgate study \(study) tells why; kosgate release \(study) --why … "
                + "lets it go, kosgate dead-letters --drop \(name) --why … gives it up"
        case .waiting:
            "\(name) is no dead letter: it waits to be sent; kosgate destination \(id.destination) tells what for"
        }
    }

    /// What to do with a dead one, a sentence each.
    fileprivate var remedies: [String] {
        let destination = id.destination
        let behind = isBarrier ? ["what came after it of this study waits for it at \(destination)"] : []
        let isGone = lastError?.hasPrefix(Self.fileNotWhole) ?? false
        let cure =
            isGone
            ? "have the PACS send it again, then give this one up, since its file cannot be read whole:"
            : "cure what the reason says, at \(destination) or in its PACS, then: kosgate retry \(name) --why …; or give"
                + " it up for good:"
        let loss =
            isBarrier
            ? CommandResponder.loss(of: 1, at: destination)
            : "\(destination) then never gets it from here"
        return behind + ["\(cure) kosgate dead-letters --drop \(name) --why …; \(loss)"]
    }
}
