import Glibc
import Host
import Testing

@testable import Gateway

struct ActivatedSocketsTests {
    @Test func aSocketsNameSaysWhatItIsFor() {
        let names = [
            "dicom", "dicom-tls", "dicom-11113", "dicom-tls-2763", "status", "web", "kosgate.socket", "dicom-x",
        ]
        let sockets = ActivatedSockets(
            names.enumerated().map { Activation.Socket(descriptor: Int32(1000 + $0), name: $1) })
        #expect(sockets.descriptors(for: .dicom) == [1000, 1002])
        #expect(sockets.descriptors(for: .dicomTLS) == [1001, 1003])
        #expect(sockets.descriptors(for: .status) == [1004])
        #expect(sockets.descriptors(for: .web) == [1005])
        #expect(sockets.unknownNames == ["kosgate.socket", "dicom-x"])
    }

    /// The embedded default welcomes every peer because it listens on loopback; a socket for the network changes that.
    @Test(arguments: [("0.0.0.0", false), ("127.0.0.1", true)])
    func peersThatNoSourceNamesAreWelcomeOnLoopbackAlone(address: String, isWelcome: Bool) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = inet_addr(address)
        let isBound = withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, 16) } == 0
        }
        try #require(isBound && listen(descriptor, 1) == 0)
        let sockets = ActivatedSockets([Activation.Socket(descriptor: descriptor, name: "dicom")])
        let configuration = Configuration.embeddedDefault.narrowed(to: sockets)
        #expect(configuration.acceptsUnknownPeers == isWelcome)
        var open = Configuration.embeddedDefault
        open.acceptsAnyCallingAETitle = true
        #expect(open.narrowed(to: sockets).acceptsUnknownPeers)
    }
}
