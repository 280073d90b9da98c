import Glibc

/// The folder of a spool and the lock that makes it ours alone.
///
/// Names in it are fixed: nothing that a peer sends is ever part of a path.
final class SpoolDirectory: Sendable {
    let path: String
    private let lock: Int32

    var database: String { "\(path)/spool.db" }
    var images: String { "\(path)/images" }

    /// Makes the directory (mode 0700) and an empty database (0600) when they are not there, and locks.
    init(_ path: String) throws(SpoolError) {
        self.path = path
        if mkdir(path, 0o700) == 0 {
            try Self.sync(Self.parent(of: path))
        } else if errno != EEXIST {
            throw .cannotOpen(path: path, reason: Self.systemError())
        }
        lock = try Self.makeFile("\(path)/lock")
        try Self.take(lock, path: path)
        close(try Self.makeFile(database))
        try Self.sync(path)
    }

    deinit { close(lock) }

    /// Closing alone would leave the lock to a child process that is just being started and has the file open too.
    func unlock() { flock(lock, LOCK_UN) }

    /// Somebody has deleted the files under us: what is written to them is gone when they are closed, and at this path
    /// may be another's spool.
    var isDeleted: Bool {
        var status = stat()
        return fstat(lock, &status) == 0 && status.st_nlink == 0
    }

    /// Bytes that this user may still write on the file system; nil: unknown.
    var freeBytes: Int? { Self.freeBytes(of: lock) }

    /// The same for the file system of an open file.
    static func freeBytes(of file: Int32) -> Int? {
        var status = statvfs()
        guard fstatvfs(file, &status) == 0 else { return nil }
        let (bytes, overflow) = Int(clamping: status.f_bavail).multipliedReportingOverflow(by: Int(status.f_frsize))
        return overflow ? .max : bytes
    }

    /// Of an open file's file system, for this user.
    static func totalBytes(of file: Int32) -> Int? {
        var status = statvfs()
        guard fstatvfs(file, &status) == 0 else { return nil }
        let (taken, free) = (Int(clamping: status.f_blocks), Int(clamping: status.f_bfree))
        let blocks = max(0, taken - free) + Int(clamping: status.f_bavail)
        let (bytes, overflow) = blocks.multipliedReportingOverflow(by: Int(status.f_frsize))
        return overflow ? .max : bytes
    }

    /// The folder of images, made when it is not there.
    func makeImageDisk() throws(SpoolError) -> SystemImageDisk {
        let disk: SystemImageDisk
        do throws(DiskError) {
            disk = try SystemImageDisk(images)
        } catch {
            throw .cannotOpen(path: images, reason: error.reason)
        }
        try Self.sync(path)
        return disk
    }

    private static func makeFile(_ path: String) throws(SpoolError) -> Int32 {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw .cannotOpen(path: path, reason: systemError()) }
        return file
    }

    private static func take(_ lock: Int32, path: String) throws(SpoolError) {
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else { throw .cannotOpen(path: path, reason: systemError()) }
            var text = [UInt8](repeating: 0, count: 32)
            let count = pread(lock, &text, text.count, 0)
            let holder = String(decoding: text.prefix(max(0, count)).prefix { $0 >= 0x20 }, as: UTF8.self)
            throw .inUse(path: path, holder: holder.isEmpty ? "(unknown)" : holder)
        }
        let holder = Array("\(getpid())\n".utf8)
        ftruncate(lock, 0)
        _ = pwrite(lock, holder, holder.count, 0)
    }

    /// A file is only there for good once its directory is synced.
    private static func sync(_ path: String) throws(SpoolError) {
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw .cannotOpen(path: path, reason: systemError()) }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw .cannotOpen(path: path, reason: systemError()) }
    }

    private static func parent(of path: String) -> String {
        let trimmed = path.last == "/" ? path.dropLast() : path[...]
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    }

    private static func systemError() -> String { String(cString: strerror(errno)) }
}
