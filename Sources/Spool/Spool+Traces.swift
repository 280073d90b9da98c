extension Spool {
    /// The studies of all sources in which one of these traces was left, by age.
    /// - Parameter besides: this one is not told.
    public func studies(withTraces traces: Set<Int64>, besides study: StudyEntry.ID) throws(SpoolError) -> [StudyEntry]
    {
        try readers.read { reader throws(SpoolError) in
            let connection = reader.connection
            var found: Set<Int64> = []
            let find = try connection.statement("SELECT study FROM trace WHERE key = ?1")
            defer { find.reset() }
            for trace in traces {
                find.reset()
                find.bind(1, trace)
                while try find.step() { found.insert(find.integer(0)) }
            }
            found.remove(study.value)
            let read = try connection.statement("SELECT \(StudyEntry.columns) FROM study WHERE id = ?1")
            return try found.sorted().map { id throws(SpoolError) in
                read.bind(1, id)
                return try StudyEntry.all(of: read)
            }.flatMap { $0 }
        }
    }
}

extension Connection {
    func insert(trace: Int64, of study: StudyEntry.ID) throws(SpoolError) {
        let add = try statement("INSERT INTO trace (key, study) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
        add.bind(1, trace)
        add.bind(2, study.value)
        try add.run()
    }
}
