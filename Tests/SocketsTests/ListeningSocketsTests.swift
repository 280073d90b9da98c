import Sockets
import Testing

struct ListeningSocketsTests {
    @Test func aConnectionIsAcceptedWithItsAddress() throws {
        let sockets = try ListeningSockets(addresses: ["127.0.0.1"], port: 0)
        var client = try TCPConnection(host: "127.0.0.1", port: sockets.port, within: .seconds(5))
        guard case .connection(let descriptor, let address) = sockets.accept() else {
            Issue.record("nobody came")
            return
        }
        #expect(address == "127.0.0.1")
        var server = TCPConnection(descriptor: descriptor)
        #expect(client.send([1, 2, 3], within: .idle(.seconds(5))) == nil)
        var received = [UInt8](repeating: 0, count: 8)
        let outcome = received.withUnsafeMutableBytes { server.receive(into: $0, within: .idle(.seconds(5))) }
        #expect(outcome == .bytes(3) && received.prefix(3) == [1, 2, 3])
    }

    @Test func aPortThatIsTakenIsAnErrorThatSaysWhere() throws {
        let sockets = try ListeningSockets(addresses: ["127.0.0.1"], port: 0)
        let error = #expect(throws: ListenError.self) {
            _ = try ListeningSockets(addresses: ["127.0.0.1"], port: sockets.port)
        }
        #expect(error?.description == "cannot listen on 127.0.0.1 port \(sockets.port): address already in use")
    }
}
