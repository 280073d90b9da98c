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
        let standings = settlement.standings.map { PackedStanding($0, compressor) }
        try writer.write { ledger throws(SpoolError) in
            let connection = ledger.connection
            try connection.expect(settlement.expecting, of: study)
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
            try connection.note(settlement.state, of: study, at: settlement.at)
            for delivery in settlement.withdrawn { try connection.remove(delivery, of: study) }
            for (outgoing, content) in zip(settlement.outgoing, contents) {
                try connection.insert(outgoing, content: content, study: study, at: settlement.at)
            }
            for standing in standings { try connection.replace(standing, of: study) }
            try connection.removeStaleDocuments(of: study)
            for trace in settlement.traces { try connection.insert(trace: trace, of: study) }
            for event in settlement.events { try connection.insert(event, study: study) }
        }
    }

    /// Writes what destinations hold by now, without settling anything; all of it or nothing.
    /// - Parameters:
    ///   - standings: each takes the place of its destination's former one.
    ///   - state: nil leaves the former one.
    ///   - expecting: as in `Settlement`.
    public func updateStandings(
        of study: StudyEntry.ID, _ standings: [StandingRecord], state: String? = nil,
        expecting: [Delivery.ID: Delivery.State]? = nil, events: [HistoryEvent] = [], at: Timestamp
    ) throws(SpoolError) {
        let compressor = Compressor()
        let packed = standings.map { PackedStanding($0, compressor) }
        try writer.write { ledger throws(SpoolError) in
            let connection = ledger.connection
            try connection.expect(expecting, of: study)
            try connection.note(state, of: study, at: at)
            for standing in packed { try connection.replace(standing, of: study) }
            try connection.removeStaleDocuments(of: study)
            for event in events { try connection.insert(event, study: study) }
        }
    }

    /// What each destination holds of the study, by the last settlement or update. Whoever decides by it reads the
    /// deliveries first: then `expecting` tells whether either has changed.
    public func standings(of study: StudyEntry.ID) throws(SpoolError) -> [StandingRecord] {
        try readers.read { reader throws(SpoolError) in
            var standings: [StandingRecord] = []
            let statement = try reader.connection.statement(
                "SELECT destination, record FROM standing WHERE study = ?1 ORDER BY destination")
            statement.bind(1, study.value)
            defer { statement.reset() }
            while try statement.step() {
                let destination = statement.text(0)
                let record = try statement.withBytes(1) { frame throws(SpoolError) in
                    try reader.compressor.decompressed(
                        frame, place: "the standing of study \(study.value) at \(destination)")
                }
                let documents = try reader.connection.documents(neededBy: destination, of: study)
                standings.append(StandingRecord(destination: destination, record: record, documents: documents))
            }
            return standings
        }
    }
}

/// A standing as it is written.
private struct PackedStanding {
    let standing: StandingRecord
    let record: [UInt8]

    init(_ standing: StandingRecord, _ compressor: Compressor) {
        self.standing = standing
        record = compressor.compress(standing.record, level: Spool.documentLevel)
    }
}

extension Connection {
    /// Throws when the study's deliveries are not these.
    fileprivate func expect(
        _ expected: [Delivery.ID: Delivery.State]?, of study: StudyEntry.ID
    ) throws(SpoolError) {
        guard let expected else { return }
        var found: [Delivery.ID: Delivery.State] = [:]
        for delivery in try deliveries(of: study) { found[delivery.id] = delivery.state }
        if found != expected { throw .outdated }
    }

    /// Throws when there is no such study.
    fileprivate func note(_ state: String?, of study: StudyEntry.ID, at: Timestamp) throws(SpoolError) {
        if let state {
            let add = try statement("INSERT INTO state (name) VALUES (?1) ON CONFLICT DO NOTHING")
            add.bind(1, state)
            try add.run()
        }
        let update = try statement(
            """
            UPDATE study SET state = coalesce((SELECT id FROM state WHERE name = ?2), state), changed_at = ?3
            WHERE id = ?1
            """)
        update.bind(1, study.value)
        update.bind(2, state)
        update.bind(3, at.milliseconds)
        try update.run()
        guard changes == 1 else { throw .unknown(what: "study \(study.value)") }
    }

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

    fileprivate func replace(_ packed: PackedStanding, of study: StudyEntry.ID) throws(SpoolError) {
        let put = try statement(
            """
            INSERT INTO standing (study, destination, record) VALUES (?1, ?2, ?3)
            ON CONFLICT DO UPDATE SET record = excluded.record
            """)
        put.bind(1, study.value)
        put.bind(2, packed.standing.destination)
        put.bind(3, packed.record)
        try put.run()
        let forget = try statement(
            "DELETE FROM need WHERE destination = ?2 AND document IN (SELECT id FROM document WHERE study = ?1)")
        forget.bind(1, study.value)
        forget.bind(2, packed.standing.destination)
        try forget.run()
        for identity in packed.standing.documents {
            let need = try statement(
                """
                INSERT INTO need (document, destination)
                SELECT id, ?2 FROM document WHERE study = ?1 AND identity = ?3 ORDER BY id DESC LIMIT 1
                """)
            need.bind(1, study.value)
            need.bind(2, packed.standing.destination)
            need.bind(3, identity)
            try need.run()
        }
    }

    fileprivate func documents(neededBy destination: String, of study: StudyEntry.ID) throws(SpoolError) -> Set<String>
    {
        let statement = try statement(
            """
            SELECT document.identity FROM document JOIN need ON need.document = document.id AND need.destination = ?2
            WHERE document.study = ?1
            """)
        statement.bind(1, study.value)
        statement.bind(2, destination)
        defer { statement.reset() }
        var identities: Set<String> = []
        while try statement.step() { identities.insert(statement.text(0)) }
        return identities
    }
}
