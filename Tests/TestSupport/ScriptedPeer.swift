import Glibc

/// A peer over TCP that writes the bytes it is told, and reads what comes back; it knows no DICOM. Reads wait at most ten
/// seconds, so that a test fails instead of hanging.
public final class ScriptedPeer {
    private var descriptor: Int32

    /// Connects to a port of the loopback address.
    /// - Parameter receiveBuffer: bytes that the kernel may keep for us, for a peer that does not read.
    public init(connectingTo port: UInt16, receiveBuffer: Int32? = nil) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.descriptor = descriptor
        if var receiveBuffer { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, 4) }
        setTimeout(seconds: 10)
        let connected = ScriptedPeer.withLoopback(port) { connect(descriptor, $0, $1) }
        precondition(connected == 0, "nobody listens on port \(port)")
    }

    private init(descriptor: Int32) {
        self.descriptor = descriptor
        setTimeout(seconds: 10)
    }

    deinit { close() }

    /// Writes all of it; false when the other side has closed.
    @discardableResult
    public func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count <= 0 { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Reads exactly so many bytes, or fewer when the other side closes.
    public func receive(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var part = [UInt8](repeating: 0, count: count - bytes.count)
            let received = recv(descriptor, &part, part.count, 0)
            if received <= 0 { break }
            bytes += part.prefix(received)
        }
        return bytes
    }

    /// Reads one PDU, header and all; empty when the other side closes.
    public func receivePDU() -> [UInt8] {
        let header = receive(6)
        guard header.count == 6 else { return header }
        return header + receive(header[2...].reduce(0) { $0 << 8 | Int($1) })
    }

    /// The other side closes without another byte (an end or a reset).
    public func isClosed() -> Bool {
        var byte: UInt8 = 0
        let received = recv(descriptor, &byte, 1, 0)
        return received == 0 || (received < 0 && errno == ECONNRESET)
    }

    /// We will write no more, but still read.
    public func closeOutput() { shutdown(descriptor, Int32(SHUT_WR)) }

    public func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    private func setTimeout(seconds: Int) {
        var timeout = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    private static func withLoopback<Result>(
        _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

extension ScriptedPeer {
    /// Waits for peers on a free port of the loopback address.
    public final class Listener: Sendable {
        public let port: UInt16
        private let descriptor: Int32

        public init() {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            let bound = ScriptedPeer.withLoopback(0) { bind(descriptor, $0, $1) }
            precondition(bound == 0 && listen(descriptor, 16) == 0, "cannot listen on loopback")
            var address = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            _ = withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
            }
            self.descriptor = descriptor
            port = UInt16(bigEndian: address.sin_port)
        }

        deinit { Glibc.close(descriptor) }

        /// The next one that connects.
        public func accept() -> ScriptedPeer { ScriptedPeer(descriptor: Glibc.accept(descriptor, nil, nil)) }
    }
}
