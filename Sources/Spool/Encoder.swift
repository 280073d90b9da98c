/// Turns arrivals into what is written: a header compressed with its series' key as prefix, or as a key itself.
struct Encoder {
    /// An arrival ready to be inserted.
    struct Encoded {
        let arrival: Arrival
        let content: [UInt8]
        /// The prefix of `content`, or the key that this arrival becomes; nil: compressed alone, and no key.
        let key: SeriesKey?
        let isKey: Bool
    }

    private var keys: SeriesKeys
    private let compressor = Compressor()
    private var database: Connection?
    /// The study whose rows are about to be sealed: what comes in now must not lean on them.
    var sealing: (source: String, study: String)?

    /// With a prefix, higher levels save nothing.
    static let level: Int32 = 1
    /// A larger header is rare and no good prefix: it would push out the keys of fifty series.
    static let largestKey = 256 * 1024

    /// - Parameter database: where the keys of series lie that came in before; nil: nowhere.
    init(keyBudget: Int, database: Connection?) {
        keys = SeriesKeys(budget: keyBudget)
        self.database = database
    }

    mutating func encode(_ arrival: Arrival) -> Encoded {
        guard arrival.header.count <= Self.largestKey else {
            let content = compressor.compress(arrival.header, level: Self.level)
            return Encoded(arrival: arrival, content: content, key: nil, isKey: false)
        }
        let name = SeriesName(source: arrival.source, study: arrival.study, series: arrival.series)
        if let key = keys.find(name) ?? stored(name) {
            let content = compressor.compress(arrival.header, prefix: key.header, level: Self.level)
            return Encoded(arrival: arrival, content: content, key: key, isKey: false)
        }
        let key = SeriesKey(header: arrival.header)
        keys.insert(key, for: name)
        let content = compressor.compress(arrival.header, level: Self.level)
        return Encoded(arrival: arrival, content: content, key: key, isKey: true)
    }

    mutating func forget(source: String, study: String) { keys.remove(source: source, study: study) }

    mutating func forgetAll() { keys.removeAll() }

    mutating func reset(database: Connection?) {
        keys.removeAll()
        self.database = database
    }

    /// A key that was written before a restart, or was pushed out.
    private mutating func stored(_ name: SeriesName) -> SeriesKey? {
        if let sealing, sealing.study == name.study, sealing.source == name.source { return nil }
        // An error here costs a second key, no more.
        guard let found = try? database?.findKey(of: name, with: compressor) else { return nil }
        keys.insert(found, for: name)
        return found
    }
}

extension Connection {
    fileprivate func findKey(of name: SeriesName, with compressor: Compressor) throws(SpoolError) -> SeriesKey? {
        let statement = try statement(
            """
            SELECT arrival.id, arrival.study, arrival.series, arrival.header FROM study
            JOIN series ON series.study = study.id 
            JOIN arrival ON arrival.study = study.id AND arrival.id = series.key
            WHERE study.uid = ?1 AND study.source = ?2 AND series.uid = ?3 AND arrival.key_distance = 0
            """)
        defer { statement.reset() }
        statement.bind(1, name.study)
        statement.bind(2, name.source)
        statement.bind(3, name.series)
        guard try statement.step() else { return nil }
        let row = SeriesKey.Row(
            number: statement.integer(0), study: statement.integer(1), series: statement.integer(2))
        let header = try statement.withBytes(3) { frame throws(SpoolError) in
            try compressor.decompressed(frame, place: "arrival \(row.number)")
        }
        return SeriesKey(header: header, row: row)
    }
}
