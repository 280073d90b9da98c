import CSQLite

/// One connection to the database. It belongs to one thread at a time: whoever holds it says why.
final class Connection {
    private let handle: OpaquePointer
    private var statements: [String: Statement] = [:]
    /// Pages in the write-ahead log after the last commit here; SQLite writes it.
    private let logPages = UnsafeMutablePointer<Int32>.allocate(capacity: 1)

    /// Opens what is there; never creates. `checkpointsOnClose` false leaves every file as it is.
    init(path: String, vfs: String? = nil, readOnly: Bool = false) throws(SpoolError) {
        var opened: OpaquePointer?
        let flags = (readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX
        let code = sqlite3_open_v2(path, &opened, flags, vfs)
        guard code == SQLITE_OK, let opened else {
            let reason = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(opened)
            throw .cannotOpen(path: path, reason: reason)
        }
        handle = opened
        sqlite3_extended_result_codes(handle, 1)
        sqlite3_busy_timeout(handle, 10_000)
        logPages.initialize(to: 0)
        // Takes the place of SQLite's own checkpoint after a commit, which would make its threads wait.
        sqlite3_wal_hook(handle, rememberLogPages, logPages)
    }

    deinit {
        statements.removeAll()
        sqlite3_close_v2(handle)
        logPages.deallocate()
    }

    /// Whether closing the last connection may still write (the write-ahead log into the database).
    func setCheckpointsOnClose(_ allowed: Bool) {
        _ = kosgate_sqlite3_no_checkpoint_on_close(handle, allowed ? 0 : 1)
    }

    /// Runs statements that give no rows.
    func execute(_ sql: String) throws(SpoolError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw error(code) }
    }

    /// A statement, compiled once. It is ready to be bound; only one user of the same text at a time.
    func statement(_ sql: String) throws(SpoolError) -> Statement {
        if let known = statements[sql] {
            known.reset()
            return known
        }
        var compiled: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &compiled, nil)
        guard code == SQLITE_OK, let compiled else { throw error(code) }
        let statement = Statement(compiled, of: self)
        statements[sql] = statement
        return statement
    }

    /// The first column of the first row, 0 when there is none.
    func integer(_ sql: String, _ values: Int64...) throws(SpoolError) -> Int64 {
        let statement = try statement(sql)
        for (index, value) in values.enumerated() { statement.bind(Int32(index + 1), value) }
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : 0
    }

    /// Runs `body` in a transaction that is committed when it returns and undone when it throws.
    func transaction<Result>(
        _ kind: String = "IMMEDIATE", _ body: (Connection) throws(SpoolError) -> Result
    ) throws(SpoolError) -> Result {
        try statement("BEGIN \(kind)").run()
        do throws(SpoolError) {
            let result = try body(self)
            try statement("COMMIT").run()
            return result
        } catch {
            // SQLite itself has rolled back after some errors; then this one says so and changes nothing.
            if sqlite3_get_autocommit(handle) == 0 { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
            throw error
        }
    }

    var pagesInLog: Int { Int(logPages.pointee) }

    /// Copies the write-ahead log into the database as far as no reader is in the way, and syncs both.
    func checkpoint(truncating: Bool = false) throws(SpoolError) {
        let mode = truncating ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE
        let code = sqlite3_wal_checkpoint_v2(handle, "main", mode, nil, nil)
        guard code == SQLITE_OK else { throw error(code) }
    }

    /// Reads the whole database and throws what is wrong with it.
    func check() throws(SpoolError) {
        let statement = try statement("PRAGMA quick_check(1)")
        defer { statement.reset() }
        guard try statement.step(), statement.text(0) != "ok" else { return }
        throw .damaged(place: path, reason: statement.text(0))
    }

    var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }
    var changes: Int { Int(sqlite3_changes(handle)) }

    func error(_ code: Int32) -> SpoolError {
        let message = String(cString: sqlite3_errmsg(handle))
        let systemCode = sqlite3_system_errno(handle)
        let reason =
            systemCode == 0 ? "\(message) (SQLite \(code))" : "\(message) (SQLite \(code), errno \(systemCode))"
        switch code & 0xFF {
        case SQLITE_FULL:
            return .full(path: path, free: nil, reserve: 0)
        case SQLITE_IOERR where (code >> 8) == 1 || (code >> 8) == 2:
            // SQLITE_IOERR_READ, SQLITE_IOERR_SHORT_READ
            return .unreadable(reason: reason)
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            return .damaged(place: path, reason: reason)
        case SQLITE_TOOBIG:
            return .tooLarge(bytes: 0, limit: Int(sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, -1)))
        case _:
            return .unwritable(reason: reason)
        }
    }

    private var path: String { sqlite3_db_filename(handle, "main").map { String(cString: $0) } ?? "" }
}

// A function, not a closure: C calls it.
private func rememberLogPages(
    _ context: UnsafeMutableRawPointer?, _ database: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ pages: Int32
) -> Int32 {
    context?.assumingMemoryBound(to: Int32.self).pointee = pages
    return SQLITE_OK
}
