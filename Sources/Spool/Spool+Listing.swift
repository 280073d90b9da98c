extension Spool {
    /// Studies, those changed last first.
    /// - Parameters:
    ///   - state: only those that were last called so; nil: all, those never settled too.
    ///   - source: only those of this source.
    ///   - since: only those changed then or later (`StudyEntry.changedAt`).
    ///   - limit: of the studies told.
    public func studies(
        state: String? = nil, source: String? = nil, since: Timestamp? = nil, limit: Int = .max
    ) throws(SpoolError) -> [StudyEntry] {
        try readers.read { reader throws(SpoolError) in
            let connection = reader.connection
            var found: [(changedAt: Int64, id: Int64)] = []
            // Each state of each source is a range of one index, which tells all that it takes to choose.
            for number in try connection.stateNumbers(named: state) {
                for name in try connection.sources(ofState: number) where source == nil || source == name {
                    let statement = try connection.statement(
                        """
                        SELECT changed_at, id FROM study WHERE state = ?1 AND source = ?2 AND changed_at >= ?3
                        ORDER BY changed_at DESC, id DESC LIMIT ?4
                        """)
                    statement.bind(1, number)
                    statement.bind(2, name)
                    statement.bind(3, since?.milliseconds ?? .min)
                    statement.bind(4, Int64(limit))
                    defer { statement.reset() }
                    while try statement.step() { found.append((statement.integer(0), statement.integer(1))) }
                }
            }
            found.sort { $0 > $1 }
            let read = try connection.statement("SELECT \(StudyEntry.columns) FROM study WHERE id = ?1")
            return try found.prefix(limit).map { _, id throws(SpoolError) in
                read.bind(1, id)
                return try StudyEntry.all(of: read)
            }.flatMap { $0 }
        }
    }

    /// How many studies are in each state; under nil those that were never settled.
    public func studyCounts() throws(SpoolError) -> [String?: Int] {
        try readers.read { reader throws(SpoolError) in
            let statement = try reader.connection.statement("SELECT name, studies FROM state WHERE studies > 0")
            defer { statement.reset() }
            var counts: [String?: Int] = [:]
            while try statement.step() { counts[statement.optionalText(0)] = Int(statement.integer(1)) }
            return counts
        }
    }

    /// The other studies of the same source in which one of this study's Series Instance UIDs has arrived, by age.
    public func studies(sharingSeriesWith study: StudyEntry.ID) throws(SpoolError) -> [StudyEntry] {
        try readers.read { reader throws(SpoolError) in
            let statement = try reader.connection.statement(
                """
                SELECT \(StudyEntry.columns) FROM study WHERE id IN (
                    SELECT other.study FROM series JOIN series AS other ON other.uid = series.uid
                    WHERE series.study = ?1 AND other.study <> ?1)
                AND source = (SELECT source FROM study WHERE id = ?1) ORDER BY id
                """)
            statement.bind(1, study.value)
            return try StudyEntry.all(of: statement)
        }
    }

    /// When an arrival came, exact to a minute; nil: it came before the spool knew such times.
    public func receivedAt(_ number: ArrivalNumber) throws(SpoolError) -> Timestamp? {
        try readers.read { reader throws(SpoolError) in
            let statement = try reader.connection.statement(
                "SELECT at FROM mark WHERE arrival <= ?1 ORDER BY arrival DESC LIMIT 1")
            statement.bind(1, number.value)
            defer { statement.reset() }
            return try statement.step() ? Timestamp(milliseconds: statement.integer(0)) : nil
        }
    }
}

extension Connection {
    /// One step in the index per source.
    fileprivate func sources(ofState state: Int64) throws(SpoolError) -> [String] {
        let statement = try statement(
            """
            WITH RECURSIVE found (source) AS (
                SELECT min(source) FROM study WHERE state = ?1
                UNION ALL SELECT (SELECT min(study.source) FROM study WHERE state = ?1 AND study.source > found.source)
                FROM found WHERE found.source IS NOT NULL)
            SELECT source FROM found WHERE source IS NOT NULL
            """)
        statement.bind(1, state)
        defer { statement.reset() }
        var sources: [String] = []
        while try statement.step() { sources.append(statement.text(0)) }
        return sources
    }

    fileprivate func stateNumbers(named name: String?) throws(SpoolError) -> [Int64] {
        let statement = try statement("SELECT id FROM state WHERE ?1 IS NULL OR name = ?1")
        statement.bind(1, name)
        defer { statement.reset() }
        var numbers: [Int64] = []
        while try statement.step() { numbers.append(statement.integer(0)) }
        return numbers
    }
}
