extension Spool {
    /// What is to be sent to a destination, in the order it was written; those not due yet and the dead letters included.
    /// - Parameters:
    ///   - after: only what was written after this one, whether it is still there or not.
    ///   - limit: of the deliveries told.
    public func pending(
        for destination: String, after: Delivery.ID? = nil, limit: Int = .max
    ) throws(SpoolError) -> [Delivery] {
        try readers.read { reader throws(SpoolError) in
            let statement = try reader.connection.statement(
                """
                SELECT \(Delivery.columns) WHERE delivery.destination = ?1 AND delivery.id > ?2
                ORDER BY delivery.id LIMIT ?3
                """)
            statement.bind(1, destination)
            statement.bind(2, after?.value ?? 0)
            statement.bind(3, Int64(limit))
            return try Delivery.all(of: statement)
        }
    }

    /// What is to be sent of a study, to whatever destination, in the order it was written.
    public func deliveries(of study: StudyEntry.ID) throws(SpoolError) -> [Delivery] {
        try readers.read { reader throws(SpoolError) in try reader.connection.deliveries(of: study) }
    }

    /// Of all destinations, those that died first first.
    public func deadLetters() throws(SpoolError) -> [Delivery] {
        try readers.read { reader throws(SpoolError) in
            try Delivery.all(
                of: reader.connection.statement(
                    """
                    SELECT \(Delivery.columns) WHERE delivery.dead_since IS NOT NULL
                    ORDER BY delivery.dead_since, delivery.id
                    """))
        }
    }

    /// What waits for each destination for which something does.
    public func outboxSummary() throws(SpoolError) -> [String: OutboxSummary] {
        try readers.read { reader throws(SpoolError) in
            let statement = try reader.connection.statement(
                """
                SELECT destination, depth, dead,
                (SELECT document.written FROM delivery JOIN document ON document.id = delivery.document
                 WHERE delivery.id = oldest)
                FROM (SELECT destination, count(*) - count(dead_since) AS depth, count(dead_since) AS dead,
                    min(id) FILTER (WHERE dead_since IS NULL) AS oldest FROM delivery GROUP BY destination)
                """)
            defer { statement.reset() }
            var summaries: [String: OutboxSummary] = [:]
            while try statement.step() {
                summaries[statement.text(0)] = OutboxSummary(
                    depth: Int(statement.integer(1)),
                    oldest: statement.optionalInteger(3).map { Timestamp(milliseconds: $0) },
                    dead: Int(statement.integer(2)))
            }
            return summaries
        }
    }

    /// Notes, durably, that the destination may have it from now on. Returns the bytes to send, the same each time; nil:
    /// it is not to be sent, because it was acknowledged or withdrawn, or is a dead letter.
    public func begin(_ delivery: Delivery.ID) throws(SpoolError) -> [UInt8]? {
        // Read first: what is damaged is not begun.
        guard let content = try contentIfThere(of: delivery) else { return nil }
        let isThere = try writer.write { ledger throws(SpoolError) in
            let statement = try ledger.connection.statement(
                """
                UPDATE delivery SET begun = begun + 1, attempts = attempts + 1, postponed_until = NULL
                WHERE id = ?1 AND dead_since IS NULL
                """)
            statement.bind(1, delivery.value)
            try statement.run()
            return ledger.connection.changes == 1
        }
        return isThere ? content : nil
    }

    /// The destination has it for good. A delivery that is not there (any more) is no error.
    public func acknowledge(_ delivery: Delivery.ID, events: [HistoryEvent] = []) throws(SpoolError) {
        try writer.write { ledger throws(SpoolError) in
            let connection = ledger.connection
            guard let study = try connection.study(of: delivery) else { return }
            try connection.remove(delivery, of: study)
            try connection.removeStaleDocuments(of: study)
            for event in events { try connection.insert(event, study: study) }
        }
    }

    /// An attempt failed: not again before `until`. One that failed before it could begin counts as an attempt too.
    /// - Parameter mayBeHeld: false where the destination surely did not take it this time: unless an earlier attempt
    ///   may have reached it, it waits again as if it had never been tried.
    public func postpone(
        _ delivery: Delivery.ID, until: Timestamp, error: String, mayBeHeld: Bool = true
    ) throws(SpoolError) {
        try writer.write { ledger throws(SpoolError) in
            let statement = try ledger.connection.statement(
                """
                UPDATE delivery SET attempts = attempts + (begun = 0), begun = max(0, begun - ?4),
                postponed_until = ?2, last_error = ?3 WHERE id = ?1 AND dead_since IS NULL
                """)
            statement.bind(1, delivery.value)
            statement.bind(2, until.milliseconds)
            statement.bind(3, error)
            statement.bind(4, mayBeHeld ? 0 : 1)
            try statement.run()
        }
    }

    /// Refused for good: it becomes a dead letter, kept until it is retried, acknowledged or withdrawn.
    /// - Parameters:
    ///   - error: why it is given up.
    ///   - answer: what the destination said, in its own words; nil: nothing.
    ///   - mayBeHeld: as in `postpone`.
    public func bury(
        _ delivery: Delivery.ID, error: String, answer: String?, mayBeHeld: Bool = true, events: [HistoryEvent] = [],
        at: Timestamp
    ) throws(SpoolError) {
        try writer.write { ledger throws(SpoolError) in
            let connection = ledger.connection
            guard let study = try connection.study(of: delivery) else { return }
            let statement = try connection.statement(
                """
                UPDATE delivery SET dead_since = coalesce(dead_since, ?2), postponed_until = NULL, last_error = ?3,
                answer = ?4, begun = max(0, begun - ?5) WHERE id = ?1
                """)
            statement.bind(1, delivery.value)
            statement.bind(2, at.milliseconds)
            statement.bind(3, error)
            statement.bind(4, answer)
            statement.bind(5, mayBeHeld ? 0 : 1)
            try statement.run()
            for event in events { try connection.insert(event, study: study) }
        }
    }

    /// To be tried again, at once: a dead letter, or what was postponed. What was begun stays begun.
    /// - Returns: false when it is not there (any more).
    @discardableResult
    public func retry(_ delivery: Delivery.ID, events: [HistoryEvent] = []) throws(SpoolError) -> Bool {
        try writer.write { ledger throws(SpoolError) in
            let connection = ledger.connection
            guard let study = try connection.study(of: delivery) else { return false }
            let statement = try connection.statement(
                "UPDATE delivery SET dead_since = NULL, answer = NULL, postponed_until = NULL WHERE id = ?1")
            statement.bind(1, delivery.value)
            try statement.run()
            for event in events { try connection.insert(event, study: study) }
            return true
        }
    }
}

extension Connection {
    func deliveries(of study: StudyEntry.ID) throws(SpoolError) -> [Delivery] {
        let statement = try statement(
            "SELECT \(Delivery.columns) WHERE document.study = ?1 ORDER BY delivery.id")
        statement.bind(1, study.value)
        return try Delivery.all(of: statement)
    }

    func remove(_ delivery: Delivery.ID, of study: StudyEntry.ID) throws(SpoolError) {
        let statement = try statement(
            "DELETE FROM delivery WHERE id = ?1 AND document IN (SELECT id FROM document WHERE study = ?2)")
        statement.bind(1, delivery.value)
        statement.bind(2, study.value)
        try statement.run()
    }

    /// Nil: the delivery is not there.
    fileprivate func study(of delivery: Delivery.ID) throws(SpoolError) -> StudyEntry.ID? {
        let study = try integer(
            """
            SELECT document.study FROM delivery JOIN document ON document.id = delivery.document
            WHERE delivery.id = ?1
            """, delivery.value)
        return study == 0 ? nil : StudyEntry.ID(study)
    }
}

extension Delivery {
    fileprivate static let columns = """
        delivery.id, delivery.destination, document.study, document.identity, document.version, document.file_name,
        document.written, delivery.attempts, delivery.begun, delivery.postponed_until, delivery.last_error,
        delivery.answer, delivery.dead_since FROM delivery JOIN document ON document.id = delivery.document
        """

    fileprivate static func all(of statement: Statement) throws(SpoolError) -> [Delivery] {
        defer { statement.reset() }
        var deliveries: [Delivery] = []
        while try statement.step() { deliveries.append(Delivery(statement)) }
        return deliveries
    }

    private init(_ row: Statement) {
        id = ID(row.integer(0))
        destination = row.text(1)
        study = StudyEntry.ID(row.integer(2))
        identity = row.text(3)
        version = row.text(4)
        fileName = row.text(5)
        queuedAt = Timestamp(milliseconds: row.integer(6))
        attempts = Int(row.integer(7))
        postponedUntil = row.optionalInteger(9).map { Timestamp(milliseconds: $0) }
        lastError = row.optionalText(10)
        answer = row.optionalText(11)
        deadSince = row.optionalInteger(12).map { Timestamp(milliseconds: $0) }
        mayBeHeld = row.integer(8) != 0
        state = deadSince != nil ? .dead : mayBeHeld ? .begun : .waiting
    }
}
