extension Spool {
    /// The last document written for the study that is still kept, sent or not.
    public func manifest(of study: StudyEntry.ID) throws(SpoolError) -> Manifest? {
        try document(identity: nil, of: study)
    }

    /// A document of the study by its identity; nil: it was never written, or nobody needs it any more.
    public func document(identity: String, of study: StudyEntry.ID) throws(SpoolError) -> Manifest? {
        try document(identity: .some(identity), of: study)
    }

    private func document(identity: String?, of study: StudyEntry.ID) throws(SpoolError) -> Manifest? {
        try readers.read { reader throws(SpoolError) in
            let statement = try reader.connection.statement(
                """
                SELECT identity, version, file_name, written, content FROM document
                WHERE study = ?1 AND (?2 IS NULL OR identity = ?2) ORDER BY id DESC LIMIT 1
                """)
            statement.bind(1, study.value)
            statement.bind(2, identity)
            defer { statement.reset() }
            guard try statement.step() else { return nil }
            let content = try statement.withBytes(4) { frame throws(SpoolError) in
                try reader.compressor.decompressed(
                    frame, place: "document \(statement.text(0)) of study \(study.value)")
            }
            return Manifest(
                identity: statement.text(0), version: statement.text(1), fileName: statement.text(2),
                writtenAt: Timestamp(milliseconds: statement.integer(3)), content: content)
        }
    }

    /// The bytes to send: the same each time.
    public func content(of delivery: Delivery.ID) throws(SpoolError) -> [UInt8] {
        guard let content = try contentIfThere(of: delivery) else {
            throw .unknown(what: "delivery \(delivery.value)")
        }
        return content
    }

    func contentIfThere(of delivery: Delivery.ID) throws(SpoolError) -> [UInt8]? {
        try readers.read { reader throws(SpoolError) in
            let statement = try reader.connection.statement(
                """
                SELECT document.content FROM delivery JOIN document ON document.id = delivery.document
                WHERE delivery.id = ?1
                """)
            statement.bind(1, delivery.value)
            defer { statement.reset() }
            guard try statement.step() else { return nil }
            return try statement.withBytes(0) { frame throws(SpoolError) in
                try reader.compressor.decompressed(frame, place: "delivery \(delivery.value)")
            }
        }
    }

    /// Of records and documents: higher ones need tens of megabytes of tables for a large manifest and save little.
    static let documentLevel: Int32 = 3
}

extension Connection {
    /// Those that no delivery and no standing needs. Without any standing the latest stays: nothing else tells of it.
    func removeStaleDocuments(of study: StudyEntry.ID) throws(SpoolError) {
        let statement = try statement(
            """
            DELETE FROM document WHERE study = ?1
            AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.document = document.id)
            AND NOT EXISTS (SELECT 1 FROM need WHERE need.document = document.id)
            AND (id < (SELECT max(id) FROM document WHERE study = ?1)
                OR EXISTS (SELECT 1 FROM standing WHERE study = ?1))
            """)
        statement.bind(1, study.value)
        try statement.run()
    }
}
