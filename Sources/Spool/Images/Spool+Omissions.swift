extension Spool {
    /// What has to be sent once more for this destination by whoever has it, by study, longest first.
    public func omittedImages(for destination: String) throws(SpoolError) -> [OmittedImages] {
        try readers.read { reader throws(SpoolError) in
            guard let place = try reader.connection.place(named: destination) else { return [] }
            let statement = try reader.connection.statement(
                """
                SELECT omission.study, omission.images, omission.reason, event.at FROM omission
                JOIN event ON event.id = omission.event WHERE omission.place = ?1 ORDER BY omission.id
                """)
            statement.bind(1, place)
            defer { statement.reset() }
            var omitted: [OmittedImages] = []
            while try statement.step() {
                omitted.append(
                    OmittedImages(
                        study: StudyEntry.ID(statement.integer(0)), images: Int(statement.integer(1)),
                        reason: statement.text(2), since: Timestamp(milliseconds: statement.integer(3))))
            }
            return omitted
        }
    }

    /// Nobody needs to send them for this destination; the histories keep what they say.
    /// - Returns: whether there was anything.
    @discardableResult
    public func forgetOmittedImages(for destination: String) throws(SpoolError) -> Bool {
        try writer.write { ledger throws(SpoolError) in
            guard let place = try ledger.connection.place(named: destination) else { return false }
            let remove = try ledger.connection.statement("DELETE FROM omission WHERE place = ?1")
            remove.bind(1, place)
            try remove.run()
            return ledger.connection.changes > 0
        }
    }
}

extension Ledger {
    /// Counts an image that was not kept, in the history of its study too: one line for each destination and reason. One
    /// that lies here for the destination came again: nothing is lost of it.
    func omit(_ image: ImageOmission, of study: Int64, at: Timestamp) throws(SpoolError) {
        let place = try findOrAddDestination(image.destination)
        guard try !isQueued(image.instance, of: study, at: place) else { return }
        let omission = try findOrAdd(image, of: study, at: place, at)
        let count = try connection.statement(
            "UPDATE omission SET images = images + 1 WHERE id = ?1 RETURNING images, event")
        count.bind(1, omission)
        defer { count.reset() }
        guard try count.step() else { return }
        let (images, event) = (count.integer(0), count.integer(1))
        let update = try connection.statement("UPDATE event SET detail = ?2 WHERE id = ?1")
        update.bind(1, event)
        update.bind(2, Self.detail(images, image))
        try update.run()
    }

    private func isQueued(_ instance: String, of study: Int64, at place: Int64) throws(SpoolError) -> Bool {
        let find = try connection.statement(
            """
            SELECT 1 FROM image JOIN image_delivery AS d ON d.place = ?1 AND d.study = ?2 AND d.image = image.id
            WHERE image.study = ?2 AND image.instance = ?3 LIMIT 1
            """)
        find.bind(1, place)
        find.bind(2, study)
        find.bind(3, instance)
        defer { find.reset() }
        return try find.step()
    }

    private func findOrAdd(
        _ image: ImageOmission, of study: Int64, at place: Int64, _ at: Timestamp
    ) throws(SpoolError) -> Int64 {
        let find = try connection.statement(
            "SELECT id FROM omission WHERE place = ?1 AND study = ?2 AND reason = ?3")
        find.bind(1, place)
        find.bind(2, study)
        find.bind(3, image.reason)
        defer { find.reset() }
        if try find.step() { return find.integer(0) }
        try connection.insert(
            HistoryEvent(kind: "images", detail: Self.detail(0, image), at: at), study: StudyEntry.ID(study))
        let add = try connection.statement(
            "INSERT INTO omission (place, study, reason, event, images, passing) VALUES (?1, ?2, ?3, ?4, 0, ?5)")
        add.bind(1, place)
        add.bind(2, study)
        add.bind(3, image.reason)
        add.bind(4, connection.lastInsertedRow)
        add.bind(5, image.isPassing ? 1 : 0)
        try add.run()
        return connection.lastInsertedRow
    }

    private static func detail(_ images: Int64, _ image: ImageOmission) -> String {
        "\(images) \(images == 1 ? "image" : "images") not kept for \(image.destination): \(image.reason)"
    }

    /// The study is sent again, and kept.
    func endOmissions(of study: Int64, at place: Int64) throws(SpoolError) {
        let remove = try connection.statement("DELETE FROM omission WHERE place = ?1 AND study = ?2 AND passing = 1")
        remove.bind(1, place)
        remove.bind(2, study)
        try remove.run()
    }
}
