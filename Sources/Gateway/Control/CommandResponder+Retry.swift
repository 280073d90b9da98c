import Spool

extension CommandResponder {
    /// Makes deliveries due at once.
    /// - Parameters:
    ///   - target: a destination, or the ID of a dead letter; nil: all.
    ///   - study: of images only those of this study.
    func retry(_ target: String?, study uid: String?, _ word: OperatorWord) throws(OperatorRefusal) -> Answer {
        let rows = try destinationRows()
        let named = rows.filter { target == nil || $0.name == target }
        if !named.isEmpty { return try retried(named, uid, word) }
        guard let target else { return Self.retried(0, []) }
        if let id = ImageDelivery.ID(name: target) {
            let image = try image(id)
            let count = try retry([image.postponedUntil == nil || image.isWithheld ? try dead(id) : image], word)
            desk.wake(outbox: id.destination)
            return Self.retried(count, rows.filter { $0.name == id.destination && $0.images != nil }, withheld: false)
        }
        guard Int64(target) != nil else {
            throw OperatorRefusal(
                "there is no destination '\(target)', but: \(rows.map(\.name).joined(separator: ", "))")
        }
        let letter = try letter(target)
        let count = try retry([letter], word)
        desk.wake(outbox: letter.destination)
        return Self.retried(count, rows.filter { $0.name == letter.destination && $0.images == nil })
    }

    private func retried(
        _ rows: [DestinationRow], _ uid: String?, _ word: OperatorWord
    ) throws(OperatorRefusal) -> Answer {
        var count = 0
        for row in rows {
            if row.images != nil {
                count += try retryImages(row.name, uid, word)
            } else if uid == nil {
                count += try retryDocuments(row.name, word)
            }
            desk.wake(outbox: row.name)
        }
        return Self.retried(count, rows)
    }

    private func retryDocuments(_ outbox: String, _ word: OperatorWord) throws(OperatorRefusal) -> Int {
        var count = 0
        var last: Delivery.ID?
        while true {
            let page = try reading { () throws(SpoolError) in
                try spool.pending(for: outbox, after: last, limit: Self.pageSize)
            }
            guard let end = page.last else { return count }
            last = end.id
            count += try retry(page.filter { $0.state == .dead || $0.postponedUntil != nil }, word)
        }
    }

    private func retryImages(
        _ destination: String, _ uid: String?, _ word: OperatorWord
    ) throws(OperatorRefusal) -> Int {
        let dead = try deadImages(destination: destination, study: uid)
        var postponed = try reading { () throws(SpoolError) in
            try spool.postponedImages(for: destination, limit: .max)
        }
        if let uid {
            let studies = Set(try entries(OperatorCommand.Study(uid: uid)).map(\.id))
            postponed.removeAll { !studies.contains($0.study) }
        }
        let all = dead + postponed
        var count = 0
        for start in stride(from: 0, to: all.count, by: Self.pageSize) {
            count += try retry(Array(all[start..<min(start + Self.pageSize, all.count)]), word)
        }
        return count
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

    /// One line for each study in its history: they come in hundreds.
    private func retry(_ images: [ImageDelivery], _ word: OperatorWord) throws(OperatorRefusal) -> Int {
        var counts: [StudyEntry.ID: Int] = [:]
        for image in images { counts[image.study, default: 0] += 1 }
        try reading { () throws(SpoolError) in
            try spool.retryImages(
                images.map(\.id),
                events: counts.sorted { $0.key < $1.key }.map { study, count in
                    let deed = "retry of \(counted(count, "image")) to \(images[0].id.destination)"
                    return (study, word.event(deed, at: .now))
                })
        }
        return images.count
    }

    /// - Parameter withheld: whether to tell what is withheld, which no retry sends.
    private static func retried(_ count: Int, _ rows: [DestinationRow], withheld: Bool = true) -> Answer {
        let names = rows.map(\.name).joined(separator: ", ")
        let deed =
            count == 0
            ? "what waits is tried now: \(names); nothing was put off or given up"
            : "\(counted(count, "delivery")) tried again now: \(names)"
        let sentence = ([deed] + rows.flatMap { $0.obstacles(withheld: withheld) }).joined(separator: "; ")
        return Answer(
            [.line(sentence)],
            .object([
                ("retried", .number(count)), ("destinations", .array(rows.map { .string($0.name) })),
                ("result", .string(sentence)),
            ]))
    }
}

extension DestinationRow {
    /// What a retry does not change, a sentence each without full stop.
    fileprivate func obstacles(withheld: Bool) -> [String] {
        let obstacle: String? =
            switch state {
            case nil: "\(name) is not configured any more: nothing is sent to it"
            case .paused: "\(name) is paused: it is sent after kosgate destination \(name) resume --why …"
            case .closed: "\(name) is outside its hours: it is sent when they begin"
            case .working, .failing, .down: nil
            }
        let kept = withheld ? images?.withheld ?? 0 : 0
        let left =
            "\(counted(kept, "image")) for \(name) withheld until the study is judged, or released: kosgate release"
        return [obstacle, kept > 0 ? left : nil].compactMap(\.self)
    }
}
