import Glibc

/// The path of a Unix socket.
enum ControlSocketPath {
    /// Bytes: what `sun_path` holds beside its NUL.
    static let limit = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1
}
