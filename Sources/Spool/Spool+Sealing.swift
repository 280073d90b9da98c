extension Spool {
    /// Packs the headers of a settled study into blocks: less than half the bytes. What comes later opens a small part
    /// of its own, which the next sealing merges.
    /// - Parameter dropping: arrivals that others have superseded; they are forgotten. Only the caller can tell: a header
    ///   that came as A, B and A again means something else than A, B.
    /// - Returns: false when something has come since the last settlement: then nothing is done.
    @discardableResult
    public func seal(_ study: StudyEntry.ID, dropping: Set<ArrivalNumber> = []) throws(SpoolError) -> Bool {
        guard let entry = try self.study(study) else { throw .unknown(what: "study \(study.value)") }
        guard let through = entry.settledThrough else { return entry.lastOpen == nil }
        let isSealed = try sealingAlone { () throws(SpoolError) in
            try writer.beginSealing(source: entry.source, study: entry.uid)
            defer { writer.endSealing() }
            let work = try readers.read { reader throws(SpoolError) in
                var packer = Packer(reader, study: study, through: through)
                return try packer.pack(dropping: Set(dropping.map(\.value)))
            }
            guard let work else { return false }
            guard !work.isEmpty else { return true }
            try writer.write { ledger throws(SpoolError) in try ledger.connection.replace(work, of: study) }
            return true
        }
        try writer.write { ledger throws(SpoolError) in try ledger.connection.giveBackPages() }
        return isSealed
    }
}

/// What a sealing changes.
struct SealingWork {
    struct Packed {
        var content: [UInt8]
        var last: Int64
        var count: Int
        /// Before compression, of headers.
        var bytes: Int
    }

    /// All arrivals up to this one are sealed; 0: none is open.
    var removedThrough: Int64 = 0
    var removedBlocks: [Int64] = []
    var added: [Packed] = []

    var isEmpty: Bool { removedThrough == 0 && removedBlocks.isEmpty }
}

extension Connection {
    fileprivate func replace(_ work: SealingWork, of study: StudyEntry.ID) throws(SpoolError) {
        for block in work.removedBlocks {
            let statement = try statement("DELETE FROM block WHERE id = ?1")
            statement.bind(1, block)
            try statement.run()
        }
        let remove = try statement("DELETE FROM arrival WHERE study = ?1 AND id <= ?2")
        remove.bind(1, study.value)
        remove.bind(2, work.removedThrough)
        try remove.run()
        for packed in work.added {
            let statement = try statement(
                "INSERT INTO block (study, last, count, bytes, content) VALUES (?1, ?2, ?3, ?4, ?5)")
            statement.bind(1, study.value)
            statement.bind(2, packed.last)
            statement.bind(3, Int64(packed.count))
            statement.bind(4, Int64(packed.bytes))
            statement.bind(5, packed.content)
            try statement.run()
        }
        let forget = try statement("UPDATE series SET key = NULL WHERE study = ?1 AND key <= ?2")
        forget.bind(1, study.value)
        forget.bind(2, work.removedThrough)
        try forget.run()
    }

    /// Makes the file shorter, a little at a time; some pages stay for the next arrivals.
    fileprivate func giveBackPages() throws(SpoolError) {
        let spare = try integer("PRAGMA freelist_count") - 64
        if spare > 0 { try execute("PRAGMA incremental_vacuum(\(min(spare, 1_000)))") }
    }
}
