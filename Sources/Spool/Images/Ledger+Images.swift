extension Ledger {
    /// Queues an image. A barrier goes to none but the destinations that may hold something of the study; where none
    /// is left, nothing is written, and the file goes with its claim.
    /// - Parameter arrival: that it came with; nil: none.
    func insert(
        _ image: QueuedImage, of study: Int64, arrival: Int64?, at: Timestamp
    ) throws(SpoolError) {
        var places: [Int64] = []
        for name in image.destinations {
            let place = try findOrAddDestination(name)
            guard !places.contains(place) else { continue }
            if image.isBarrier, try !connection.hasLineage(of: study, at: place) { continue }
            places.append(place)
        }
        guard !places.isEmpty else { return }
        try reserveImages(through: image.file.number)
        let add = try connection.statement(
            """
            INSERT INTO image (id, study, arrival, instance, sop_class, transfer_syntax, head_bytes, bytes,
            stored_bytes, compressed, checksum, queued_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            """)
        let file = image.file
        add.bind(1, file.number)
        add.bind(2, study)
        add.bind(3, arrival)
        add.bind(4, image.instance)
        add.bind(5, try number(ofAttributes: image.sopClass))
        add.bind(6, try number(ofAttributes: image.transferSyntax))
        add.bind(7, Int64(file.headBytes))
        add.bind(8, Int64(file.dataSetBytes))
        add.bind(9, Int64(file.storedBytes))
        add.bind(10, file.isCompressed ? 1 : 0)
        add.bind(11, Int64(bitPattern: file.checksum))
        add.bind(12, at.milliseconds)
        try add.run()
        for place in places {
            if !image.isBarrier { try supersede(image.instance, of: study, at: place) }
            try insert(image, of: study, at: place)
            if !image.isBarrier { try endOmissions(of: study, at: place) }
        }
        take(file)
    }

    /// What came of the instance before is not sent after this copy, whatever becomes of its delivery.
    private func supersede(_ instance: String, of study: Int64, at place: Int64) throws(SpoolError) {
        let update = try connection.statement(
            """
            UPDATE image_delivery SET withheld = ?4 WHERE place = ?1 AND study = ?2 AND barrier = 0
            AND image IN (SELECT id FROM image WHERE study = ?2 AND instance = ?3)
            """)
        update.bind(1, place)
        update.bind(2, study)
        update.bind(3, instance)
        update.bind(4, ImageDelivery.superseded)
        try update.run()
    }

    private func insert(_ image: QueuedImage, of study: Int64, at place: Int64) throws(SpoolError) {
        let add = try connection.statement(
            """
            INSERT INTO image_delivery (place, study, image, later, barrier, withheld) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """)
        add.bind(1, place)
        add.bind(2, study)
        add.bind(3, image.file.number)
        add.bind(4, image.isUrgent ? 0 : 1)
        add.bind(5, image.isBarrier ? 1 : 0)
        add.bind(6, image.isWithheld ? 1 : 0)
        try add.run()
    }
}

extension Connection {
    func place(named name: String) throws(SpoolError) -> Int64? {
        let find = try statement("SELECT id FROM destination WHERE name = ?1")
        find.bind(1, name)
        defer { find.reset() }
        return try find.step() ? find.integer(0) : nil
    }

    fileprivate func hasLineage(of study: Int64, at place: Int64) throws(SpoolError) -> Bool {
        try integer("SELECT count(*) FROM lineage WHERE study = ?1 AND place = ?2", study, place) > 0
    }

    /// Those of the study, from whatever source. Barriers go on: what they withdraw is withdrawn already.
    func withholdImages(of study: Int64) throws(SpoolError) {
        let update = try statement(
            """
            UPDATE image_delivery SET withheld = 1
            WHERE place IN (SELECT id FROM destination) AND withheld = 0 AND barrier = 0
                AND study IN (SELECT id FROM study WHERE uid = (SELECT uid FROM study WHERE id = ?1))
            """)
        update.bind(1, study)
        try update.run()
    }

    /// Changes the deliveries that are there.
    /// - Parameters:
    ///   - change: `SET` of it; parameters from 4 on are bound by `bind`.
    ///   - condition: only those for which it holds.
    func update(
        _ ids: [ImageDelivery.ID], _ change: String, where condition: String = "TRUE",
        bind: (Statement) -> Void = { _ in }
    ) throws(SpoolError) {
        let update = try statement(
            """
            UPDATE image_delivery SET \(change) WHERE place = ?1 AND study = ?2 AND image = ?3 AND (\(condition))
            """)
        for id in ids {
            guard let (place, study) = try row(of: id) else { continue }
            update.bind(1, place)
            update.bind(2, study)
            update.bind(3, id.image)
            bind(update)
            try update.run()
        }
    }

    /// Nil: it is not there (any more).
    private func row(of id: ImageDelivery.ID) throws(SpoolError) -> (place: Int64, study: Int64)? {
        guard let place = try place(named: id.destination) else { return nil }
        let study = try integer("SELECT study FROM image WHERE id = ?1", id.image)
        return study == 0 ? nil : (place, study)
    }

    /// Deletes the deliveries whatever their state, and the images that none is left of.
    /// - Returns: the files that may be removed once this is durable, and the studies of which nothing but dead letters
    ///   is left at a destination that one of these deliveries was for.
    func remove(
        _ ids: [ImageDelivery.ID]
    ) throws(SpoolError) -> (files: [StoredImage], emptied: Set<StudyEntry.ID>) {
        var files: [StoredImage] = []
        var queues: [Int64: Set<Int64>] = [:]
        let remove = try statement("DELETE FROM image_delivery WHERE place = ?1 AND study = ?2 AND image = ?3")
        for id in ids {
            guard let (place, study) = try row(of: id) else { continue }
            remove.bind(1, place)
            remove.bind(2, study)
            remove.bind(3, id.image)
            try remove.run()
            guard changes == 1 else { continue }
            queues[place, default: []].insert(study)
            if let file = try removeImage(id.image, of: study) { files.append(file) }
        }
        var emptied: Set<StudyEntry.ID> = []
        for (place, studies) in queues {
            for study in studies where try !hasImages(of: study, at: place) { emptied.insert(StudyEntry.ID(study)) }
        }
        return (files, emptied)
    }

    /// Nil: another destination waits for it.
    private func removeImage(_ image: Int64, of study: Int64) throws(SpoolError) -> StoredImage? {
        let others = try integer(
            """
            SELECT count(*) FROM destination JOIN image_delivery AS other ON other.place = destination.id
            WHERE other.study = ?2 AND other.image = ?1
            """, image, study)
        guard others == 0 else { return nil }
        let remove = try statement("DELETE FROM image WHERE id = ?1 RETURNING id, compressed, stored_bytes")
        remove.bind(1, image)
        defer { remove.reset() }
        return try StoredImage.all(of: remove).first
    }

    private func hasImages(of study: Int64, at place: Int64) throws(SpoolError) -> Bool {
        try integer(
            "SELECT 1 FROM image_delivery WHERE place = ?1 AND study = ?2 AND dead_since IS NULL LIMIT 1", place, study)
            == 1
    }

    /// All, by number.
    func storedImages() throws(SpoolError) -> [StoredImage] {
        try StoredImage.all(of: statement("SELECT id, compressed, stored_bytes FROM image ORDER BY id"))
    }
}

extension StoredImage {
    /// - Parameter statement: number, whether it is compressed, stored bytes.
    fileprivate static func all(of statement: Statement) throws(SpoolError) -> [StoredImage] {
        defer { statement.reset() }
        var images: [StoredImage] = []
        while try statement.step() {
            images.append(
                StoredImage(
                    name: ImageName(number: statement.integer(0), isCompressed: statement.integer(1) != 0),
                    storedBytes: Int(statement.integer(2))))
        }
        return images
    }
}
