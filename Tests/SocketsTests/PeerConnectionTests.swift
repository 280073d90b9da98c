import Glibc
import Sockets
import TestSupport
import Testing
import Threads
import Trust

/// Both ends of a connection over loopback, in TLS.
struct PeerConnectionTests {
    private static let party = TrustedParty()
    private static var limit: TCPConnection.Limit { .idle(.seconds(10)) }

    /// Runs the acceptor's end on a thread of its own, and the requestor's here.
    private func connect(
        _ acceptor: @escaping @Sendable (inout PeerConnection) -> Void,
        _ requestor: (inout PeerConnection) throws -> Void
    ) throws {
        let sockets = try ListeningSockets([Door(addresses: ["127.0.0.1"], port: 0, isTLS: true)])
        let context = try Self.party.acceptor()
        let thread = try OSThread(name: "acceptor") {
            guard case .connection(let descriptor, _, true) = sockets.accept() else { return }
            var connection = PeerConnection(TCPConnection(descriptor: descriptor))
            #expect(connection.secure(with: TLSEngine(context), within: Self.limit) == nil)
            acceptor(&connection)
        }
        do {
            var connection = PeerConnection(
                try TCPConnection(host: "127.0.0.1", port: sockets.port, within: .seconds(10)))
            let engine = TLSEngine(try Self.party.requestor(), serverName: "127.0.0.1")
            #expect(connection.secure(with: engine, within: Self.limit) == nil)
            try requestor(&connection)
        }
        thread.join()
    }

    private static func read(_ count: Int, _ connection: inout PeerConnection) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 5000)
        while bytes.count < count {
            let wanted = min(buffer.count, count - bytes.count)
            let outcome = buffer.withUnsafeMutableBytes {
                connection.receive(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<wanted]), within: limit)
            }
            guard case .bytes(let received) = outcome else { break }
            bytes += buffer.prefix(received)
        }
        return bytes
    }

    private static func pattern(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
    }

    @Test func bytesPassBothWays() throws {
        let sizes = [1, 2, 16_384, 16_385, 65_536, 65_537, 300_000]
        try connect { connection in
            for size in sizes { _ = connection.send(Self.read(size, &connection), within: Self.limit) }
        } _: { connection in
            for size in sizes {
                #expect(connection.send(Self.pattern(size), within: Self.limit) == nil)
                #expect(Self.read(size, &connection) == Self.pattern(size))
            }
            #expect(connection.isSecure && connection.session?.version == "TLSv1.3" && connection.fault == nil)
        }
    }

    @Test func whatIsLookedAtStaysToBeRead() throws {
        let isSent = Monitor(false)
        try connect { connection in
            // Records of their own.
            for byte in UInt8(1)...5 { _ = connection.send([byte], within: Self.limit) }
            isSent.update { $0 = true }
            #expect(Self.read(1, &connection) == [9])
        } _: { connection in
            _ = isSent.wait { $0 ? true : nil }
            var buffer = [UInt8](repeating: 0, count: 16)
            // All of it is on its way; it need not have arrived.
            var outcome = TCPConnection.Outcome.timedOut
            while outcome != .bytes(5) { outcome = buffer.withUnsafeMutableBytes { connection.peek(into: $0) } }
            #expect(buffer.prefix(5) == [1, 2, 3, 4, 5])
            #expect(buffer.withUnsafeMutableBytes { connection.peek(into: $0) } == .bytes(5))
            #expect(Self.read(2, &connection) == [1, 2])
            #expect(connection.discard(atMost: 2, within: Self.limit) == .bytes(2))
            #expect(Self.read(1, &connection) == [5])
            #expect(buffer.withUnsafeMutableBytes { connection.peek(into: $0) } == .timedOut)
            #expect(connection.send([9], within: Self.limit) == nil)
            #expect(Self.read(1, &connection) == [])
        }
    }

    @Test func whatTheKernelCannotSendFromAFileMustBeRead() throws {
        try connect { _ in
        } _: { connection in
            #expect(connection.send(file: 0, at: 0, count: 1, within: Self.limit) == .failed(ENOSYS))
        }
    }

    /// The peer does not read until we have waited in vain several times: nothing is lost, nothing comes twice.
    @Test func aWriteThatIsTriedAgainGoesOn() throws {
        let mayRead = Monitor(false)
        let sent = Self.pattern(8 << 20)
        try connect { connection in
            _ = mayRead.wait { $0 ? true : nil }
            #expect(Self.read(sent.count, &connection) == sent)
        } _: { connection in
            var done = 0
            var failures = 0
            while done < sent.count {
                let outcome = sent.withUnsafeBytes {
                    connection.send(
                        UnsafeRawBufferPointer(rebasing: $0[done...]),
                        within: .idle(.milliseconds(failures < 3 ? 10 : 10_000)))
                }
                switch outcome {
                case .bytes(let count): done += count
                case .timedOut:
                    failures += 1
                    if failures == 3 { mayRead.update { $0 = true } }
                case .closed, .failed:
                    Issue.record("\(outcome)")
                    return
                }
            }
            #expect(failures >= 3)
        }
    }

    @Test func theEndOfAConnectionIsSaid() throws {
        try connect { connection in
            #expect(connection.send([1, 2, 3], within: Self.limit) == nil)
        } _: { connection in
            #expect(Self.read(10, &connection) == [1, 2, 3])
            var buffer: [UInt8] = [0]
            #expect(buffer.withUnsafeMutableBytes { connection.receive(into: $0, within: Self.limit) } == .closed)
            #expect(buffer.withUnsafeMutableBytes { connection.peek(into: $0) } == .closed)
        }
    }
}
