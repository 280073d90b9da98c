/// Reads the headers of one study in arrival order, out of blocks and then open rows. Used within one read transaction.
struct HeaderWalk {
    /// A header where it lies: number, and the rows of its series and attributes.
    struct Item {
        var number: Int64
        var series: Int64
        var attributes: Int64
        var isSealed: Bool
    }

    private let reader: Readers.Reader
    private let study: StudyEntry.ID
    private var keys: [Int64: [UInt8]] = [:]
    private var keyBytes = 0

    /// Of keys kept decompressed while reading, in bytes.
    private static let keyBudget = 2 * 1024 * 1024

    init(_ reader: Readers.Reader, study: StudyEntry.ID) {
        self.reader = reader
        self.study = study
    }

    /// Sealed headers with numbers above `number`.
    func sealed(after number: Int64, _ body: (Item, RawSpan) throws(SpoolError) -> Void) throws(SpoolError) {
        let statement = try reader.connection.statement(
            "SELECT id, content FROM block WHERE study = ?1 AND last > ?2 ORDER BY last")
        statement.bind(1, study.value)
        statement.bind(2, number)
        defer { statement.reset() }
        while try statement.step() { try tell(statement, after: number, body) }
    }

    /// The headers of one block.
    func sealed(inBlock block: Int64, _ body: (Item, RawSpan) throws(SpoolError) -> Void) throws(SpoolError) {
        let statement = try reader.connection.statement("SELECT id, content FROM block WHERE id = ?1")
        statement.bind(1, block)
        defer { statement.reset() }
        while try statement.step() { try tell(statement, after: 0, body) }
    }

    /// The headers of the block that `row` (id, content) is.
    private func tell(
        _ row: Statement, after number: Int64, _ body: (Item, RawSpan) throws(SpoolError) -> Void
    ) throws(SpoolError) {
        let place = "block \(row.integer(0)) of study \(study.value)"
        let count = try row.withBytes(1) { frame throws(SpoolError) in
            try reader.compressor.decompress(frame, into: &reader.buffer, place: place)
        }
        let buffer = reader.buffer
        let bytes = buffer.span.extracting(0..<count)
        guard let (entries, start) = Block.unpack(bytes) else {
            throw .damaged(place: place, reason: "its table does not fit its bytes")
        }
        var ranges: [(entry: Block.Entry, range: Range<Int>)] = []
        var offset = start
        for entry in entries {
            ranges.append((entry, offset..<offset + entry.length))
            offset += entry.length
        }
        ranges.sort { $0.entry.number < $1.entry.number }
        for (entry, range) in ranges where entry.number > number {
            let item = Item(
                number: entry.number, series: entry.series, attributes: entry.attributes, isSealed: true)
            let header = bytes.extracting(range)
            try body(item, header.bytes)
        }
    }

    /// Headers not sealed, with numbers above `number`.
    mutating func open(after number: Int64, _ body: (Item, RawSpan) throws(SpoolError) -> Void) throws(SpoolError) {
        let statement = try reader.connection.statement(
            """
            SELECT id, series, attributes, key_distance, header FROM arrival WHERE study = ?1 AND id > ?2 ORDER BY id
            """)
        statement.bind(1, study.value)
        statement.bind(2, number)
        defer { statement.reset() }
        while try statement.step() {
            let number = statement.integer(0)
            let key = try key(number - statement.integer(3), of: number)
            let count = try statement.withBytes(4) { frame throws(SpoolError) in
                try reader.compressor.decompress(
                    frame, prefix: key, into: &reader.buffer, place: "arrival \(number)")
            }
            let item = Item(
                number: number, series: statement.integer(1), attributes: statement.integer(2), isSealed: false)
            let buffer = reader.buffer
            let header = buffer.span.extracting(0..<count)
            try body(item, header.bytes)
        }
    }

    private mutating func key(_ key: Int64, of number: Int64) throws(SpoolError) -> [UInt8] {
        guard key != number else { return [] }
        if let known = keys[key] { return known }
        let statement = try reader.connection.statement("SELECT header FROM arrival WHERE study = ?1 AND id = ?2")
        statement.bind(1, study.value)
        statement.bind(2, key)
        defer { statement.reset() }
        guard try statement.step() else {
            throw .damaged(place: "arrival \(number)", reason: "arrival \(key), which it needs, is not there")
        }
        let header = try statement.withBytes(0) { frame throws(SpoolError) in
            try reader.compressor.decompressed(frame, place: "arrival \(key)")
        }
        if keyBytes + header.count > Self.keyBudget {
            keys = [:]
            keyBytes = 0
        }
        keyBytes += header.count
        keys[key] = header
        return header
    }
}
