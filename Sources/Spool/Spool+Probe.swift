public import Threads

extension Spool {
    /// When something was last made durable; nil: nothing since it was opened.
    public var lastCommit: MonotonicInstant? { writer.lastCommit }

    /// Makes something durable that changes nothing, behind all that waits to be written. Throws where nothing can be
    /// written; a disk that does not answer keeps it waiting.
    public func probe() throws(SpoolError) {
        try writer.write { ledger throws(SpoolError) in
            // SQLite writes no page whose bytes do not change: forth and back, they do.
            try ledger.connection.execute("UPDATE counter SET last_image = last_image + 1")
            try ledger.connection.execute("UPDATE counter SET last_image = last_image - 1")
        }
    }
}
