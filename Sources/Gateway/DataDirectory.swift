import Glibc
import Spool

/// The folder of all that must survive a restart.
enum DataDirectory {
    /// Makes it with its parents where they are missing.
    static func make(_ path: String) throws(SpoolError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for component in path.split(separator: "/") {
            made += (made.isEmpty || made == "/" ? "" : "/") + component
            let isNew = mkdir(made, 0o750) == 0
            guard isNew || errno == EEXIST, !isNew || sync(made + "/..") else {
                throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
            }
        }
    }

    /// A new folder survives a power cut once the one around it is synced.
    private static func sync(_ path: String) -> Bool {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return false }
        defer { close(folder) }
        return fsync(folder) == 0
    }
}
