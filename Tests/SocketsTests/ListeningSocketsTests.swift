import Glibc
import Testing

@testable import Sockets

struct ListeningSocketsTests {
    @Test func aConnectionIsAcceptedWithItsAddress() throws {
        let sockets = try ListeningSockets(addresses: ["127.0.0.1"], port: 0)
        var client = try TCPConnection(host: "127.0.0.1", port: sockets.port, within: .seconds(5))
        guard case .connection(let descriptor, let address, false) = sockets.accept() else {
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

    /// As a service manager does it: the socket is its own, and stays when we are gone.
    @Test func aSocketThatIsAdoptedServesItsAddressAndStaysOpenElsewhere() throws {
        let owner = try listening(at: "0.0.0.0")
        defer { close(owner) }
        let port = SocketAddress.ofSocket(owner).port
        do {
            let sockets = try ListeningSockets(adopting: [dup(owner)], addresses: ["127.0.0.1"], port: port)
            #expect(sockets.port == port)
            var client = try TCPConnection(host: "127.0.0.1", port: port, within: .seconds(5))
            guard case .connection(let descriptor, _, false) = sockets.accept() else {
                Issue.record("nobody came")
                return
            }
            var server = TCPConnection(descriptor: descriptor)
            #expect(client.send([1], within: .idle(.seconds(5))) == nil)
            var received: [UInt8] = [0]
            #expect(
                received.withUnsafeMutableBytes { server.receive(into: $0, within: .idle(.seconds(5))) } == .bytes(1))
            sockets.close()
        }
        // Who comes now waits for the next process.
        _ = try TCPConnection(host: "127.0.0.1", port: port, within: .seconds(5))
        let next = try ListeningSockets(adopting: [dup(owner)], addresses: [], port: 1)
        #expect(next.port == port)
        guard case .connection(let descriptor, _, false) = next.accept() else {
            Issue.record("it did not wait")
            return
        }
        close(descriptor)
    }

    @Test func whatNoAdoptedSocketCoversIsOpened() throws {
        let owner = try listening(at: "127.0.0.2")
        let sockets = try ListeningSockets(adopting: [owner], addresses: ["127.0.0.1"], port: 0)
        let adopted = SocketAddress.ofSocket(owner).port
        #expect(sockets.port != adopted)
        _ = try TCPConnection(host: "127.0.0.1", port: sockets.port, within: .seconds(5))
        _ = try TCPConnection(host: "127.0.0.2", port: adopted, within: .seconds(5))
    }

    @Test(arguments: [
        ("0.0.0.0", "192.0.2.1", true), ("0.0.0.0", "::1", false), ("::", "0.0.0.0", true), ("::", "::1", true),
        ("127.0.0.1", "127.0.0.1", true), ("127.0.0.1", "0.0.0.0", false),
    ]) func anAddressCoversWhatIsReachedThere(own: String, other: String, isCovered: Bool) throws {
        let address = try #require(SocketAddress(numeric: own, port: 104))
        #expect(address.covers(other, port: 104) == isCovered)
        #expect(!address.covers(other, port: 105))
    }

    private func listening(at address: String) throws -> Int32 {
        let name = try #require(SocketAddress(numeric: address, port: 0))
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(name.withPointer { bind(descriptor, $0, $1) } == 0 && listen(descriptor, 8) == 0)
        return descriptor
    }
}
