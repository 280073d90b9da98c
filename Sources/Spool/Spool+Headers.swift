extension Spool {
    /// Calls `body` with each header of a study, byte for byte as it was stored, in the order of arrival.
    ///
    /// Duplicates are not resolved: what came twice is told twice. The span is valid until `body` returns. All of it is
    /// one state of the spool, whatever arrives meanwhile.
    /// - Parameter after: only what came after this one; nil: everything.
    public func headers(
        of study: StudyEntry.ID, after: ArrivalNumber? = nil, _ body: (StoredHeader, RawSpan) -> Void
    ) throws(SpoolError) {
        try readers.read { reader throws(SpoolError) in
            var walk = HeaderWalk(reader, study: study)
            let names = try SeriesNames(of: study, reader.connection)
            var attributes = AttributeTexts(reader.connection)
            let tell = { (item: HeaderWalk.Item, bytes: RawSpan) throws(SpoolError) in
                let header = StoredHeader(
                    number: ArrivalNumber(item.number), series: try names[item.series],
                    attributes: try attributes[item.attributes], isSealed: item.isSealed)
                body(header, bytes)
            }
            let number = after?.value ?? 0
            try walk.sealed(after: number, tell)
            try walk.open(after: number, tell)
        }
    }
}

/// The Series Instance UIDs of a study by row.
private struct SeriesNames {
    private var names: [Int64: String] = [:]

    init(of study: StudyEntry.ID, _ connection: Connection) throws(SpoolError) {
        let statement = try connection.statement("SELECT id, uid FROM series WHERE study = ?1")
        statement.bind(1, study.value)
        defer { statement.reset() }
        while try statement.step() { names[statement.integer(0)] = statement.text(1) }
    }

    subscript(row: Int64) -> String {
        get throws(SpoolError) {
            guard let name = names[row] else { throw .damaged(place: "series \(row)", reason: "it is not there") }
            return name
        }
    }
}

/// The texts of attributes by row, read when first needed.
private struct AttributeTexts {
    private let connection: Connection
    private var texts: [Int64: String] = [:]

    init(_ connection: Connection) { self.connection = connection }

    subscript(row: Int64) -> String {
        mutating get throws(SpoolError) {
            if let text = texts[row] { return text }
            let statement = try connection.statement("SELECT value FROM attributes WHERE id = ?1")
            statement.bind(1, row)
            defer { statement.reset() }
            guard try statement.step() else { throw .damaged(place: "attributes \(row)", reason: "not there") }
            let text = statement.text(0)
            texts[row] = text
            return text
        }
    }
}
