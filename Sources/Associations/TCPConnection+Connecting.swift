import DICOMNetwork
import Glibc
import Threads

extension TCPConnection {
    /// Connects to the first address of `host` that answers, each within the time given.
    init(host: String, port: UInt16, within timeout: Duration) throws(AssociationError) {
        let addresses: [SocketAddress]
        do throws(SocketAddress.ResolverError) {
            addresses = try SocketAddress.resolve(host, port: port)
        } catch {
            throw .unknownHost(host, reason: error.reason)
        }
        var failure = AssociationError.unknownHost(host, reason: "no address")
        for address in addresses {
            do throws(AssociationError) {
                self.init(descriptor: try TCPConnection.connect(address, within: timeout))
                return
            } catch {
                failure = error
            }
        }
        throw failure
    }

    private static func connect(_ address: SocketAddress, within timeout: Duration) throws(AssociationError) -> Int32 {
        let descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .connect(code: errno) }
        // On Linux the send timeout also limits connect(2).
        var value = timeval(duration: timeout)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &value, socklen_t(MemoryLayout.size(ofValue: value)))
        while address.withPointer({ Glibc.connect(descriptor, $0, $1) }) != 0 {
            let code = errno
            if code == EINTR { continue }
            if code == EISCONN { break }
            close(descriptor)
            throw code == EINPROGRESS || code == EALREADY ? .timedOut(.connection) : .connect(code: code)
        }
        return descriptor
    }
}

extension timeval {
    /// Never zero, which would mean: for ever.
    init(duration: Duration) {
        let (seconds, attoseconds) = max(duration, .zero).components
        self.init(tv_sec: Int(seconds), tv_usec: max(1, Int(attoseconds / 1_000_000_000_000)))
    }
}
