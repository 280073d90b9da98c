import Glibc
public import Threads
public import Trust

/// A TCP connection to a peer, in plain or in TLS: what both do alike. In plain every call is that of `TCPConnection`.
public struct PeerConnection: ~Copyable {
    public typealias Outcome = TCPConnection.Outcome
    public typealias Limit = TCPConnection.Limit

    private var tcp: TCPConnection
    private var tls: TLSLayer?
    private var isReset = false

    public init(_ tcp: consuming TCPConnection) { self.tcp = tcp }

    deinit {
        if let tls, !isReset { tls.close(tcp) }
    }

    /// Runs the handshake; all that follows is in TLS.
    /// - Returns: why there is no TLS connection, which is of no more use then; nil: there is.
    public mutating func secure(with engine: consuming TLSEngine, within limit: Limit) -> TLSFault? {
        let layer = TLSLayer(engine)
        tls = layer
        return layer.shakeHands(&tcp, within: limit)
    }

    public var isSecure: Bool { tls != nil }
    /// nil in plain.
    public var session: TLSSession? { tls?.session }
    /// What TLS has to say about an outcome of `.failed`; nil where it is the socket's.
    public var fault: TLSFault? { tls?.fault }

    /// Reads what is there, at least one byte.
    public mutating func receive(into buffer: UnsafeMutableRawBufferPointer, within limit: Limit) -> Outcome {
        guard let tls else { return tcp.receive(into: buffer, within: limit) }
        return tls.receive(&tcp, into: buffer, within: limit)
    }

    /// Drops at least one byte. In plain the kernel does it, and the call comes back when all are gone or after the limit.
    public mutating func discard(atMost count: Int, within limit: Limit) -> Outcome {
        guard let tls else { return tcp.discard(atMost: count, within: limit) }
        return tls.discard(&tcp, atMost: count, within: limit)
    }

    /// Writes everything; nil when done.
    public mutating func send(_ bytes: [UInt8], within limit: Limit) -> Outcome? {
        var done = 0
        while done < bytes.count {
            let outcome = bytes.withUnsafeBytes { send(UnsafeRawBufferPointer(rebasing: $0[done...]), within: limit) }
            guard case .bytes(let count) = outcome else { return outcome }
            done += count
        }
        return nil
    }

    /// Writes what there is room for, at least one byte. After `.timedOut` who tries again does it with the same bytes.
    /// - Parameter hasMore: more is written at once, to go in the same segment.
    public mutating func send(_ bytes: UnsafeRawBufferPointer, hasMore: Bool = false, within limit: Limit) -> Outcome {
        guard let tls else { return tcp.send(bytes, hasMore: hasMore, within: limit) }
        return tls.send(&tcp, bytes, within: limit)
    }

    /// Lets the kernel write bytes of a file (`TCPConnection.send(file:)`). In TLS they must pass through the process, and
    /// this fails with ENOSYS: read them and `send` them.
    public mutating func send(file: Int32, at offset: Int, count: Int, within limit: Limit) -> Outcome {
        guard tls == nil else { return .failed(ENOSYS) }
        return tcp.send(file: file, at: offset, count: count, within: limit)
    }

    /// Looks at what is there, which stays to be read; `timedOut` where there is nothing.
    public func peek(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        guard let tls else { return tcp.peek(into: buffer) }
        return tls.peek(tcp, into: buffer)
    }

    /// Writes what the socket takes at once: a last word.
    public func sendWithoutWaiting(_ bytes: [UInt8]) {
        if let tls {
            tls.sendWithoutWaiting(tcp, bytes)
        } else {
            tcp.sendWithoutWaiting(bytes)
        }
    }

    /// Closing will reset the connection: what the peer has not read is given up.
    public mutating func resetOnClose() {
        isReset = true
        tcp.resetOnClose()
    }

    /// Sends no more, and lets what still comes go by until the peer closes: else what we said last could be lost to it.
    public mutating func finish(before deadline: MonotonicInstant) {
        tcp.endOutput()
        while case .bytes = tcp.discard(atMost: 1 << 20, within: .total(deadline)) {}
    }
}
