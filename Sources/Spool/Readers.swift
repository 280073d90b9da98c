internal import Threads

/// Connections that only read; they see what was committed when they begin and hold up nobody.
final class Readers: Sendable {
    /// A connection and what it decompresses with.
    final class Reader {
        let connection: Connection
        let compressor = Compressor()
        /// Decompressed bytes of one header, key or block, used again and again.
        var buffer: [UInt8] = []

        init(_ connection: Connection) { self.connection = connection }
    }

    private let path: String
    private let vfs: String?
    private let idle = Monitor<[Reader]>([])

    /// More are opened when more threads read at once, and closed afterwards.
    private static let kept = 2

    init(path: String, vfs: String?) {
        self.path = path
        self.vfs = vfs
    }

    /// Runs `body` on one state of the database.
    func read<Result>(_ body: (Reader) throws(SpoolError) -> Result) throws(SpoolError) -> Result {
        let free = idle.withLock { $0.popLast() }
        let reader = if let free { free } else { try open() }
        let result = try reader.connection.transaction("DEFERRED") { _ throws(SpoolError) in try body(reader) }
        if reader.buffer.count > 4 * 1024 * 1024 { reader.buffer = [] }
        idle.withLock { if $0.count < Self.kept { $0.append(reader) } }
        return result
    }

    func closeIdle() { idle.withLock { $0 = [] } }

    private func open() throws(SpoolError) -> Reader {
        let connection = try Connection(path: path, vfs: vfs, readOnly: true)
        try connection.execute("PRAGMA cache_size=-512")
        return Reader(connection)
    }
}
