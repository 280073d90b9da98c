import Glibc
import Trust

/// A TLS engine between a TCP connection and whoever reads and writes it. Used by one thread at a time.
final class TLSLayer {
    /// What is encrypted at once at most.
    private static let largestWrite = 64 * 1024
    private static let scratchSize = 64 * 1024

    private var engine: TLSEngine
    private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: scratchSize, alignment: 16)
    /// What was read to be looked at, and not taken yet.
    private var ahead: [UInt8] = []
    /// Bytes that were encrypted for a write that could not end: who writes comes back with the same.
    private var unsent = 0
    private var isEstablished = false
    /// What ended the connection.
    private(set) var fault: TLSFault?
    private(set) var session: TLSSession?

    init(_ engine: consuming TLSEngine) { self.engine = engine }

    deinit { scratch.deallocate() }

    /// nil when done.
    func shakeHands(_ tcp: inout TCPConnection, within limit: TCPConnection.Limit) -> TLSFault? {
        while true {
            let progress = engine.handshake()
            // Who refuses us may have closed already: its reason is still to be read.
            let unwritten = flush(&tcp, within: limit)
            switch progress {
            case .done:
                session = engine.session
                isEstablished = true
                return nil
            case .failed(let fault): return fail(fault)
            case .wantsInput: break
            }
            let outcome = tcp.receive(into: scratch, within: limit)
            switch outcome {
            case .bytes(let count): engine.take(UnsafeRawBufferPointer(rebasing: scratch[..<count]))
            case .closed: return fail(.closed)
            case .timedOut: return fail(.timedOut)
            case .failed(let code): return fail(unwritten == nil && code != ECONNRESET ? .socket(code: code) : .closed)
            }
        }
    }

    private func fail(_ fault: TLSFault) -> TLSFault {
        self.fault = fault
        return fault
    }

    func receive(
        _ tcp: inout TCPConnection, into buffer: UnsafeMutableRawBufferPointer, within limit: TCPConnection.Limit
    ) -> TCPConnection.Outcome {
        if !ahead.isEmpty { return .bytes(takeAhead(into: buffer)) }
        var done = 0
        while done < buffer.count {
            switch read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[done...])) {
            case .bytes(let count):
                done += count
                continue
            case .closed: return done > 0 ? .bytes(done) : .closed
            case .failed: return done > 0 ? .bytes(done) : broken(tcp)
            case .wantsInput: break
            }
            if done > 0 { break }
            if let outcome = flush(&tcp, within: limit) { return outcome }
            let outcome = tcp.receive(into: scratch, within: limit)
            guard case .bytes(let count) = outcome else { return outcome }
            engine.take(UnsafeRawBufferPointer(rebasing: scratch[..<count]))
        }
        return .bytes(done)
    }

    /// The bytes are decrypted all the same: only so is it known that they are the peer's.
    func discard(
        _ tcp: inout TCPConnection, atMost count: Int, within limit: TCPConnection.Limit
    ) -> TCPConnection.Outcome {
        receive(
            &tcp, into: UnsafeMutableRawBufferPointer(rebasing: scratch[..<min(count, scratch.count)]), within: limit)
    }

    func peek(_ tcp: borrowing TCPConnection, into buffer: UnsafeMutableRawBufferPointer) -> TCPConnection.Outcome {
        while ahead.count < buffer.count {
            let step = read(into: scratch)
            if case .bytes(let count) = step {
                ahead += scratch[..<count]
                continue
            }
            guard ahead.isEmpty || step == .wantsInput else { break }
            switch step {
            case .closed: return .closed
            case .failed: return broken(tcp)
            case .bytes, .wantsInput: break
            }
            let outcome = tcp.receiveNow(into: scratch)
            guard case .bytes(let count) = outcome else {
                if ahead.isEmpty { return outcome }
                break
            }
            engine.take(UnsafeRawBufferPointer(rebasing: scratch[..<count]))
        }
        let shown = min(ahead.count, buffer.count)
        buffer.copyBytes(from: ahead.prefix(shown))
        return .bytes(shown)
    }

    private func takeAhead(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(ahead.count, buffer.count)
        buffer.copyBytes(from: ahead.prefix(count))
        ahead.removeFirst(count)
        return count
    }

    private func read(into buffer: UnsafeMutableRawBufferPointer) -> TLSEngine.Step {
        if let fault { return .failed(fault) }
        let step = engine.read(into: buffer)
        if case .failed(let fault) = step { self.fault = fault }
        return step
    }

    /// The peer is told why.
    private func broken(_ tcp: borrowing TCPConnection) -> TCPConnection.Outcome {
        flushNow(tcp)
        return .failed(EPROTO)
    }

    /// After `.timedOut` the caller must come back with the same bytes.
    func send(
        _ tcp: inout TCPConnection, _ bytes: UnsafeRawBufferPointer, within limit: TCPConnection.Limit
    ) -> TCPConnection.Outcome {
        if unsent == 0 {
            let part = UnsafeRawBufferPointer(rebasing: bytes[..<min(bytes.count, TLSLayer.largestWrite)])
            switch engine.write(part) {
            case .bytes(let count): unsent = count
            case .closed: return .closed
            case .wantsInput: return .failed(EPROTO)
            case .failed(let fault):
                self.fault = self.fault ?? fault
                return .failed(EPROTO)
            }
        }
        if let outcome = flush(&tcp, within: limit) { return outcome }
        defer { unsent = 0 }
        return .bytes(min(unsent, bytes.count))
    }

    func sendWithoutWaiting(_ tcp: borrowing TCPConnection, _ bytes: [UInt8]) {
        guard isEstablished, fault == nil else { return }
        _ = bytes.withUnsafeBytes { engine.write($0) }
        flushNow(tcp)
    }

    /// Says that no more comes from us.
    func close(_ tcp: borrowing TCPConnection) {
        guard isEstablished, fault == nil else { return }
        engine.close()
        flushNow(tcp)
    }

    /// nil when nothing is left to be sent.
    private func flush(_ tcp: inout TCPConnection, within limit: TCPConnection.Limit) -> TCPConnection.Outcome? {
        while engine.hasOutput {
            var outcome = TCPConnection.Outcome.closed
            engine.drain { bytes in
                outcome = tcp.send(bytes, within: limit)
                if case .bytes(let count) = outcome { return count }
                return 0
            }
            guard case .bytes = outcome else { return outcome }
        }
        return nil
    }

    private func flushNow(_ tcp: borrowing TCPConnection) { engine.drain { tcp.sendNow($0) } }
}
