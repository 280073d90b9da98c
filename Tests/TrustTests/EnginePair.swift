import TestSupport
import Trust

/// Two engines back to back, whose bytes pass in pieces of a chosen size.
struct EnginePair: ~Copyable {
    var requestor: TLSEngine
    var acceptor: TLSEngine
    private var random = SeededRandom(seed: 7)
    /// Bytes of one piece; nil: a random number.
    private let chunk: Int?

    init(
        _ requestor: TLSContext, _ acceptor: TLSContext, serverName: String? = nil,
        expecting: [CertificatePattern] = [], chunk: Int? = 4096
    ) {
        self.requestor = TLSEngine(requestor, serverName: serverName, expecting: expecting)
        self.acceptor = TLSEngine(acceptor)
        self.chunk = chunk
    }

    /// Both results; `.wantsInput` where the other's failure came first.
    mutating func shakeHands() -> (requestor: TLSEngine.Progress, acceptor: TLSEngine.Progress) {
        var results = (requestor: TLSEngine.Progress.wantsInput, acceptor: TLSEngine.Progress.wantsInput)
        while true {
            if results.requestor == .wantsInput { results.requestor = requestor.handshake() }
            let sent = pass(toAcceptor: true)
            if results.acceptor == .wantsInput { results.acceptor = acceptor.handshake() }
            if pass(toAcceptor: false) + sent == 0 { return results }
        }
    }

    /// Moves one piece; returns its bytes.
    mutating func pass(toAcceptor: Bool) -> Int {
        let limit = chunk ?? Int.random(in: 1...1500, using: &random)
        var moved: [UInt8] = []
        let body = { (bytes: UnsafeRawBufferPointer) in
            moved = Array(bytes.prefix(limit))
            return moved.count
        }
        if toAcceptor {
            requestor.drain(body)
            moved.withUnsafeBytes { acceptor.take($0) }
        } else {
            acceptor.drain(body)
            moved.withUnsafeBytes { requestor.take($0) }
        }
        return moved.count
    }

    /// What the acceptor reads of what the requestor writes, up to the first thing that is no byte.
    mutating func exchange(_ bytes: [UInt8]) -> (bytes: [UInt8], end: TLSEngine.Step) {
        _ = bytes.withUnsafeBytes { requestor.write($0) }
        var received: [UInt8] = []
        while pass(toAcceptor: true) > 0 {
            let end = readAll(into: &received)
            if end != .wantsInput { return (received, end) }
        }
        return (received, .wantsInput)
    }

    private mutating func readAll(into received: inout [UInt8]) -> TLSEngine.Step {
        var buffer = [UInt8](repeating: 0, count: 1000)
        while true {
            let step = buffer.withUnsafeMutableBytes { acceptor.read(into: $0) }
            guard case .bytes(let count) = step else { return step }
            received += buffer.prefix(count)
        }
    }

    /// What the requestor reads next: a failure of the acceptor that came late (TLS 1.3) among others.
    mutating func readByRequestor() -> TLSEngine.Step {
        while pass(toAcceptor: false) > 0 {}
        var buffer = [UInt8](repeating: 0, count: 1000)
        return buffer.withUnsafeMutableBytes { requestor.read(into: $0) }
    }
}
