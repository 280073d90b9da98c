extension Spool {
    /// Begins a file.
    /// - Parameters:
    ///   - head: preamble, prefix and file meta information (PS3.10 §7.1); the data set follows.
    ///   - isDocument: it tells of images, as a rejection note does: it may take what `Configuration.imageBudget` and
    ///     `.imageReserve` keep from them, and leaves `.reserve`.
    /// - Throws: `SpoolError.full` or `.overBudget` when it may take no more of the disk.
    public func newImage(
        head: [UInt8], compression: ImageCompression, isDocument: Bool = false
    ) throws(SpoolError) -> ImageWriter {
        if let failure { throw failure }
        return try ImageWriter(head: head, compression: compression, for: isDocument ? .document : .image, in: images)
    }

    /// While the result is held, files are made ahead, a few at once: an image then costs no sync of their folder. What
    /// is left of them goes with it.
    public func expectImages() -> ImageExpectation { ImageExpectation(images) }

    /// Queues an image of a study without a header. Durable when it returns.
    public func queue(_ image: QueuedImage, of study: StudyEntry.ID, at: Timestamp) throws(SpoolError) {
        try writer.write { ledger throws(SpoolError) in
            guard try ledger.connection.integer("SELECT count(*) FROM study WHERE id = ?1", study.value) == 1 else {
                throw .unknown(what: "study \(study.value)")
            }
            try ledger.insert(image, of: study.value, arrival: nil, at: at)
        }
    }

    /// To read what is sent next. Nil: it is not to be sent now, because it was acknowledged, dropped, withheld or given
    /// up meanwhile, or a barrier is in the way.
    /// - Throws: `SpoolError.unreadable` or `.damaged` when the file is not what was stored.
    public func begin(_ id: ImageDelivery.ID, at: Timestamp = .now) throws(SpoolError) -> ImageReader? {
        let found = try readers.read { reader throws(SpoolError) in try reader.connection.sendableDataSet(of: id) }
        guard let (stored, queuedAt) = found else { return nil }
        // Nobody looks at the bytes of a file that is not compressed while they are sent: what this process did not write,
        // or wrote a while ago, is looked at before.
        let (age, isOverflow) = at.milliseconds.subtractingReportingOverflow(queuedAt.milliseconds)
        let isFresh = stored.name.number > images.lastNumberAtStart && !isOverflow && (0..<60_000).contains(age)
        if !stored.name.isCompressed, !isFresh { try ImageReader(stored, in: images).check() }
        return try ImageReader(stored, in: images)
    }

    /// Bytes of all files of images on the disk, those that are being written too.
    public var imageBytes: Int { images.bytes }

    /// What images may ever take of the disk, by the budget or the size of the file system: a larger one never has room.
    /// Nil: unknown.
    public var imageCapacity: Int? { images.capacity }

    /// Images have taken nine tenths of what they may take of the disk, and hold more than eight of them still. Nil: there
    /// is room.
    public var imagePressure: SpoolError? { images.pressure }

    /// What is queued of a study, to whatever destination, in the order it came.
    public func images(of study: StudyEntry.ID) throws(SpoolError) -> [ImageDelivery] {
        try readers.read { reader throws(SpoolError) in try reader.connection.images(of: study) }
    }

    /// Notes, durably, that something of the study may be at the destination; before its first byte leaves.
    public func beginImages(of study: StudyEntry.ID, at destination: String) throws(SpoolError) {
        try writer.write { ledger throws(SpoolError) in
            let add = try ledger.connection.statement(
                "INSERT INTO lineage (study, place) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
            add.bind(1, study.value)
            add.bind(2, try ledger.findOrAddDestination(destination))
            try add.run()
        }
    }

    /// Where something of the study may be.
    public func imageLineages(of study: StudyEntry.ID) throws(SpoolError) -> Set<String> {
        try readers.read { reader throws(SpoolError) in
            let statement = try reader.connection.statement(
                """
                SELECT destination.name FROM lineage JOIN destination ON destination.id = lineage.place
                WHERE lineage.study = ?1
                """)
            statement.bind(1, study.value)
            defer { statement.reset() }
            var names: Set<String> = []
            while try statement.step() { names.insert(statement.text(0)) }
            return names
        }
    }
}

extension Connection {
    fileprivate func sendableDataSet(
        of id: ImageDelivery.ID
    ) throws(SpoolError) -> (dataSet: StoredDataSet, queuedAt: Timestamp)? {
        let statement = try statement(
            """
            SELECT image.id, image.compressed, attributes.value, image.head_bytes, image.bytes, image.checksum,
                delivery.place, delivery.study, image.queued_at
            FROM image JOIN destination ON destination.name = ?2
            JOIN image_delivery AS delivery ON delivery.place = destination.id AND delivery.study = image.study
                AND delivery.image = image.id
            JOIN attributes ON attributes.id = image.transfer_syntax
            WHERE image.id = ?1 AND delivery.withheld = 0 AND delivery.dead_since IS NULL AND delivery.sent_in IS NULL
            """)
        statement.bind(1, id.image)
        statement.bind(2, id.destination)
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        let queue = (place: statement.integer(6), study: statement.integer(7))
        if let barrier = try openBarrier(of: queue.study, at: queue.place), barrier <= id.image {
            guard barrier == id.image, try !isWaiting(before: barrier, of: queue.study, at: queue.place) else {
                return nil
            }
        }
        let dataSet = StoredDataSet(
            name: ImageName(number: statement.integer(0), isCompressed: statement.integer(1) != 0),
            transferSyntax: statement.text(2), headBytes: Int(statement.integer(3)), bytes: Int(statement.integer(4)),
            checksum: UInt64(bitPattern: statement.integer(5)))
        return (dataSet, Timestamp(milliseconds: statement.integer(8)))
    }
}
