extension Spool {
    /// The destinations have them for good: forgotten, durably; then the files that no other destination waits for are
    /// removed. One that is not there (any more) is no error. All of it is one transaction.
    /// - Returns: the studies of which nothing but dead letters is left at one of these destinations.
    @discardableResult
    public func acknowledgeImages(
        _ ids: [ImageDelivery.ID], events: [(StudyEntry.ID, HistoryEvent)] = []
    ) throws(SpoolError) -> Set<StudyEntry.ID> {
        try forgetImages(ids, events: events).emptied
    }

    /// `acknowledgeImages`, whose files are removed when the caller lets go of the leftovers, on whatever thread.
    public func forgetImages(
        _ ids: [ImageDelivery.ID], events: [(StudyEntry.ID, HistoryEvent)] = []
    ) throws(SpoolError) -> (emptied: Set<StudyEntry.ID>, leftovers: ImageLeftovers) {
        let (files, emptied) = try writer.write { ledger throws(SpoolError) in
            for (study, event) in events { try ledger.connection.insert(event, study: study) }
            return try ledger.connection.remove(ids)
        }
        return (emptied, ImageLeftovers(files, in: images))
    }

    /// They are not to be sent, whatever their state: forgotten as by `acknowledgeImages`.
    public func dropImages(
        _ ids: [ImageDelivery.ID], events: [(StudyEntry.ID, HistoryEvent)] = []
    ) throws(SpoolError) {
        try acknowledgeImages(ids, events: events)
    }

    /// Taken by the destination, which is asked to commit to them; kept until `acknowledgeImages` or `retryImages`.
    /// - Parameter transaction: Transaction UID of the request (PS3.4 §J.3.2).
    public func markSent(_ ids: [ImageDelivery.ID], transaction: String, at: Timestamp) throws(SpoolError) {
        try change(ids, "sent_in = ?4, sent_at = ?5, postponed_until = NULL, dead_since = NULL, answer = NULL") {
            $0.bind(4, transaction)
            $0.bind(5, at.milliseconds)
        }
    }

    /// What was sent and named in one request for commitment.
    public func sentImages(transaction: String) throws(SpoolError) -> [ImageDelivery] {
        try readers.read { reader throws(SpoolError) in
            let statement = try reader.connection.statement(
                "SELECT \(ImageDelivery.columns) WHERE delivery.sent_in = ?1 ORDER BY delivery.image, delivery.place")
            statement.bind(1, transaction)
            return try ImageDelivery.all(of: statement)
        }
    }

    /// What was sent to a destination and waits for its commitment since before then, longest first.
    public func sentImages(
        for destination: String, askedBefore: Timestamp, limit: Int = .max
    ) throws(SpoolError) -> [ImageDelivery] {
        try readers.read { reader throws(SpoolError) in
            guard let place = try reader.connection.place(named: destination) else { return [] }
            let statement = try reader.connection.statement(
                """
                SELECT \(ImageDelivery.columns) WHERE delivery.place = ?1 AND delivery.sent_at < ?2
                AND delivery.sent_in IS NOT NULL ORDER BY delivery.sent_at, delivery.study, delivery.image LIMIT ?3
                """)
            statement.bind(1, place)
            statement.bind(2, askedBefore.milliseconds)
            statement.bind(3, Int64(limit))
            return try ImageDelivery.all(of: statement)
        }
    }

    /// An attempt failed: not again before `until`. What was sent waits again; what is dead stays so.
    public func postponeImages(
        _ ids: [ImageDelivery.ID], until: Timestamp, error: String
    ) throws(SpoolError) {
        try change(
            ids, "postponed_until = ?4, last_error = ?5, attempts = attempts + 1, sent_in = NULL, sent_at = NULL",
            where: "dead_since IS NULL"
        ) {
            $0.bind(4, until.milliseconds)
            $0.bind(5, error)
        }
    }

    /// Given up: dead letters, kept until they are retried, acknowledged or dropped.
    /// - Parameter answer: what the destination said, in its own words; nil: nothing.
    public func buryImages(
        _ ids: [ImageDelivery.ID], error: String, answer: String?, events: [(StudyEntry.ID, HistoryEvent)] = [],
        at: Timestamp
    ) throws(SpoolError) {
        try change(ids, Connection.burial, events: events) {
            $0.bind(4, at.milliseconds)
            $0.bind(5, error)
            $0.bind(6, answer)
        }
    }

    /// To be sent again, at once: what was postponed, sent or dead. What is withheld stays so.
    public func retryImages(
        _ ids: [ImageDelivery.ID], events: [(StudyEntry.ID, HistoryEvent)] = []
    ) throws(SpoolError) {
        try change(
            ids, "postponed_until = NULL, dead_since = NULL, answer = NULL, sent_in = NULL, sent_at = NULL",
            events: events)
    }

    /// What was postponed is due at once; whatever became something else since stays so.
    public func endPostponements(of ids: [ImageDelivery.ID]) throws(SpoolError) {
        try change(ids, "postponed_until = NULL", where: "postponed_until IS NOT NULL")
    }

    /// - Parameter unlessSuperseded: those stay of which a later copy was queued.
    public func releaseImages(_ ids: [ImageDelivery.ID], unlessSuperseded: Bool = false) throws(SpoolError) {
        try change(
            ids, "withheld = 0", where: unlessSuperseded ? "withheld <> \(ImageDelivery.superseded)" : "TRUE")
    }

    /// Of all destinations, those that died first first.
    public func deadImages(limit: Int = .max) throws(SpoolError) -> [ImageDelivery] {
        try readers.read { reader throws(SpoolError) in
            let statement = try reader.connection.statement(
                """
                SELECT \(ImageDelivery.columns) WHERE delivery.dead_since IS NOT NULL
                ORDER BY delivery.dead_since, delivery.image LIMIT ?1
                """)
            statement.bind(1, Int64(limit))
            return try ImageDelivery.all(of: statement)
        }
    }

    private func change(
        _ ids: [ImageDelivery.ID], _ change: String, where condition: String = "TRUE",
        events: [(StudyEntry.ID, HistoryEvent)] = [], bind: (Statement) -> Void = { _ in }
    ) throws(SpoolError) {
        try writer.write { ledger throws(SpoolError) in
            try ledger.connection.update(ids, change, where: condition, bind: bind)
            for (study, event) in events { try ledger.connection.insert(event, study: study) }
        }
    }
}

extension Connection {
    fileprivate static let burial = """
        dead_since = coalesce(dead_since, ?4), last_error = ?5, answer = ?6, attempts = attempts + 1,
        postponed_until = NULL, sent_in = NULL, sent_at = NULL
        """

    /// Makes dead letters of images whose files are not whole, and returns those that were none before.
    func buryMissing(_ numbers: [Int64], at: Timestamp) throws(SpoolError) -> [ImageDelivery] {
        var buried: [ImageDelivery] = []
        for number in numbers {
            let find = try statement(
                """
                SELECT \(ImageDelivery.columns) WHERE image.id = ?1 AND delivery.place IN (SELECT id FROM destination)
                AND delivery.study = image.study AND delivery.dead_since IS NULL
                """)
            find.bind(1, number)
            buried += try ImageDelivery.all(of: find)
        }
        try update(buried.map(\.id), Self.burial) {
            $0.bind(4, at.milliseconds)
            $0.bind(5, ImageDelivery.fileNotWhole)
            $0.bind(6, nil as String?)
        }
        return buried
    }
}
