import TestSupport
import Testing
import Trust

/// Two engines back to back: nothing here waits or has a socket.
struct TLSEngineTests {
    private static let party = TrustedParty()

    @Test(arguments: Array(1...40) + [0])
    func whereTheStreamIsCutDoesNotMatter(chunk: Int) throws {
        var pair = EnginePair(
            try Self.party.requestor(), try Self.party.acceptor(), serverName: "gateway.example",
            chunk: chunk == 0 ? nil : chunk)
        let results = pair.shakeHands()
        #expect(results.requestor == .done && results.acceptor == .done)
        #expect(pair.acceptor.session.certificate?.commonName == "ct1")
        #expect(pair.requestor.session.certificate?.dnsNames == ["gateway.example"])
        let sent = (0..<40_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let received = pair.exchange(sent)
        #expect(received.bytes == sent && received.end == .wantsInput)
    }

    @Test func bothVersionsOfTheProfileAreSpokenAndTheNewerPreferred() throws {
        var pair = EnginePair(try Self.party.requestor(), try Self.party.acceptor())
        #expect(pair.shakeHands().acceptor == .done)
        #expect(pair.acceptor.session.version == "TLSv1.3")
        #expect(pair.requestor.session.version == "TLSv1.3")
    }

    @Test func theEndOfThePeersBytesIsTold() throws {
        var pair = EnginePair(try Self.party.requestor(), try Self.party.acceptor())
        _ = pair.shakeHands()
        _ = [UInt8]([1, 2, 3]).withUnsafeBytes { pair.requestor.write($0) }
        pair.requestor.close()
        let received = pair.exchange([])
        #expect(received.bytes == [1, 2, 3] && received.end == .closed)
    }

    @Test func aChangedByteBreaksTheConnection() throws {
        var pair = EnginePair(try Self.party.requestor(), try Self.party.acceptor())
        _ = pair.shakeHands()
        _ = [UInt8](repeating: 9, count: 100).withUnsafeBytes { pair.requestor.write($0) }
        var record: [UInt8] = []
        pair.requestor.drain {
            record = Array($0)
            return $0.count
        }
        record[60] ^= 1
        record.withUnsafeBytes { pair.acceptor.take($0) }
        var buffer = [UInt8](repeating: 0, count: 100)
        let step = buffer.withUnsafeMutableBytes { pair.acceptor.read(into: $0) }
        guard case .failed(.violation) = step else {
            Issue.record("\(step)")
            return
        }
        #expect(pair.readByRequestor() == .failed(.alert(TLSAlert(rawValue: 20))))
    }

    /// The first byte of an A-ASSOCIATE-RQ, of HTTP, and of nothing known.
    @Test(arguments: [UInt8(1), UInt8(ascii: "G"), 0, 255])
    func plainBytesAreNoTLS(first: UInt8) throws {
        var acceptor = TLSEngine(try Self.party.acceptor())
        [first, 0, 0, 0].withUnsafeBytes { acceptor.take($0) }
        #expect(acceptor.handshake() == .failed(.notTLS))
        let hasOutput = acceptor.hasOutput
        #expect(!hasOutput)
        var requestor = TLSEngine(try Self.party.requestor())
        #expect(requestor.handshake() == .wantsInput)
        [first, 0, 0, 0].withUnsafeBytes { requestor.take($0) }
        #expect(requestor.handshake() == .failed(.notTLS))
    }

    @Test func bytesOfNobodyAreNoCrash() throws {
        var random = SeededRandom(seed: 3)
        for _ in 0..<200 {
            var acceptor = TLSEngine(try Self.party.acceptor())
            var bytes: [UInt8] = [22, 3, 1, 0, UInt8.random(in: 0...80, using: &random)]
            bytes += (0..<80).map { _ in UInt8.random(in: 0...255, using: &random) }
            bytes.withUnsafeBytes { acceptor.take($0) }
            #expect(acceptor.handshake() != .done)
        }
    }
}
