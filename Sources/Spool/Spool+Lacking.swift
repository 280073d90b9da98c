/// Settled studies of which a destination knows nothing, part by part of all studies.
public struct LackingStudies: Sendable {
    public var studies: [StudyEntry]
    /// Where the next part begins; nil: this was the last.
    public var next: StudyEntry.ID?
}

extension Spool {
    /// The studies in these states that are not held and for which nothing is known of a destination, of the next so many
    /// studies by age: each has a bounded part of the spool read.
    /// - Parameters:
    ///   - since: changed then or later (`StudyEntry.changedAt`).
    ///   - after: where the part before ended; nil: the first.
    public func studies(
        lacking destination: String, in states: [String], since: Timestamp, after: StudyEntry.ID? = nil,
        window: Int
    ) throws(SpoolError) -> LackingStudies {
        try readers.read { reader throws(SpoolError) in
            let connection = reader.connection
            let ends = try connection.statement(
                "SELECT max(id) FROM (SELECT id FROM study WHERE id > ?1 ORDER BY id LIMIT ?2)")
            let start = after?.value ?? .min
            ends.bind(1, start)
            ends.bind(2, Int64(window))
            defer { ends.reset() }
            guard try ends.step(), !ends.isNull(0) else { return LackingStudies(studies: [], next: nil) }
            let end = ends.integer(0)
            let statement = try connection.statement(
                """
                SELECT \(StudyEntry.columns) FROM study
                WHERE id > ?1 AND id <= ?2 AND changed_at >= ?3 AND hold IS NULL
                AND NOT EXISTS (SELECT 1 FROM standing WHERE standing.study = study.id AND destination = ?4)
                ORDER BY id
                """)
            statement.bind(1, start)
            statement.bind(2, end)
            statement.bind(3, since.milliseconds)
            statement.bind(4, destination)
            let found = try StudyEntry.all(of: statement).filter { $0.state.map(states.contains) ?? false }
            return LackingStudies(studies: found, next: StudyEntry.ID(end))
        }
    }

    /// Lines of the histories of several studies; all of them or none.
    public func append(_ event: HistoryEvent, to studies: [StudyEntry.ID]) throws(SpoolError) {
        try writer.write { ledger throws(SpoolError) in
            for study in studies { try ledger.connection.insert(event, study: study) }
        }
    }
}
