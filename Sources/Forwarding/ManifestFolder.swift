import Glibc

/// A folder that receives manifests where no platform is configured: one `.dcm` file per study and version, and
/// `index.tsv`, which says which is which.
///
/// A file appears whole or not at all (written aside, synced, renamed), and is in the index before it counts as
/// delivered. Names are made here; nothing of a peer's data is a path.
public struct ManifestFolder: Sendable {
    public let path: String

    /// Makes the folder when it is not there.
    public init(path: String) throws(DeliveryFailure) {
        self.path = path
        guard mkdir(path, 0o750) == 0 || errno == EEXIST else {
            throw Self.failure("the folder \(path) cannot be made")
        }
    }

    /// - Parameters:
    ///   - name: file name, made by us.
    ///   - description: columns of the index after the file's name.
    public func write(_ bytes: [UInt8], name: String, description: [String]) throws(DeliveryFailure) {
        precondition(!name.contains("/") && !name.hasPrefix("."), "a file name is made here")
        try replace(name, with: bytes)
        try index(name, description)
    }

    private func replace(_ name: String, with bytes: [UInt8]) throws(DeliveryFailure) {
        let aside = "\(path)/.\(name).part"
        try writeSynced(bytes, to: aside, flags: O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC)
        guard rename(aside, "\(path)/\(name)") == 0 else {
            throw Self.failure("\(path)/\(name) cannot be put in place")
        }
        try syncFolder()
    }

    /// A delivery that is repeated after a crash finds its line there already.
    private func index(_ name: String, _ description: [String]) throws(DeliveryFailure) {
        let line = ([name] + description.map(Self.cell)).joined(separator: "\t") + "\n"
        let file = "\(path)/index.tsv"
        let known = Self.tail(of: file)
        if known.split(separator: "\n").contains(where: { $0 + "\n" == line }) { return }
        // A line that a power cut tore is ended first, so that it spoils no other.
        let mend = known.isEmpty || known.hasSuffix("\n") ? "" : "\n"
        try writeSynced(Array((mend + line).utf8), to: file, flags: O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC)
        if known.isEmpty { try syncFolder() }
    }

    private func writeSynced(_ bytes: [UInt8], to file: String, flags: Int32) throws(DeliveryFailure) {
        let descriptor = open(file, flags, 0o640)
        guard descriptor >= 0 else { throw Self.failure("\(file) cannot be opened for writing") }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            written += count
        }
        let isSynced = written == bytes.count && fsync(descriptor) == 0
        let failure = isSynced ? nil : Self.failure("\(file) cannot be written")
        guard close(descriptor) == 0, failure == nil else { throw failure ?? Self.failure("\(file) cannot be closed") }
    }

    private func syncFolder() throws(DeliveryFailure) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure("the folder \(path) cannot be opened") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Self.failure("the folder \(path) cannot be synced") }
    }

    /// The end of the index: a delivery repeated after a crash is among its last lines.
    private static func tail(of file: String) -> String {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        let size = lseek(descriptor, 0, SEEK_END)
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        let count = pread(descriptor, &buffer, buffer.count, max(0, size - buffer.count))
        return String(decoding: buffer[..<max(count, 0)], as: UTF8.self)
    }

    /// One cell of the index: control characters would break its lines.
    private static func cell(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : $0 }))
    }

    private static func failure(_ what: String) -> DeliveryFailure {
        DeliveryFailure(.unreachable, "\(what): \(String(cString: strerror(errno)))")
    }
}
