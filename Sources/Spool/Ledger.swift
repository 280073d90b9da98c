/// The connection that writes, and what it has learnt. Only the thread that leads the commits uses it.
final class Ledger {
    let connection: Connection
    private var lastArrival: Int64
    /// Numbers up to this one are ours: the counter in the database is moved by so many at once, not at every commit.
    private var reserved: Int64
    private static let reservedAtOnce: Int64 = 65_536
    private var attributes: [String: Int64] = [:]
    private var destinations: [String: Int64] = [:]
    /// As `reserved`, of images.
    private var reservedImages: Int64
    /// Of the files that the transaction in progress has queued.
    private var taken: [ImageFile] = []
    /// The time of the last mark; nil: there is none.
    private var markedAt: Int64?
    /// In milliseconds. A clock that jumps is marked as soon as it has jumped so far.
    private static let marksEvery: Int64 = 60_000

    init(_ connection: Connection) throws(SpoolError) {
        self.connection = connection
        lastArrival = try connection.integer("SELECT last_arrival FROM counter")
        reserved = lastArrival
        reservedImages = try connection.integer("SELECT last_image FROM counter")
        markedAt = try Self.lastMark(connection)
    }

    /// All or none of them, durable when it returns.
    func insert(_ group: [Encoder.Encoded]) throws(SpoolError) {
        try transaction { () throws(SpoolError) in
            try reserve(group.count)
            for encoded in group { try insert(encoded) }
        }
    }

    /// Runs `body` in a transaction that is durable when this returns.
    func transaction<Result>(_ body: () throws(SpoolError) -> Result) throws(SpoolError) -> Result {
        do throws(SpoolError) {
            let result = try connection.transaction { _ throws(SpoolError) in try body() }
            taken = []
            return result
        } catch {
            // What was learnt in this transaction is not there.
            attributes = [:]
            destinations = [:]
            reserved = lastArrival
            reservedImages = 0
            // Unread: the next arrival is marked, which is never wrong.
            markedAt = nil
            // Where the rows may be there all the same, the files stay until somebody has looked.
            if !error.leavesDoubt { for file in taken { file.claim.giveBack(bytes: file.storedBytes) } }
            taken = []
            throw error
        }
    }

    func take(_ file: ImageFile) {
        file.claim.take()
        taken.append(file)
    }

    /// Notes when this arrival came, unless the mark before it says so to a minute.
    private func mark(_ number: Int64, at time: Int64) throws(SpoolError) {
        if let markedAt {
            let (distance, overflow) = time.subtractingReportingOverflow(markedAt)
            if !overflow && distance.magnitude < Self.marksEvery { return }
        }
        let statement = try connection.statement("INSERT INTO mark (arrival, at) VALUES (?1, ?2)")
        statement.bind(1, number)
        statement.bind(2, time)
        try statement.run()
        markedAt = time
    }

    private static func lastMark(_ connection: Connection) throws(SpoolError) -> Int64? {
        let statement = try connection.statement("SELECT at FROM mark ORDER BY arrival DESC LIMIT 1")
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : nil
    }

    private func reserve(_ count: Int) throws(SpoolError) {
        let last = lastArrival + Int64(count)
        guard last > reserved else { return }
        reserved = last + Self.reservedAtOnce
        let statement = try connection.statement("UPDATE counter SET last_arrival = ?1")
        statement.bind(1, reserved)
        try statement.run()
    }

    func reserveImages(through number: Int64) throws(SpoolError) {
        guard number > reservedImages else { return }
        reservedImages = number + Self.reservedAtOnce
        let statement = try connection.statement("UPDATE counter SET last_image = max(last_image, ?1)")
        statement.bind(1, reservedImages)
        try statement.run()
    }

    private func insert(_ encoded: Encoder.Encoded) throws(SpoolError) {
        let arrival = encoded.arrival
        let (study, series): (Int64, Int64)
        if !encoded.isKey, let row = encoded.key?.row {
            (study, series) = (row.study, row.series)
        } else {
            study = try findOrAddStudy(arrival)
            series = try findOrAddSeries(arrival.series, of: study)
        }
        lastArrival += 1
        let number = lastArrival
        try mark(number, at: arrival.receivedAt.milliseconds)
        if encoded.isKey {
            encoded.key?.row = SeriesKey.Row(number: number, study: study, series: series)
            let statement = try connection.statement("UPDATE series SET key = ?1 WHERE id = ?2")
            statement.bind(1, number)
            statement.bind(2, series)
            try statement.run()
        }
        let statement = try connection.statement(
            """
            INSERT INTO arrival (study, id, series, attributes, key_distance, header) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """)
        statement.bind(1, study)
        statement.bind(2, number)
        statement.bind(3, series)
        statement.bind(4, try self.number(ofAttributes: arrival.attributes))
        statement.bind(5, encoded.key?.row.map { number - $0.number } ?? 0)
        statement.bind(6, encoded.content)
        try statement.run()
        if arrival.withholdsImages { try connection.withholdImages(of: study) }
        if let image = arrival.image { try insert(image, of: study, arrival: number, at: arrival.receivedAt) }
        for image in arrival.omissions { try omit(image, of: study, at: arrival.receivedAt) }
    }

    private func findOrAddStudy(_ arrival: Arrival) throws(SpoolError) -> Int64 {
        let find = try connection.statement("SELECT id FROM study WHERE uid = ?1 AND source = ?2")
        find.bind(1, arrival.study)
        find.bind(2, arrival.source)
        defer { find.reset() }
        if try find.step() { return find.integer(0) }
        let add = try connection.statement(
            "INSERT INTO study (uid, source, first_received, changed_at) VALUES (?1, ?2, ?3, ?3)")
        add.bind(1, arrival.study)
        add.bind(2, arrival.source)
        add.bind(3, arrival.receivedAt.milliseconds)
        try add.run()
        return connection.lastInsertedRow
    }

    private func findOrAddSeries(_ uid: String, of study: Int64) throws(SpoolError) -> Int64 {
        let find = try connection.statement("SELECT id FROM series WHERE study = ?1 AND uid = ?2")
        find.bind(1, study)
        find.bind(2, uid)
        defer { find.reset() }
        if try find.step() { return find.integer(0) }
        let add = try connection.statement("INSERT INTO series (study, uid) VALUES (?1, ?2)")
        add.bind(1, study)
        add.bind(2, uid)
        try add.run()
        return connection.lastInsertedRow
    }

    func number(ofAttributes text: String) throws(SpoolError) -> Int64 {
        if let known = attributes[text] { return known }
        let find = try connection.statement("SELECT id FROM attributes WHERE value = ?1")
        find.bind(1, text)
        defer { find.reset() }
        var number: Int64
        if try find.step() {
            number = find.integer(0)
        } else {
            let add = try connection.statement("INSERT INTO attributes (value) VALUES (?1)")
            add.bind(1, text)
            try add.run()
            number = connection.lastInsertedRow
        }
        if attributes.count >= 256 { attributes = [:] }
        attributes[text] = number
        return number
    }

    func findOrAddDestination(_ name: String) throws(SpoolError) -> Int64 {
        if let known = destinations[name] { return known }
        var place = try connection.place(named: name)
        if place == nil {
            let add = try connection.statement("INSERT INTO destination (name) VALUES (?1)")
            add.bind(1, name)
            try add.run()
            place = connection.lastInsertedRow
        }
        guard let place else { preconditionFailure("it was just added") }
        destinations[name] = place
        return place
    }
}
