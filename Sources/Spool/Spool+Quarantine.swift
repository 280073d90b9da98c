extension Spool {
    /// Keeps, durably, what could not be taken as an instance.
    public func quarantine(
        _ bytes: [UInt8], reason: String, sender: String, attributes: String, at: Timestamp
    ) throws(SpoolError) {
        guard bytes.count <= configuration.largestContent else {
            throw .tooLarge(bytes: bytes.count, limit: configuration.largestContent)
        }
        if let refusal = writer.refusal() { throw refusal }
        let content = Compressor().compress(bytes, level: Self.documentLevel)
        try writer.write { ledger throws(SpoolError) in
            let statement = try ledger.connection.statement(
                """
                INSERT INTO quarantine (at, reason, sender, attributes, bytes, content) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                """)
            statement.bind(1, at.milliseconds)
            statement.bind(2, reason)
            statement.bind(3, sender)
            statement.bind(4, attributes)
            statement.bind(5, Int64(bytes.count))
            statement.bind(6, content)
            try statement.run()
        }
    }

    /// Oldest first.
    public func quarantined() throws(SpoolError) -> [QuarantineEntry] {
        try readers.read { reader throws(SpoolError) in
            let statement = try reader.connection.statement(
                "SELECT id, reason, sender, attributes, bytes, at FROM quarantine ORDER BY id")
            defer { statement.reset() }
            var entries: [QuarantineEntry] = []
            while try statement.step() {
                entries.append(
                    QuarantineEntry(
                        id: QuarantineEntry.ID(statement.integer(0)), reason: statement.text(1),
                        sender: statement.text(2), attributes: statement.text(3), bytes: Int(statement.integer(4)),
                        at: Timestamp(milliseconds: statement.integer(5))))
            }
            return entries
        }
    }

    public func content(of entry: QuarantineEntry.ID) throws(SpoolError) -> [UInt8] {
        try readers.read { reader throws(SpoolError) in
            let statement = try reader.connection.statement("SELECT content FROM quarantine WHERE id = ?1")
            statement.bind(1, entry.value)
            defer { statement.reset() }
            guard try statement.step() else { throw .unknown(what: "quarantined object \(entry.value)") }
            return try statement.withBytes(0) { frame throws(SpoolError) in
                try reader.compressor.decompressed(
                    frame, place: "quarantined object \(entry.value)")
            }
        }
    }

    /// Forgets it. One that is not there is no error.
    public func release(_ entry: QuarantineEntry.ID) throws(SpoolError) {
        try writer.write { ledger throws(SpoolError) in
            let statement = try ledger.connection.statement("DELETE FROM quarantine WHERE id = ?1")
            statement.bind(1, entry.value)
            try statement.run()
        }
    }
}
