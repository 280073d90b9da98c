import Glibc

/// A folder that documents are kept in.
struct DocumentFolder {
    let path: String

    /// Makes it where it is missing; its parent must be there.
    init(_ path: String) throws(RehearsalError) {
        guard mkdir(path, 0o750) == 0 || errno == EEXIST else { throw .folder(path) }
        self.path = path
    }

    func write(_ bytes: [UInt8], _ name: String) throws(RehearsalError) {
        let path = path + "/" + name
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard file >= 0 else { throw .folder(path) }
        defer { close(file) }
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(file, $0.baseAddress.map { $0 + done }, bytes.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .folder(path) }
            done += count
        }
    }
}

/// A folder of its own, which goes with the value.
struct TemporaryFolder: ~Copyable {
    let path: String

    init() throws(RehearsalError) {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/kosgate-rehearsal-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw .folder(parent) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { Self.remove(path) }

    /// What cannot be removed is left to the system, as all that is temporary.
    private static func remove(_ path: String) {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                guard name != ".", name != ".." else { continue }
                // Of a link, the link itself.
                if unlink(path + "/" + name) != 0 { remove(path + "/" + name) }
            }
            closedir(folder)
        }
        rmdir(path)
    }
}

extension RehearsalError {
    /// What the system said last of a path.
    fileprivate static func folder(_ path: String) -> RehearsalError {
        .folder(path: path, reason: String(cString: strerror(errno)))
    }
}
