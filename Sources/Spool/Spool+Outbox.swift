extension Spool {
    /// Writes what was decided about a study, all of it or nothing.
    public func settle(_ study: StudyEntry.ID, _ settlement: Settlement) throws(SpoolError) {
        for outgoing in settlement.outgoing where outgoing.content.count > configuration.largestContent {
            throw .tooLarge(bytes: outgoing.content.count, limit: configuration.largestContent)
        }
        // Compressed before anybody has to wait for it.
        let compressor = Compressor()
        let record = settlement.record.map { compressor.compress($0, level: Self.documentLevel) }
        let contents = settlement.outgoing.map { compressor.compress($0.content, level: Self.documentLevel) }
        try writer.write { ledger throws(SpoolError) in
            let connection = ledger.connection
            let update = try connection.statement(
                """
                UPDATE study SET settled_through = max(coalesce(settled_through, 0), ?2), settled_at = ?3, hold = ?4,
                record = coalesce(?5, record) WHERE id = ?1
                """)
            update.bind(1, study.value)
            update.bind(2, settlement.through.value)
            update.bind(3, settlement.at.milliseconds)
            update.bind(4, settlement.hold)
            update.bind(5, record)
            try update.run()
            guard connection.changes == 1 else { throw .unknown(what: "study \(study.value)") }
            for delivery in settlement.withdrawn { try connection.removeDelivery(delivery) }
            for (outgoing, content) in zip(settlement.outgoing, contents) {
                try connection.insert(outgoing, content: content, study: study, at: settlement.at)
            }
            try connection.removeStaleDocuments(of: study)
            for event in settlement.events { try connection.insert(event, study: study) }
        }
    }

    /// What is to be sent to a destination, in the order it was written, those not due yet included.
    public func pending(for destination: String) throws(SpoolError) -> [Delivery] {
        try readers.read { reader throws(SpoolError) in
            let statement = try reader.connection.statement(
                """
                SELECT delivery.id, delivery.destination, document.study, document.identity, document.version,
                document.file_name, document.written, delivery.attempts, delivery.postponed_until, delivery.last_error
                FROM delivery JOIN document ON document.id = delivery.document
                WHERE delivery.destination = ?1 ORDER BY delivery.id
                """)
            statement.bind(1, destination)
            defer { statement.reset() }
            var deliveries: [Delivery] = []
            while try statement.step() {
                deliveries.append(
                    Delivery(
                        id: Delivery.ID(statement.integer(0)), destination: statement.text(1),
                        study: StudyEntry.ID(statement.integer(2)), identity: statement.text(3),
                        version: statement.text(4), fileName: statement.text(5),
                        queuedAt: Timestamp(milliseconds: statement.integer(6)), attempts: Int(statement.integer(7)),
                        postponedUntil: statement.optionalInteger(8).map { Timestamp(milliseconds: $0) },
                        lastError: statement.optionalText(9)))
            }
            return deliveries
        }
    }

    /// The bytes to send: the same each time.
    public func content(of delivery: Delivery.ID) throws(SpoolError) -> [UInt8] {
        try readers.read { reader throws(SpoolError) in
            let statement = try reader.connection.statement(
                """
                SELECT document.content FROM delivery JOIN document ON document.id = delivery.document
                WHERE delivery.id = ?1
                """)
            statement.bind(1, delivery.value)
            defer { statement.reset() }
            guard try statement.step() else { throw .unknown(what: "delivery \(delivery.value)") }
            return try statement.withBytes(0) { frame throws(SpoolError) in
                try reader.compressor.decompressed(
                    frame, place: "delivery \(delivery.value)")
            }
        }
    }

    /// The destination has it for good. A delivery that is not there (any more) is no error.
    public func acknowledge(_ delivery: Delivery.ID, events: [HistoryEvent] = []) throws(SpoolError) {
        try writer.write { ledger throws(SpoolError) in
            let connection = ledger.connection
            let study = try connection.integer(
                """
                SELECT document.study FROM delivery JOIN document ON document.id = delivery.document
                WHERE delivery.id = ?1
                """, delivery.value)
            guard study != 0 else { return }
            try connection.removeDelivery(delivery)
            try connection.removeStaleDocuments(of: StudyEntry.ID(study))
            for event in events { try connection.insert(event, study: StudyEntry.ID(study)) }
        }
    }

    /// An attempt failed: not again before `until`.
    public func postpone(_ delivery: Delivery.ID, until: Timestamp, error: String) throws(SpoolError) {
        try writer.write { ledger throws(SpoolError) in
            let statement = try ledger.connection.statement(
                """
                UPDATE delivery SET attempts = attempts + 1, postponed_until = ?2, last_error = ?3 WHERE id = ?1
                """)
            statement.bind(1, delivery.value)
            statement.bind(2, until.milliseconds)
            statement.bind(3, error)
            try statement.run()
        }
    }

    /// The last document written for the study, sent or not.
    public func manifest(of study: StudyEntry.ID) throws(SpoolError) -> Manifest? {
        try readers.read { reader throws(SpoolError) in
            let statement = try reader.connection.statement(
                """
                SELECT identity, version, file_name, written, content FROM document WHERE study = ?1
                ORDER BY id DESC LIMIT 1
                """)
            statement.bind(1, study.value)
            defer { statement.reset() }
            guard try statement.step() else { return nil }
            let content = try statement.withBytes(4) { frame throws(SpoolError) in
                try reader.compressor.decompressed(
                    frame, place: "the manifest of study \(study.value)")
            }
            return Manifest(
                identity: statement.text(0), version: statement.text(1), fileName: statement.text(2),
                writtenAt: Timestamp(milliseconds: statement.integer(3)), content: content)
        }
    }

    /// Of records and documents: higher ones need tens of megabytes of tables for a large manifest and save little.
    static let documentLevel: Int32 = 3
}

extension Connection {
    fileprivate func insert(
        _ outgoing: Outgoing, content: [UInt8], study: StudyEntry.ID, at: Timestamp
    ) throws(SpoolError) {
        let document = try statement(
            """
            INSERT INTO document (study, identity, version, file_name, written, content) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """)
        document.bind(1, study.value)
        document.bind(2, outgoing.identity)
        document.bind(3, outgoing.version)
        document.bind(4, outgoing.fileName)
        document.bind(5, at.milliseconds)
        document.bind(6, content)
        try document.run()
        let id = lastInsertedRow
        for destination in outgoing.destinations {
            let delivery = try statement("INSERT INTO delivery (document, destination) VALUES (?1, ?2)")
            delivery.bind(1, id)
            delivery.bind(2, destination)
            try delivery.run()
        }
    }

    fileprivate func removeDelivery(_ delivery: Delivery.ID) throws(SpoolError) {
        let statement = try statement("DELETE FROM delivery WHERE id = ?1")
        statement.bind(1, delivery.value)
        try statement.run()
    }

    /// Documents that everybody has and that are not the latest.
    fileprivate func removeStaleDocuments(of study: StudyEntry.ID) throws(SpoolError) {
        let statement = try statement(
            """
            DELETE FROM document WHERE study = ?1 AND id < (SELECT max(id) FROM document WHERE study = ?1)
            AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.document = document.id)
            """)
        statement.bind(1, study.value)
        try statement.run()
    }
}
