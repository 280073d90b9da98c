import Glibc
public import Threads

/// A connected TCP socket with deadlines. TCP_NODELAY is on, and TCP_QUICKACK is armed again between any two reads: peers
/// that leave Nagle's algorithm on would else wait 40 ms for each delayed acknowledgement of ours. A read that is
/// answered at once needs no acknowledgement but the answer.
public struct TCPConnection: ~Copyable {
    public enum Outcome: Equatable {
        /// So many bytes, at least one.
        case bytes(Int)
        /// The peer closed its side.
        case closed
        case timedOut
        /// errno.
        case failed(Int32)
    }

    private let descriptor: Int32
    private var receiveTimeout: Duration?
    private var sendTimeout: Duration?
    /// Something was read, and nothing written since.
    private var owesAcknowledgement = false

    /// How long a read or a write may take.
    public enum Limit {
        /// Without any progress.
        case idle(Duration)
        /// In all.
        case total(MonotonicInstant)

        var left: Duration {
            switch self {
            case .idle(let duration): duration
            case .total(let deadline): deadline - .now
            }
        }
    }

    /// Takes over a connected, blocking socket.
    public init(descriptor: Int32) {
        self.descriptor = descriptor
        setOption(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        setOption(SOL_SOCKET, SO_KEEPALIVE, 1)
    }

    deinit { close(descriptor) }

    /// Reads what is there, at least one byte.
    public mutating func receive(
        into buffer: UnsafeMutableRawBufferPointer, within limit: Limit
    ) -> Outcome {
        receive(buffer.baseAddress, buffer.count, 0, within: limit)
    }

    /// Lets the kernel drop bytes, which never enter the process; it comes back when all are gone, or after the limit
    /// with those that are. One call, not one for each segment: at 20 associations it costs a fifth less.
    public mutating func discard(atMost count: Int, within limit: Limit) -> Outcome {
        receive(nil, count, Int32(MSG_TRUNC) | Int32(MSG_WAITALL), within: limit)
    }

    private mutating func receive(
        _ pointer: UnsafeMutableRawPointer?, _ count: Int, _ flags: Int32, within limit: Limit
    ) -> Outcome {
        if owesAcknowledgement { setOption(Int32(IPPROTO_TCP), TCP_QUICKACK, 1) }
        var waited = Duration.zero
        while true {
            guard setReceiveTimeout(limit) else { return .timedOut }
            let received = recv(descriptor, pointer, count, flags)
            if received > 0 {
                owesAcknowledgement = true
                return .bytes(received)
            }
            if received == 0 { return .closed }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                waited += receiveTimeout ?? .zero
                if case .idle(let duration) = limit, waited < duration { continue }
                return .timedOut
            case let code: return .failed(code)
            }
        }
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

    /// Writes what there is room for, at least one byte.
    /// - Parameter hasMore: more is written at once, to go in the same segment.
    public mutating func send(_ bytes: UnsafeRawBufferPointer, hasMore: Bool = false, within limit: Limit) -> Outcome {
        let flags = Int32(MSG_NOSIGNAL) | (hasMore ? Int32(MSG_MORE) : 0)
        return write(within: limit) { Glibc.send($0, bytes.baseAddress, bytes.count, flags) }
    }

    /// Lets the kernel write bytes of a file, which never enter the process: as many as there is room for, at least one.
    /// `closed` means that the file ends before.
    ///
    /// A peer that is gone raises SIGPIPE, which the caller must have blocked (`BlockedPipeSignal`).
    public mutating func send(file: Int32, at offset: Int, count: Int, within limit: Limit) -> Outcome {
        var position = off_t(offset)
        return write(within: limit) { sendfile($0, file, &position, count) }
    }

    private mutating func write(within limit: Limit, _ call: (Int32) -> Int) -> Outcome {
        while true {
            guard setSendTimeout(limit) else { return .timedOut }
            let sent = call(descriptor)
            if sent > 0 {
                owesAcknowledgement = false
                return .bytes(sent)
            }
            if sent == 0 { return .closed }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .timedOut
            case let code: return .failed(code)
            }
        }
    }

    /// Looks at what is there, which stays to be read; `timedOut` where there is nothing.
    public func peek(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        receiveNow(into: buffer, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
    }

    private func receiveNow(into buffer: UnsafeMutableRawBufferPointer, _ flags: Int32) -> Outcome {
        let count = recv(descriptor, buffer.baseAddress, buffer.count, flags)
        if count > 0 { return .bytes(count) }
        if count == 0 { return .closed }
        return errno == EAGAIN || errno == EINTR ? .timedOut : .failed(errno)
    }

    /// Reads what is there; `timedOut` where there is nothing.
    func receiveNow(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        receiveNow(into: buffer, Int32(MSG_DONTWAIT))
    }

    /// Writes what the socket takes at once: a last word.
    public func sendWithoutWaiting(_ bytes: [UInt8]) { _ = bytes.withUnsafeBytes { sendNow($0) } }

    /// Returns how many bytes the socket took at once.
    func sendNow(_ bytes: UnsafeRawBufferPointer) -> Int {
        max(0, Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)))
    }

    /// The peer reads the end of our bytes.
    func endOutput() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

    /// Closing will reset the connection: what the peer has not read is given up.
    public func resetOnClose() {
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    }

    private func setOption(_ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout.size(ofValue: value)))
    }

    /// A shorter timeout serves a longer idle limit, waited for several times: one setting for all the waits of a message.
    private mutating func setReceiveTimeout(_ limit: Limit) -> Bool {
        let left = limit.left
        if case .idle = limit, let receiveTimeout, receiveTimeout > .zero, receiveTimeout <= left { return true }
        if left != receiveTimeout { setTimeout(SO_RCVTIMEO, left) }
        receiveTimeout = left
        return left > .zero
    }

    private mutating func setSendTimeout(_ limit: Limit) -> Bool {
        let left = limit.left
        if left != sendTimeout { setTimeout(SO_SNDTIMEO, left) }
        sendTimeout = left
        return left > .zero
    }

    private func setTimeout(_ option: Int32, _ duration: Duration) {
        var value = timeval(duration: duration)
        setsockopt(descriptor, SOL_SOCKET, option, &value, socklen_t(MemoryLayout.size(ofValue: value)))
    }
}
