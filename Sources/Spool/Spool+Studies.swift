extension Spool {
    /// The studies with arrivals that are not sealed; found by index, whatever the spool holds besides.
    public func openStudies() throws(SpoolError) -> [StudyEntry] {
        try readers.read { reader throws(SpoolError) in
            let sql = "\(Schema.openStudies) SELECT \(StudyEntry.columns) FROM open JOIN study ON study.id = open.study"
            return try StudyEntry.all(of: reader.connection.statement(sql))
        }
    }

    /// The studies of which nothing is sent, for the reason they tell.
    public func heldStudies() throws(SpoolError) -> [StudyEntry] {
        try readers.read { reader throws(SpoolError) in
            let sql = "SELECT \(StudyEntry.columns) FROM study WHERE hold IS NOT NULL ORDER BY id"
            return try StudyEntry.all(of: reader.connection.statement(sql))
        }
    }

    /// The studies with this Study Instance UID, one per source.
    public func studies(uid: String) throws(SpoolError) -> [StudyEntry] {
        try readers.read { reader throws(SpoolError) in
            let statement = try reader.connection.statement(
                "SELECT \(StudyEntry.columns) FROM study WHERE uid = ?1 ORDER BY id")
            statement.bind(1, uid)
            return try StudyEntry.all(of: statement)
        }
    }

    public func study(_ id: StudyEntry.ID) throws(SpoolError) -> StudyEntry? {
        try readers.read { reader throws(SpoolError) in
            let statement = try reader.connection.statement("SELECT \(StudyEntry.columns) FROM study WHERE id = ?1")
            statement.bind(1, id.value)
            return try StudyEntry.all(of: statement).first
        }
    }

    /// What the last settlement wrote for the study; nil: none did.
    public func record(of study: StudyEntry.ID) throws(SpoolError) -> [UInt8]? {
        try readers.read { reader throws(SpoolError) in
            let statement = try reader.connection.statement("SELECT record FROM study WHERE id = ?1")
            statement.bind(1, study.value)
            defer { statement.reset() }
            guard try statement.step(), !statement.isNull(0) else { return nil }
            return try statement.withBytes(0) { frame throws(SpoolError) in
                try reader.compressor.decompressed(
                    frame, place: "the record of study \(study.value)")
            }
        }
    }

    /// What was done with the study, oldest first.
    public func history(of study: StudyEntry.ID) throws(SpoolError) -> [HistoryEvent] {
        try readers.read { reader throws(SpoolError) in
            let statement = try reader.connection.statement(
                "SELECT kind, detail, at FROM event WHERE study = ?1 ORDER BY id")
            statement.bind(1, study.value)
            defer { statement.reset() }
            var events: [HistoryEvent] = []
            while try statement.step() {
                let at = Timestamp(milliseconds: statement.integer(2))
                events.append(HistoryEvent(kind: statement.text(0), detail: statement.text(1), at: at))
            }
            return events
        }
    }

    public func append(_ event: HistoryEvent, to study: StudyEntry.ID) throws(SpoolError) {
        try writer.write { ledger throws(SpoolError) in try ledger.connection.insert(event, study: study) }
    }
}

extension Connection {
    func insert(_ event: HistoryEvent, study: StudyEntry.ID) throws(SpoolError) {
        let add = try statement("INSERT INTO event (study, at, kind, detail) VALUES (?1, ?2, ?3, ?4)")
        add.bind(1, study.value)
        add.bind(2, event.at.milliseconds)
        add.bind(3, event.kind)
        add.bind(4, event.detail)
        try add.run()
    }
}

extension StudyEntry {
    static let columns = """
        study.id, study.source, study.uid, study.first_received, study.settled_through, study.settled_at, study.hold,
        (SELECT max(arrival.id) FROM arrival WHERE arrival.study = study.id), study.changed_at,
        (SELECT state.name FROM state WHERE state.id = study.state)
        """

    static func all(of statement: Statement) throws(SpoolError) -> [StudyEntry] {
        defer { statement.reset() }
        var entries: [StudyEntry] = []
        while try statement.step() {
            entries.append(
                StudyEntry(
                    id: ID(statement.integer(0)), source: statement.text(1), uid: statement.text(2),
                    firstReceivedAt: Timestamp(milliseconds: statement.integer(3)),
                    settledThrough: statement.optionalInteger(4).map { ArrivalNumber($0) },
                    settledAt: statement.optionalInteger(5).map { Timestamp(milliseconds: $0) },
                    changedAt: Timestamp(milliseconds: statement.integer(8)), state: statement.optionalText(9),
                    hold: statement.optionalText(6),
                    lastOpen: statement.optionalInteger(7).map { ArrivalNumber($0) }))
        }
        return entries
    }
}
