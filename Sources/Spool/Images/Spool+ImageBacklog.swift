/// What lies here of one study for one destination.
public struct ImageBacklog: Sendable, Equatable {
    public var study: StudyEntry.ID
    /// Neither sent nor dead; withheld and postponed ones included.
    public var depth: Int
    /// Of these, of their data sets.
    public var bytes: Int
    /// Of `depth`, those that wait to be released.
    public var withheld: Int
    /// Taken, and waiting for the destination to commit to it.
    public var sent: Int
    /// Dead letters.
    public var dead: Int
    /// When the first of them was queued.
    public var oldest: Timestamp
}

/// For operators: what waits, looked at without sending it.
extension Spool {
    /// What lies here for a destination, by study, oldest first. Looks at every image that waits for it.
    public func imageBacklog(for destination: String) throws(SpoolError) -> [ImageBacklog] {
        try readers.read { reader throws(SpoolError) in
            guard let place = try reader.connection.place(named: destination) else { return [] }
            let statement = try reader.connection.statement(
                """
                SELECT delivery.study, sum(dead_since IS NULL AND sent_in IS NULL),
                    sum((dead_since IS NULL AND sent_in IS NULL) * image.bytes),
                    sum(dead_since IS NULL AND sent_in IS NULL AND withheld), sum(sent_in IS NOT NULL),
                    sum(dead_since IS NOT NULL), min(image.queued_at)
                FROM image_delivery AS delivery CROSS JOIN image ON image.id = delivery.image
                WHERE delivery.place = ?1 GROUP BY delivery.study ORDER BY min(delivery.image)
                """)
            statement.bind(1, place)
            defer { statement.reset() }
            var backlog: [ImageBacklog] = []
            while try statement.step() {
                backlog.append(
                    ImageBacklog(
                        study: StudyEntry.ID(statement.integer(0)), depth: Int(statement.integer(1)),
                        bytes: Int(statement.integer(2)), withheld: Int(statement.integer(3)),
                        sent: Int(statement.integer(4)), dead: Int(statement.integer(5)),
                        oldest: Timestamp(milliseconds: statement.integer(6))))
            }
            return backlog
        }
    }

    /// All that lies here for a destination, whatever its state, by study.
    public func images(for destination: String, limit: Int) throws(SpoolError) -> [ImageDelivery] {
        try listed(destination, "TRUE ORDER BY delivery.study, delivery.image", limit)
    }

    /// What a destination refused and is sent again by itself, the next one first.
    public func postponedImages(for destination: String, limit: Int) throws(SpoolError) -> [ImageDelivery] {
        try listed(
            destination, "delivery.postponed_until IS NOT NULL ORDER BY delivery.postponed_until, delivery.image", limit
        )
    }

    /// What is kept under this number and destination; nil: nothing is any more.
    public func image(_ id: ImageDelivery.ID) throws(SpoolError) -> ImageDelivery? {
        try readers.read { reader throws(SpoolError) in
            let statement = try reader.connection.statement(
                """
                SELECT \(ImageDelivery.columns) WHERE image.id = ?1 AND delivery.study = image.study
                AND delivery.place = (SELECT id FROM destination WHERE name = ?2)
                """)
            statement.bind(1, id.image)
            statement.bind(2, id.destination)
            return try ImageDelivery.all(of: statement).first
        }
    }

    private func listed(
        _ destination: String, _ condition: String, _ limit: Int
    ) throws(SpoolError) -> [ImageDelivery] {
        try readers.read { reader throws(SpoolError) in
            guard let place = try reader.connection.place(named: destination) else { return [] }
            let statement = try reader.connection.statement(
                "SELECT \(ImageDelivery.columns) WHERE delivery.place = ?1 AND \(condition) LIMIT ?2")
            statement.bind(1, place)
            statement.bind(2, Int64(limit))
            return try ImageDelivery.all(of: statement)
        }
    }
}

extension ImageDelivery {
    /// `lastError` of a dead letter whose file is gone, or shorter than it was.
    public static let fileNotWhole = "its file is not whole"
}
