import Glibc
import Threads

/// The sockets of a listener, and the way to wake the thread that waits on them.
public final class ListeningSockets: Sendable {
    public enum Accepted {
        case connection(Int32, peerAddress: String, isTLS: Bool)
        case woken
        /// errno.
        case failed(Int32)
    }

    /// Of each door.
    public let ports: [UInt16]
    /// Each with its port: `127.0.0.1:104`, `[::1]:2762 (TLS)`.
    public let addresses: [String]
    /// The ends of a pipe: what is written to `waker` is never read, so that every later wait returns at once.
    private let wakeup: Int32
    private let waker: Int32
    /// Closed by `close`, once; then empty.
    private let listening: Monitor<[Listening]>

    private struct Listening {
        let descriptor: Int32
        let isTLS: Bool
    }

    /// - Precondition: there is a door.
    public init(_ doors: [Door]) throws(ListenError) {
        var opened: [Listening] = []
        var ports: [UInt16] = []
        do throws(ListenError) {
            for door in doors { ports.append(try ListeningSockets.open(door, into: &opened)) }
        } catch {
            for socket in opened { Glibc.close(socket.descriptor) }
            throw error
        }
        self.ports = ports
        addresses = opened.map { SocketAddress.ofSocket($0.descriptor).withPort + ($0.isTLS ? " (TLS)" : "") }
        var ends: [Int32] = [-1, -1]
        if pipe(&ends) != 0 {
            let code = errno
            for socket in opened { Glibc.close(socket.descriptor) }
            throw ListenError(address: "", port: ports[0], code: code)
        }
        for end in ends { _ = (fcntl(end, F_SETFD, FD_CLOEXEC), fcntl(end, F_SETFL, O_NONBLOCK)) }
        (wakeup, waker) = (ends[0], ends[1])
        listening = Monitor(opened)
    }

    /// One door, in plain.
    public convenience init(adopting: [Int32] = [], addresses: [String], port: UInt16) throws(ListenError) {
        try self.init([Door(addresses: addresses, port: port, adopting: adopting)])
    }

    /// Of the first door.
    public var port: UInt16 { ports[0] }

    /// Returns the door's port.
    private static func open(_ door: Door, into opened: inout [Listening]) throws(ListenError) -> UInt16 {
        for descriptor in door.adopting {
            _ = (fcntl(descriptor, F_SETFD, FD_CLOEXEC), fcntl(descriptor, F_SETFL, O_NONBLOCK))
            opened.append(Listening(descriptor: descriptor, isTLS: door.isTLS))
        }
        let adopted = door.adopting.map { SocketAddress.ofSocket($0) }
        var chosen = door.port
        var isAnyOurs = false
        for address in door.addresses where !adopted.contains(where: { $0.covers(address, port: door.port) }) {
            let descriptor = try open(address, chosen)
            isAnyOurs = true
            opened.append(Listening(descriptor: descriptor, isTLS: door.isTLS))
            if chosen == 0 { chosen = SocketAddress.ofSocket(descriptor).port }
        }
        // Where nothing was opened, the first that was adopted is the one to tell of.
        return isAnyOurs || adopted.contains { $0.port == door.port } ? chosen : adopted.first?.port ?? chosen
    }

    deinit {
        close()
        Glibc.close(wakeup)
        Glibc.close(waker)
    }

    private static func open(_ address: String, _ port: UInt16) throws(ListenError) -> Int32 {
        guard let name = SocketAddress(numeric: address, port: port) else {
            throw ListenError(address: address, port: port, code: EINVAL)
        }
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(name.family, kind, 0)
        guard descriptor >= 0 else { throw ListenError(address: address, port: port, code: errno) }
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, 4)
        // So that :: and 0.0.0.0 can both be listened on.
        if name.family == AF_INET6 { setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &one, 4) }
        guard name.withPointer({ bind(descriptor, $0, $1) }) == 0, listen(descriptor, 1024) == 0 else {
            let code = errno
            Glibc.close(descriptor)
            throw ListenError(address: address, port: port, code: code)
        }
        return descriptor
    }

    /// Waits for a connection, which blocks like any socket.
    public func accept() -> Accepted {
        let listening = listening.withLock { $0 }
        var polled = (listening.map(\.descriptor) + [wakeup]).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        guard poll(&polled, nfds_t(polled.count), -1) >= 0 else { return errno == EINTR ? .woken : .failed(errno) }
        for (ready, socket) in zip(polled, listening) where ready.revents != 0 {
            var address = SocketAddress()
            let descriptor = address.fill { Glibc.accept(ready.fd, $0, $1) }
            if descriptor >= 0 {
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                return .connection(descriptor, peerAddress: address.numeric, isTLS: socket.isTLS)
            }
            switch errno {
            case EAGAIN, EINTR, ECONNABORTED, EPROTO: continue
            case let code: return .failed(code)
            }
        }
        return .woken
    }

    /// Makes `accept` and `pause` return, now and for ever.
    public func wake() {
        var one: UInt8 = 1
        _ = write(waker, &one, 1)
    }

    public func pause(milliseconds: Int32) {
        var polled = pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0)
        _ = poll(&polled, 1, milliseconds)
    }

    public func close() {
        listening.withLock { listening in
            for socket in listening { Glibc.close(socket.descriptor) }
            listening = []
        }
    }
}

/// An address cannot be listened on.
public struct ListenError: Error, Hashable, Sendable, CustomStringConvertible {
    public let address: String
    public let port: UInt16
    /// errno; EINVAL when the address is not a numeric one.
    public let code: Int32

    public var description: String {
        code == EINVAL
            ? "cannot listen on \(address): it is no numeric address"
            : "cannot listen on \(address) port \(port): \(systemMessage(code))"
    }
}

/// The system's words for an errno.
public func systemMessage(_ code: Int32) -> String {
    var text = [CChar](repeating: 0, count: 128)
    guard strerror_r(code, &text, text.count) == 0 else { return "error \(code)" }
    let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self).lowercased()
}
