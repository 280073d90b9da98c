import Glibc
import Threads

/// A connected or listening stream socket of the Unix domain, closed with its owner.
final class UnixSocket: Sendable {
    struct Failure: Error, Equatable {
        /// errno.
        var code: Int32
        var reason: String {
            code == ETIMEDOUT || code == EAGAIN ? "it takes too long" : String(cString: strerror(code))
        }
    }

    /// Bytes of a path: what `sun_path` holds beside its NUL.
    static let pathLimit = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    let descriptor: Int32

    init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    convenience init(connectingTo path: String) throws(Failure) {
        try self.init()
        // A listener whose queue is full keeps callers waiting for ever.
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard Self.withAddress(path, { connect(descriptor, $0, $1) }) == 0 else { throw Failure(code: errno) }
    }

    /// Made with mode 0660, whatever the umask says, and at no moment with more.
    convenience init(listeningAt path: String) throws(Failure) {
        try self.init()
        guard fchmod(descriptor, 0o660) == 0, Self.withAddress(path, { bind(descriptor, $0, $1) }) == 0,
            chmod(path, 0o660) == 0, listen(descriptor, 16) == 0
        else { throw Failure(code: errno) }
    }

    private convenience init() throws(Failure) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(code: errno) }
        self.init(descriptor: descriptor)
    }

    /// errno ENAMETOOLONG for a path that no address holds.
    private static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_un()
        let bytes = Array(path.utf8)
        guard bytes.count <= pathLimit, !bytes.isEmpty else {
            errno = bytes.isEmpty ? ENOENT : ENAMETOOLONG
            return -1
        }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    /// Nil: it listens no more.
    func accept() throws(Failure) -> UnixSocket? {
        while true {
            let accepted = Glibc.accept(descriptor, nil, nil)
            if accepted >= 0 {
                _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
                return UnixSocket(descriptor: accepted)
            }
            switch errno {
            case EINVAL, EBADF: return nil
            case EINTR, ECONNABORTED: continue
            case let code: throw Failure(code: code)
            }
        }
    }

    /// Wakes whoever waits for a connection or for bytes, for good.
    func shutDown() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}

// MARK: - Bytes

extension UnixSocket {
    /// - Returns: fewer than `count` when the peer has ended before.
    func read(_ count: Int, before deadline: MonotonicInstant) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            try wait(for: POLLIN, before: deadline)
            let piece = try receive(atMost: count - bytes.count)
            if piece.isEmpty { break }
            bytes += piece
        }
        return bytes
    }

    /// To the end, or to where the peer has closed without having read all.
    func readToEnd() throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            do throws(Failure) {
                let piece = try receive(atMost: 64 << 10)
                if piece.isEmpty { return bytes }
                bytes += piece
            } catch {
                guard error.code == ECONNRESET else { throw error }
                return bytes
            }
        }
    }

    private func receive(atMost count: Int) throws(Failure) -> [UInt8] {
        var piece = [UInt8](repeating: 0, count: min(count, 64 << 10))
        while true {
            let received = recv(descriptor, &piece, piece.count, 0)
            if received < 0, errno == EINTR { continue }
            guard received >= 0 else { throw Failure(code: errno) }
            return Array(piece[..<received])
        }
    }

    func write(_ bytes: [UInt8], before deadline: MonotonicInstant) throws(Failure) {
        var done = 0
        while done < bytes.count {
            try wait(for: POLLOUT, before: deadline)
            let sent = bytes.withUnsafeBytes { all in
                send(
                    descriptor, all.baseAddress.map { $0 + done }, all.count - done,
                    Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if sent < 0, errno == EINTR || errno == EAGAIN { continue }
            guard sent >= 0 else { throw Failure(code: errno) }
            done += sent
        }
    }

    private func wait(for event: Int32, before deadline: MonotonicInstant) throws(Failure) {
        while true {
            let left = (deadline - .now).components
            let milliseconds =
                left.seconds < 0 ? 0 : min(left.seconds, 86_400) * 1000 + left.attoseconds / 1_000_000_000_000_000
            var polled = pollfd(fd: descriptor, events: Int16(event), revents: 0)
            switch poll(&polled, 1, Int32(clamping: milliseconds)) {
            case 0: throw Failure(code: ETIMEDOUT)
            case ..<0: if errno != EINTR { throw Failure(code: errno) }
            case _: return
            }
        }
    }
}

// MARK: - The peer

extension UnixSocket {
    /// Who is at the other end: the name of the user, or its number where it has no name.
    var peerUser: String {
        // struct ucred: process, user, group.
        var credentials: (pid_t, uid_t, gid_t) = (0, .max, .max)
        var length = socklen_t(MemoryLayout.size(ofValue: credentials))
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 else { return "unknown user" }
        return Self.name(of: credentials.1)
    }

    static func name(of user: uid_t) -> String {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16 << 10)
        guard getpwuid_r(user, &entry, &buffer, buffer.count, &found) == 0, found != nil, let name = entry.pw_name
        else {
            return "user \(user)"
        }
        return String(cString: name)
    }
}
