/// What happens often to a study and stands in its history once, with a count: `SUBJECT: COUNT, DETAIL`.
public struct HistoryCount: Sendable, Equatable {
    public var kind: String
    /// With the kind it tells the line.
    public var subject: String
    /// How many more there are.
    public var count: Int
    /// Of the last one.
    public var detail: String
    public var at: Timestamp

    public init(kind: String, subject: String, count: Int, detail: String, at: Timestamp) {
        self.kind = kind
        self.subject = subject
        self.count = count
        self.detail = detail
        self.at = at
    }

    fileprivate var start: String { "\(subject): " }

    fileprivate func event(after former: String?) -> HistoryEvent {
        let counted = former?.dropFirst(start.count).prefix { $0.isASCII && $0.isNumber }
        let (sum, overflow) = count.addingReportingOverflow(counted.flatMap { Int($0) } ?? 0)
        return HistoryEvent(kind: kind, detail: "\(start)\(overflow ? .max : sum), \(detail)", at: at)
    }
}

extension Spool {
    /// All of it in one transaction; a line that counts takes the place of its former one, as the last one of the history.
    public func append(
        _ events: [HistoryEvent] = [], counting counts: [HistoryCount], to study: StudyEntry.ID
    ) throws(SpoolError) {
        try writer.write { ledger throws(SpoolError) in
            for event in events { try ledger.connection.insert(event, study: study) }
            for count in counts {
                let former = try ledger.connection.removeLine(kind: count.kind, startingWith: count.start, of: study)
                try ledger.connection.insert(count.event(after: former), study: study)
            }
        }
    }
}

extension Connection {
    /// - Returns: its detail; nil: there was none.
    fileprivate func removeLine(
        kind: String, startingWith start: String, of study: StudyEntry.ID
    ) throws(SpoolError) -> String? {
        let remove = try statement(
            """
            DELETE FROM event WHERE study = ?1 AND kind = ?2 AND substr(detail, 1, length(?3)) = ?3 RETURNING detail
            """)
        remove.bind(1, study.value)
        remove.bind(2, kind)
        remove.bind(3, start)
        defer { remove.reset() }
        var former: String?
        while try remove.step() { former = remove.text(0) }
        return former
    }
}
