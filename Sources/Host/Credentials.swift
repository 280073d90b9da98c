import Glibc

/// Secrets that systemd hands over in files that only this service can read (systemd.exec(5), `LoadCredential=`).
public enum Credentials {
    /// The bytes of one of them.
    /// - Parameter limit: in bytes; what is longer is refused.
    public static func read(_ name: String, limit: Int = 64 * 1024) throws(CredentialFault) -> [UInt8] {
        guard !name.isEmpty, name != ".", name != "..", !name.utf8.contains(0x2F), !name.utf8.contains(0) else {
            throw CredentialFault(name: name, reason: .name)
        }
        guard let folder = getenv("CREDENTIALS_DIRECTORY") else {
            throw CredentialFault(name: name, reason: .noneAtAll)
        }
        // Without O_NONBLOCK a FIFO would be waited for.
        let flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        let descriptor = open("\(String(cString: folder))/\(name)", flags)
        guard descriptor >= 0 else { throw CredentialFault(name: name, reason: .system(errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw CredentialFault(name: name, reason: .noFile)
        }
        return try bytes(of: descriptor, name, limit: limit)
    }

    private static func bytes(of descriptor: Int32, _ name: String, limit: Int) throws(CredentialFault) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw CredentialFault(name: name, reason: .system(errno)) }
            if count == 0 { return Array(bytes[..<filled]) }
            filled += count
        }
        throw CredentialFault(name: name, reason: .tooLong(limit: limit))
    }
}

/// A credential cannot be read.
public struct CredentialFault: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Reason: Equatable, Sendable {
        /// It is no name of a file.
        case name
        /// The process was started without any.
        case noneAtAll
        case noFile
        case tooLong(limit: Int)
        /// errno.
        case system(Int32)
    }

    public let name: String
    public let reason: Reason

    public var description: String {
        let because =
            switch reason {
            case .name: "that is no name of a credential"
            case .noneAtAll:
                "this process was given none (LoadCredential= in the unit, CREDENTIALS_DIRECTORY elsewhere)"
            case .noFile: "it is no regular file"
            case .tooLong(let limit): "it is longer than \(limit) bytes"
            case .system(let code): String(cString: strerror(code)).lowercased()
            }
        return "credential '\(name)' cannot be read: \(because)"
    }
}
