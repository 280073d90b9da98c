import Glibc
import Threads

extension TCPConnection {
    /// Connects to the first address of `host` that answers, each within the time given.
    public init(host: String, port: UInt16, within timeout: Duration) throws(ConnectError) {
        let addresses: [SocketAddress]
        do throws(SocketAddress.ResolverError) {
            addresses = try SocketAddress.resolve(host, port: port)
        } catch {
            throw error.code.map { .refused(code: $0) } ?? .unknownHost(reason: error.reason)
        }
        var failure = ConnectError.unknownHost(reason: "no address")
        for address in addresses {
            do throws(ConnectError) {
                self.init(descriptor: try TCPConnection.connect(address, within: timeout))
                return
            } catch {
                failure = error
            }
        }
        throw failure
    }

    private static func connect(_ address: SocketAddress, within timeout: Duration) throws(ConnectError) -> Int32 {
        let descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .refused(code: errno) }
        // On Linux the send timeout also limits connect(2).
        var value = timeval(duration: timeout)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &value, socklen_t(MemoryLayout.size(ofValue: value)))
        while address.withPointer({ Glibc.connect(descriptor, $0, $1) }) != 0 {
            let code = errno
            if code == EINTR { continue }
            if code == EISCONN { break }
            close(descriptor)
            throw code == EINPROGRESS || code == EALREADY ? .timedOut : .refused(code: code)
        }
        return descriptor
    }
}

/// No connection came to be.
public enum ConnectError: Error, Hashable, Sendable {
    case unknownHost(reason: String)
    /// errno.
    case refused(code: Int32)
    case timedOut
}

extension timeval {
    /// Never zero, which would mean: for ever.
    init(duration: Duration) {
        let (seconds, attoseconds) = max(duration, .zero).components
        self.init(tv_sec: Int(seconds), tv_usec: max(1, Int(attoseconds / 1_000_000_000_000)))
    }
}
