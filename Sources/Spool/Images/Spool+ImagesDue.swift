extension Spool {
    /// What may be sent to a destination now, in the order of sending: urgent first, then by study, then by arrival. What
    /// is withheld, postponed beyond `at`, sent or dead is left out, and so is what a barrier keeps back: what was queued
    /// behind one that was not taken yet, and a barrier behind something that still waits.
    /// - Parameters:
    ///   - after: only what comes after it in this order; what was postponed comes back in its place.
    ///   - horizon: nobody postpones beyond it; what is was postponed by another clock, and is due.
    ///   - limit: of the deliveries told.
    /// - Returns: also when the next postponed one may be tried again; nil: none is postponed.
    public func imagesDue(
        for destination: String, after: ImageDelivery.Position? = nil, at: Timestamp,
        horizon: Timestamp = Timestamp(milliseconds: .max), limit: Int
    ) throws(SpoolError) -> (images: [ImageDelivery], postponed: Timestamp?) {
        let (due, isOutdated) = try readDue(for: destination, after: after, at: at, horizon: horizon, limit: limit)
        guard isOutdated else { return due }
        endPostponements(for: destination, at: at, horizon: horizon)
        return try readDue(for: destination, after: after, at: at, horizon: horizon, limit: limit).due
    }

    /// `isOutdated`: there are some that are postponed no longer.
    private func readDue(
        for destination: String, after: ImageDelivery.Position?, at: Timestamp, horizon: Timestamp, limit: Int
    ) throws(SpoolError) -> (due: (images: [ImageDelivery], postponed: Timestamp?), isOutdated: Bool) {
        try readers.read { reader throws(SpoolError) in
            let connection = reader.connection
            guard let place = try connection.place(named: destination) else { return (([], nil), false) }
            let images = try connection.imagesDue(at: place, after: after, limit: limit)
            guard let first = try connection.postponement(at: place),
                let last = try connection.postponement(at: place, isLast: true)
            else { return ((images, nil), false) }
            return ((images, first), first <= at || last > horizon)
        }
    }

    /// Puts those whose time has come among those that are due. So many at once that arrivals hardly wait for it; one
    /// that the disk refuses comes back later.
    private func endPostponements(for destination: String, at: Timestamp, horizon: Timestamp) {
        try? writer.write { ledger throws(SpoolError) in
            let place = try ledger.findOrAddDestination(destination)
            try ledger.connection.endPostponements(at: place, "<=", at)
            try ledger.connection.endPostponements(at: place, ">", horizon)
        }
    }
}

extension Connection {
    /// The first, or the last, of a destination.
    fileprivate func postponement(at place: Int64, isLast: Bool = false) throws(SpoolError) -> Timestamp? {
        let end = try statement(
            """
            SELECT \(isLast ? "max" : "min")(postponed_until) FROM image_delivery
            WHERE place = ?1 AND postponed_until IS NOT NULL
            """)
        end.bind(1, place)
        defer { end.reset() }
        guard try end.step() else { return nil }
        return end.optionalInteger(0).map { Timestamp(milliseconds: $0) }
    }

    fileprivate func endPostponements(at place: Int64, _ comparison: String, _ time: Timestamp) throws(SpoolError) {
        let update = try statement(
            """
            UPDATE image_delivery SET postponed_until = NULL WHERE (place, study, image) IN (
                SELECT place, study, image FROM image_delivery
                WHERE place = ?1 AND postponed_until \(comparison) ?2 ORDER BY postponed_until LIMIT ?3)
            """)
        update.bind(1, place)
        update.bind(2, time.milliseconds)
        update.bind(3, 1_000)
        try update.run()
    }

    fileprivate func imagesDue(
        at place: Int64, after: ImageDelivery.Position?, limit: Int
    ) throws(SpoolError) -> [ImageDelivery] {
        var found: [ImageDelivery] = []
        var next = after
        var barrier: (study: Int64, image: Int64?) = (0, nil)
        while found.count < limit {
            let statement = try dueStatement(place, after: next, limit: limit - found.count)
            defer { statement.reset() }
            next = nil
            while next == nil, try statement.step() {
                let delivery = ImageDelivery(statement)
                let study = delivery.study.value
                if barrier.study != study { barrier = (study, try openBarrier(of: study, at: place)) }
                if try isDue(delivery, of: study, at: place, barrier: barrier.image) {
                    found.append(delivery)
                } else {
                    // On to the next study, without a look at the rest of this one.
                    next = delivery.position
                    next?.image = .max
                }
            }
            if next == nil { break }
        }
        return found
    }

    private func isDue(
        _ delivery: ImageDelivery, of study: Int64, at place: Int64, barrier: Int64?
    ) throws(SpoolError) -> Bool {
        guard let barrier, delivery.id.image >= barrier else { return true }
        guard delivery.id.image == barrier else { return false }
        return try !isWaiting(before: barrier, of: study, at: place)
    }

    private func dueStatement(
        _ place: Int64, after: ImageDelivery.Position?, limit: Int
    ) throws(SpoolError) -> Statement {
        let statement = try statement(
            """
            SELECT \(ImageDelivery.columns) WHERE delivery.place = ?1
                AND (delivery.later, delivery.study, delivery.image) > (?2, ?3, ?4)
                AND delivery.withheld = 0 AND delivery.postponed_until IS NULL AND delivery.dead_since IS NULL
                AND delivery.sent_in IS NULL
            ORDER BY delivery.later, delivery.study, delivery.image LIMIT ?5
            """)
        statement.bind(1, place)
        statement.bind(2, after.map { $0.isUrgent ? 0 : 1 } ?? -1)
        statement.bind(3, after?.study.value ?? 0)
        statement.bind(4, after?.image ?? 0)
        statement.bind(5, Int64(limit))
        return statement
    }

    /// The first barrier of a study that the destination has not taken.
    func openBarrier(of study: Int64, at place: Int64) throws(SpoolError) -> Int64? {
        let first = try statement(
            """
            SELECT min(image) FROM image_delivery
            WHERE place = ?1 AND study = ?2 AND barrier = 1 AND sent_in IS NULL
            """)
        first.bind(1, place)
        first.bind(2, study)
        defer { first.reset() }
        return try first.step() ? first.optionalInteger(0) : nil
    }

    /// What is withheld after all was decided, or dead, holds up nothing.
    func isWaiting(before image: Int64, of study: Int64, at place: Int64) throws(SpoolError) -> Bool {
        try integer(
            """
            SELECT 1 FROM image_delivery WHERE place = ?1 AND study = ?2 AND image < ?3
            AND withheld = 0 AND dead_since IS NULL AND sent_in IS NULL LIMIT 1
            """, place, study, image) == 1
    }

    func images(of study: StudyEntry.ID) throws(SpoolError) -> [ImageDelivery] {
        let statement = try statement(
            """
            SELECT \(ImageDelivery.columns) WHERE delivery.place IN (SELECT id FROM destination)
            AND delivery.study = ?1 ORDER BY delivery.image, delivery.place
            """)
        statement.bind(1, study.value)
        return try ImageDelivery.all(of: statement)
    }
}

extension ImageDelivery {
    /// The value of `withheld`; 1 where it is withheld for something else.
    static let superseded: Int64 = 2

    static let columns = """
        delivery.image, destination.name, delivery.study, image.instance, class.value, syntax.value, image.bytes,
        image.arrival, delivery.later, delivery.barrier, delivery.withheld, delivery.dead_since, delivery.sent_in,
        delivery.sent_at, delivery.attempts, delivery.postponed_until, delivery.last_error, delivery.answer,
        image.queued_at
        FROM image_delivery AS delivery CROSS JOIN image ON image.id = delivery.image
        CROSS JOIN destination ON destination.id = delivery.place
        CROSS JOIN attributes AS class ON class.id = image.sop_class
        CROSS JOIN attributes AS syntax ON syntax.id = image.transfer_syntax
        """

    static func all(of statement: Statement) throws(SpoolError) -> [ImageDelivery] {
        defer { statement.reset() }
        var deliveries: [ImageDelivery] = []
        while try statement.step() { deliveries.append(ImageDelivery(statement)) }
        return deliveries
    }

    init(_ row: Statement) {
        id = ID(image: row.integer(0), destination: row.text(1))
        study = StudyEntry.ID(row.integer(2))
        instance = row.text(3)
        sopClass = row.text(4)
        transferSyntax = row.text(5)
        bytes = Int(row.integer(6))
        arrival = row.optionalInteger(7).map { ArrivalNumber($0) }
        isUrgent = row.integer(8) == 0
        isBarrier = row.integer(9) != 0
        isWithheld = row.integer(10) != 0
        isSuperseded = row.integer(10) == ImageDelivery.superseded
        if let since = row.optionalInteger(11) {
            state = .dead(since: Timestamp(milliseconds: since))
        } else if let transaction = row.optionalText(12) {
            state = .sent(transaction: transaction, at: Timestamp(milliseconds: row.integer(13)))
        } else {
            state = .waiting
        }
        attempts = Int(row.integer(14))
        postponedUntil = row.optionalInteger(15).map { Timestamp(milliseconds: $0) }
        lastError = row.optionalText(16)
        answer = row.optionalText(17)
        queuedAt = Timestamp(milliseconds: row.integer(18))
    }
}
