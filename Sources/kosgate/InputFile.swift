import Glibc

/// A file or folder that cannot be used.
struct FileFailure: Error {
    var path: String
    var reason: String

    init(_ path: String, _ reason: String) {
        self.path = path
        self.reason = reason
    }
}

/// A file that is read.
struct InputFile: ~Copyable {
    let path: String
    let size: Int
    private let descriptor: Int32

    init(_ path: String) throws(FileFailure) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileFailure(path, SystemError.text(errno)) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            close(descriptor)
            throw FileFailure(path, SystemError.text(errno))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FileFailure(path, status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "not a file")
        }
        self.path = path
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Up to `count` bytes from `offset`; fewer at the end of the file only.
    borrowing func read(_ count: Int, at offset: Int) throws(FileFailure) -> [UInt8] {
        let wanted = min(count, max(0, size - offset))
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
            while filled < wanted {
                let base = buffer.baseAddress.map { $0 + filled }
                let got = pread(descriptor, base, wanted - filled, off_t(offset + filled))
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = errno }
                guard got > 0 else { break }
                filled += got
            }
        }
        guard failure == 0 else { throw FileFailure(path, SystemError.text(failure)) }
        return bytes
    }
}

/// Files named by a person: as they are, and those inside the folders.
enum InputFiles {
    struct Named {
        var path: String
        /// Given as such, not found in a folder.
        var isExplicit: Bool
    }

    /// Folders are walked in the order of their names; links to folders are not followed.
    static func list(_ paths: [String]) throws(FileFailure) -> [Named] {
        var files: [Named] = []
        for path in paths {
            guard try isFolder(path, followingLinks: true) else {
                files.append(Named(path: path, isExplicit: true))
                continue
            }
            let before = files.count
            try walk(path, into: &files)
            if files.count == before { throw FileFailure(path, "an empty folder") }
        }
        return files
    }

    private static func walk(_ folder: String, into files: inout [Named]) throws(FileFailure) {
        for name in try names(in: folder) {
            let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
            if try isFolder(path, followingLinks: false) {
                try walk(path, into: &files)
            } else if isFile(path) {
                files.append(Named(path: path, isExplicit: false))
            }
        }
    }

    private static func names(in folder: String) throws(FileFailure) -> [String] {
        guard let stream = opendir(folder) else { throw FileFailure(folder, SystemError.text(errno)) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private static func isFolder(_ path: String, followingLinks: Bool) throws(FileFailure) -> Bool {
        var status = stat()
        guard (followingLinks ? stat(path, &status) : lstat(path, &status)) == 0 else {
            throw FileFailure(path, SystemError.text(errno))
        }
        return status.st_mode & S_IFMT == S_IFDIR
    }

    private static func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
}
