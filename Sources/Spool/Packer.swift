/// Packs what may be sealed of a study; reads only.
struct Packer {
    private let reader: Readers.Reader
    private let study: StudyEntry.ID
    private let through: Int64
    private var work = SealingWork()
    private var entries: [Block.Entry] = []
    private var headers: [[UInt8]] = []
    private var bytes = 0

    /// Measured on CT and MR studies: higher levels save a few bytes and cost many times more.
    private static let level: Int32 = 6

    init(_ reader: Readers.Reader, study: StudyEntry.ID, through: ArrivalNumber) {
        self.reader = reader
        self.study = study
        self.through = through.value
    }

    /// Nil: something came after the settlement, so that nothing is sealed now.
    mutating func pack(dropping: Set<Int64>) throws(SpoolError) -> SealingWork? {
        let last = try reader.connection.integer("SELECT max(id) FROM arrival WHERE study = ?1", study.value)
        guard last <= through else { return nil }
        let walk = HeaderWalk(reader, study: study)
        for block in try blocks(toRewriteFor: dropping, hasOpen: last > 0) {
            // Full ones keep their place in the order; what the last one holds goes on into the new ones.
            work.removedBlocks.append(block.id)
            try walk.sealed(inBlock: block.id) { item, bytes throws(SpoolError) in
                if !dropping.contains(item.number) { add(item, bytes) }
            }
            if !block.isLast { flush() }
        }
        var open = walk
        try open.open(after: 0) { item, bytes throws(SpoolError) in
            work.removedThrough = item.number
            if !dropping.contains(item.number) { add(item, bytes) }
        }
        flush()
        return work
    }

    /// The blocks that hold a dropped arrival, and the last one when it has room for what is open.
    private func blocks(
        toRewriteFor dropping: Set<Int64>, hasOpen: Bool
    ) throws(SpoolError) -> [(id: Int64, isLast: Bool)] {
        let statement = try reader.connection.statement(
            "SELECT id, last, count, bytes FROM block WHERE study = ?1 ORDER BY last")
        statement.bind(1, study.value)
        defer { statement.reset() }
        var dropped = dropping.sorted()[...]
        var found: [(id: Int64, isLast: Bool)] = []
        var last: (id: Int64, hasRoom: Bool)?
        while try statement.step() {
            let end = dropped.firstIndex { $0 > statement.integer(1) } ?? dropped.endIndex
            if end > dropped.startIndex { found.append((statement.integer(0), false)) }
            dropped = dropped[end...]
            let hasRoom = statement.integer(2) < Block.largestCount && statement.integer(3) < Block.largestBytes
            last = (statement.integer(0), hasRoom)
        }
        guard hasOpen, let last else { return found }
        if found.last?.id == last.id { found[found.endIndex - 1].isLast = true }
        if found.last?.id != last.id, last.hasRoom { found.append((last.id, true)) }
        return found
    }

    private mutating func add(_ item: HeaderWalk.Item, _ header: RawSpan) {
        if entries.count >= Block.largestCount || (bytes + header.byteCount > Block.largestBytes && !entries.isEmpty) {
            flush()
        }
        entries.append(
            Block.Entry(
                number: item.number, series: item.series, attributes: item.attributes, length: header.byteCount))
        headers.append(header.withUnsafeBytes { Array($0) })
        bytes += header.byteCount
    }

    private mutating func flush() {
        guard !entries.isEmpty else { return }
        let order = entries.indices.sorted {
            (entries[$0].series, entries[$0].number) < (entries[$1].series, entries[$1].number)
        }
        let plain = Block.pack(order.map { entries[$0] }, headers: order.map { headers[$0] })
        let content = reader.compressor.compress(plain, level: Self.level)
        work.added.append(
            SealingWork.Packed(
                content: content, last: entries.reduce(0) { max($0, $1.number) }, count: entries.count,
                bytes: bytes))
        entries = []
        headers = []
        bytes = 0
    }
}
