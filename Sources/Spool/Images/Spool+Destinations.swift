extension Spool {
    /// What lies here for each destination for which something does.
    public func imageSummary() throws(SpoolError) -> [String: ImageSummary] {
        try readers.read { reader throws(SpoolError) in
            let statement = try reader.connection.statement(
                """
                SELECT destination.name, destination.id, depth, bytes, stored_bytes, withheld, sent, dead
                FROM image_count JOIN destination ON destination.id = image_count.place
                WHERE depth + sent + dead > 0
                """)
            defer { statement.reset() }
            var summaries: [String: ImageSummary] = [:]
            while try statement.step() {
                summaries[statement.text(0)] = ImageSummary(
                    depth: Int(statement.integer(2)), bytes: Int(statement.integer(3)),
                    storedBytes: Int(statement.integer(4)),
                    oldest: try reader.connection.oldestImage(at: statement.integer(1)),
                    withheld: Int(statement.integer(5)), sent: Int(statement.integer(6)),
                    dead: Int(statement.integer(7)))
            }
            return summaries
        }
    }

    /// Running unless an operator has said otherwise.
    public func mode(of destination: String) throws(SpoolError) -> DestinationMode {
        try destinationSettings()[destination]?.mode ?? .running
    }

    /// What operators have said of destinations, last; those of which nobody said anything are left out.
    public func destinationSettings() throws(SpoolError) -> [String: DestinationSetting] {
        try readers.read { reader throws(SpoolError) in
            let statement = try reader.connection.statement(
                "SELECT name, mode, mode_by, mode_why, mode_at FROM destination WHERE mode IS NOT NULL")
            defer { statement.reset() }
            var settings: [String: DestinationSetting] = [:]
            while try statement.step() {
                guard let mode = DestinationMode(rawValue: statement.text(1)) else {
                    throw .damaged(place: "destination \(statement.text(0))", reason: "its mode is unknown")
                }
                settings[statement.text(0)] = DestinationSetting(
                    mode: mode, by: statement.text(2), why: statement.text(3),
                    since: Timestamp(milliseconds: statement.integer(4)))
            }
            return settings
        }
    }

    /// Durable when it returns.
    public func setMode(
        of destination: String, _ mode: DestinationMode, by: String, why: String, at: Timestamp
    ) throws(SpoolError) {
        try writer.write { ledger throws(SpoolError) in
            let update = try ledger.connection.statement(
                "UPDATE destination SET mode = ?2, mode_by = ?3, mode_why = ?4, mode_at = ?5 WHERE id = ?1")
            update.bind(1, try ledger.findOrAddDestination(destination))
            update.bind(2, mode.rawValue)
            update.bind(3, by)
            update.bind(4, why)
            update.bind(5, at.milliseconds)
            try update.run()
        }
    }
}

extension Connection {
    /// One step in the tree per study, not one per image.
    fileprivate func oldestImage(at place: Int64) throws(SpoolError) -> Timestamp? {
        let statement = try statement(
            """
            WITH RECURSIVE waiting (study) AS (
                SELECT min(study) FROM image_delivery WHERE place = ?1
                UNION ALL SELECT (SELECT min(next.study) FROM image_delivery AS next
                    WHERE next.place = ?1 AND next.study > waiting.study) FROM waiting WHERE waiting.study IS NOT NULL)
            SELECT queued_at FROM image WHERE id = (
                SELECT min((SELECT image FROM image_delivery AS first WHERE first.place = ?1
                    AND first.study = waiting.study AND first.dead_since IS NULL ORDER BY first.image LIMIT 1))
                FROM waiting)
            """)
        statement.bind(1, place)
        defer { statement.reset() }
        return try statement.step() ? Timestamp(milliseconds: statement.integer(0)) : nil
    }
}
