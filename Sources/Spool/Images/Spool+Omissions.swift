extension Spool {
    /// What has to be sent once more for this destination by whoever has it, by study, longest first.
    public func omittedImages(for destination: String) throws(SpoolError) -> [OmittedImages] {
        try readers.read { reader throws(SpoolError) in
            guard let place = try reader.connection.place(named: destination) else { return [] }
            let statement = try reader.connection.statement(
                """
                SELECT omission.study, count(*), omission.reason, event.at FROM omitted
                JOIN omission ON omission.id = omitted.omission JOIN event ON event.id = omission.event
                WHERE omitted.place = ?1 GROUP BY omission.id ORDER BY omission.id
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

    /// Nobody will send them for this destination; the histories keep what they say.
    public func forgetOmittedImages(for destination: String) throws(SpoolError) {
        try writer.write { ledger throws(SpoolError) in
            guard let place = try ledger.connection.place(named: destination) else { return }
            for table in ["omitted", "omission"] {
                let remove = try ledger.connection.statement("DELETE FROM \(table) WHERE place = ?1")
                remove.bind(1, place)
                try remove.run()
            }
        }
    }
}

extension Ledger {
    /// Notes that an image was not kept, in the history of its study too: one line for each destination and reason.
    func omit(_ image: ImageOmission, of study: Int64, at: Timestamp) throws(SpoolError) {
        let place = try findOrAddDestination(image.destination)
        let omission = try findOrAdd(image, of: study, at: place, at)
        let add = try connection.statement(
            """
            INSERT INTO omitted (place, study, instance, omission) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT DO UPDATE SET omission = ?4 WHERE omission <> ?4
            """)
        add.bind(1, place)
        add.bind(2, study)
        add.bind(3, image.instance)
        add.bind(4, omission)
        try add.run()
        guard connection.changes == 1 else { return }
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
            "INSERT INTO omission (place, study, reason, event, images) VALUES (?1, ?2, ?3, ?4, 0)")
        add.bind(1, place)
        add.bind(2, study)
        add.bind(3, image.reason)
        add.bind(4, connection.lastInsertedRow)
        try add.run()
        return connection.lastInsertedRow
    }

    private static func detail(_ images: Int64, _ image: ImageOmission) -> String {
        "\(images) \(images == 1 ? "image" : "images") not kept for \(image.destination): \(image.reason)"
    }

    /// It came again, and is kept.
    func isKept(_ instance: String, of study: Int64, at place: Int64) throws(SpoolError) {
        let remove = try connection.statement(
            "DELETE FROM omitted WHERE place = ?1 AND study = ?2 AND instance = ?3")
        remove.bind(1, place)
        remove.bind(2, study)
        remove.bind(3, instance)
        try remove.run()
    }
}
