import Glibc

/// A folder of the file system.
final class SystemImageDisk: ImageDisk {
    private let folder: Int32

    /// Makes the folder (mode 0700) when it is not there; its parent must be, and is synced by the caller.
    init(_ path: String) throws(DiskError) {
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw .last }
        folder = try Self.checked(Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW))
    }

    deinit { _ = Glibc.close(folder) }

    func make(_ name: String) throws(DiskError) -> Int32 {
        try Self.checked(openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600))
    }

    func write(_ file: Int32, _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) throws(DiskError) {
        var (first, second) = (first, second)
        while !first.isEmpty || !second.isEmpty {
            let parts = [first, second].map {
                iovec(iov_base: UnsafeMutableRawPointer(mutating: $0.baseAddress), iov_len: $0.count)
            }
            let count = writev(file, parts, 2)
            guard count > 0 else {
                if count < 0, errno == EINTR { continue }
                throw count < 0 ? .last : DiskError(code: ENOSPC)
            }
            let ofFirst = min(count, first.count)
            first = UnsafeRawBufferPointer(rebasing: first.dropFirst(ofFirst))
            second = UnsafeRawBufferPointer(rebasing: second.dropFirst(count - ofFirst))
        }
    }

    func sync(_ file: Int32) throws(DiskError) { _ = try Self.checked(fdatasync(file)) }

    func syncFolder() throws(DiskError) { _ = try Self.checked(fsync(folder)) }

    func isNamed(_ file: Int32) throws(DiskError) -> Bool {
        var status = stat()
        _ = try Self.checked(fstat(file, &status))
        return status.st_nlink > 0
    }

    func open(_ name: String) throws(DiskError) -> Int32 {
        try Self.checked(openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW))
    }

    func read(_ file: Int32, into buffer: UnsafeMutableRawBufferPointer) throws(DiskError) -> Int {
        while true {
            let count = Glibc.read(file, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            if errno != EINTR { throw .last }
        }
    }

    func close(_ file: Int32) { _ = Glibc.close(file) }

    func remove(_ name: String) throws(DiskError) { _ = try Self.checked(unlinkat(folder, name, 0)) }

    func forEachName(_ body: (String) -> Void) throws(DiskError) {
        // A descriptor of its own: the folder's own position must not move.
        guard let stream = fdopendir(try Self.checked(openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)))
        else { throw .last }
        defer { closedir(stream) }
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw .last }
                return
            }
            withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                body(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
            }
        }
    }

    func size(of name: String) -> Int? {
        var status = stat()
        guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        return Int(status.st_size)
    }

    var freeBytes: Int? { SpoolDirectory.freeBytes(of: folder) }

    var totalBytes: Int? { SpoolDirectory.totalBytes(of: folder) }

    private static func checked(_ result: Int32) throws(DiskError) -> Int32 {
        guard result >= 0 else { throw .last }
        return result
    }
}

extension DiskError {
    /// Of the call that just failed.
    fileprivate static var last: DiskError { DiskError(code: errno) }
}
