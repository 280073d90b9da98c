import Glibc
import Spool

/// The folder of all that must survive a restart.
enum DataDirectory {
    /// Makes it with its parents where they are missing.
    static func make(_ path: String) throws(SpoolError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for component in path.split(separator: "/") {
            made += (made.isEmpty || made == "/" ? "" : "/") + component
            guard mkdir(made, 0o750) == 0 || errno == EEXIST else {
                throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
            }
        }
    }
}
