import Associations
import DICOM
import DICOMNetwork
import Foundation
import Sockets
import TestSupport
import Testing
import Threads
import Trust

/// Associations by TLS, both ends ours.
struct TLSAssociationTests {
    private let authority = TestAuthority()
    private let party: TrustedParty
    private let ct = Association.Proposal(SOPClassUID("1.2.840.10008.5.1.4.1.1.2"), [.explicitVRLittleEndian])

    init() { party = TrustedParty(authority) }

    private func listener(
        _ handler: RecordingHandler = RecordingHandler(),
        _ change: (inout AssociationListener.Configuration) -> Void = { _ in }
    ) throws -> RunningListener {
        try RunningListener(handler, tls: Monitor(try party.acceptor()), change)
    }

    private func request(
        _ running: RunningListener, _ context: TLSContext? = nil
    ) throws -> Association.Configuration {
        var request = running.requestor()
        request.port = try #require(running.listener.tlsPort)
        request.tls = TLSRequest(Monitor(try context ?? party.requestor()))
        return request
    }

    /// The error of an association that must not come to be.
    private func failure(_ request: Association.Configuration) -> AssociationError? {
        #expect(throws: AssociationError.self) { try Association(request, proposing: [ct]).abort() }
    }

    private func store(_ bytes: Int, by association: inout Association) throws -> StoreStatus {
        var set = DataSetBuilder()
        set.raw(DataSetBuilder.ct())
        set.element(Tag(0x7FE0, 0x0010), .OW, bytes: [UInt8](repeating: 7, count: bytes))
        let path = NSTemporaryDirectory() + "tls-\(UInt64.random(in: 0...(.max)))"
        try Data(set.bytes).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try association.store(
            sopClassUID: SOPClassUID("1.2.840.10008.5.1.4.1.1.2"), sopInstanceUID: InstanceUID("1.2.3.4.5"),
            transferSyntax: .explicitVRLittleEndian, dataSet: .file(path: path, offset: 0, length: nil))
    }

    @Test func plainAndTLSAreServedAtOnce() throws {
        let running = try listener()
        var secure = try Association(try request(running), proposing: [ct])
        var plain = try Association(running.requestor(), proposing: [ct])
        for bytes in [2, 20_000, 3_000_000] {
            #expect(try store(bytes, by: &secure) == .success)
            #expect(try store(bytes, by: &plain) == .success)
        }
        try secure.release()
        try plain.release()
        #expect(running.handler.endings(2) == [.released, .released])
        let record = running.handler.record.withLock { $0 }
        #expect(record.headers.count == 6 && Set(record.headers).count == 1)
        let sessions = record.securities.compactMap { security -> TLSSession? in
            if case .tls(let session) = security { session } else { nil }
        }
        #expect(sessions.map(\.version) == ["TLSv1.3"])
        #expect(sessions.first?.certificate?.commonName == "ct1")
        #expect(record.securities.contains(.plain))
        #expect(record.refusals.isEmpty)
    }

    @Test func aTakerGetsEveryByte() throws {
        let record = Monitor(RecordingTaker.Record())
        let running = try listener(RecordingHandler(begin: { _ in RecordingTaker(record) }))
        var association = try Association(try request(running), proposing: [ct])
        #expect(try store(1_000_000, by: &association) == .success)
        let taken = record.withLock { $0.taken }
        #expect(taken.map(\.count) == [DataSetBuilder.ct().count + 12 + 1_000_000])
        #expect(taken[0].suffix(1_000_000).allSatisfy { $0 == 7 })
        try association.release()
    }

    @Test func plainBytesOnTheTLSPortAreOneCall() throws {
        let running = try listener()
        let port = try #require(running.listener.tlsPort)
        let peer = ScriptedPeer(connectingTo: port)
        peer.send(Wire.associateRequest())
        #expect(peer.isClosed())
        #expect(running.handler.refusals() == [.plainOnTLSPort])
        running.stop()
        let record = running.handler.record.withLock { $0 }
        #expect(record.summaries.isEmpty && record.troubles.isEmpty && record.refusals.count == 1)
    }

    @Test func tlsBytesOnThePlainPortAreOneCall() throws {
        let running = try listener()
        var request = try request(running)
        request.port = running.listener.port
        let error = failure(request)
        #expect(error == .handshake(.closed))
        #expect(running.handler.refusals() == [.tlsOnPlainPort])
        running.stop()
        let record = running.handler.record.withLock { $0 }
        #expect(record.summaries.isEmpty && record.troubles.isEmpty && record.refusals.count == 1)
    }

    @Test func aPeerThatDoesNotSpeakTLSIsToldFromOneThatRefuses() throws {
        let scripted = ScriptedPeer.Listener()
        var request = Association.Configuration(
            host: "127.0.0.1", port: scripted.port, called: AETitle("PACS"), calling: AETitle("KOSGATE"))
        request.tls = TLSRequest(Monitor(try party.requestor()))
        let thread = try OSThread(name: "peer") {
            let peer = scripted.accept()
            peer.send([7, 0, 0, 0, 0, 4, 0, 0, 2, 1])
            _ = peer.isClosed()
        }
        #expect(failure(request) == .handshake(.notTLS))
        thread.join()
    }

    @Test func theHandshakeIsPartOfTheTimeForTheRequest() throws {
        let running = try listener { $0.deadlines.associationRequest = .milliseconds(50) }
        let peer = ScriptedPeer(connectingTo: try #require(running.listener.tlsPort))
        #expect(peer.isClosed())
        let other = ScriptedPeer(connectingTo: try #require(running.listener.tlsPort))
        other.send([22, 3, 1, 2, 0, 1])
        #expect(other.isClosed())
        #expect(running.handler.refusals(2) == [.handshake(.timedOut), .handshake(.timedOut)])
    }

    @Test func aSilentPeerOnTheTLSPortGivesWay() throws {
        let running = try listener {
            $0.associationLimit = 1
            $0.waitingLimit = 1
        }
        let port = try #require(running.listener.tlsPort)
        let silent = (0..<5).map { _ in ScriptedPeer(connectingTo: port) }
        var association = try Association(try request(running), proposing: [ct])
        #expect(try store(10, by: &association) == .success)
        for peer in silent.dropLast() { #expect(peer.isClosed()) }
        try association.release()
    }

    /// TLS 1.3: the requestor has finished its handshake when the acceptor judges its certificate.
    @Test func aCertificateThatIsNotAcceptedIsToldToBothOperators() throws {
        let running = try listener()
        let wrong = TestAuthority("Another Authority").issue("ct1")
        let error = failure(try request(running, try party.requestor(wrong)))
        #expect(error?.description == "the peer does not accept our certificate (unknown CA)")
        #expect(error?.remedy == "make the authority of our certificate known to the peer")
        guard case .handshake(.certificate(.unknownAuthority, let shown)) = running.handler.refusals().first else {
            Issue.record("\(running.handler.refusals())")
            return
        }
        #expect(shown?.commonName == "ct1")
        let none = failure(try request(running, try party.requestor { $0.identity = nil }))
        #expect(none?.description == "the peer wants a certificate of ours (certificate required)")
        #expect(running.handler.refusals(2).last == .handshake(.noCertificate))
    }

    @Test func theAcceptorsCertificateMustBeForTheHost() throws {
        let running = try listener()
        var request = try request(running)
        request.tls?.serverName = "other.example"
        guard case .handshake(.certificate(.wrongName("other.example"), _)) = failure(request) else {
            Issue.record("it was accepted")
            return
        }
        let pin = try #require(CertificatePattern("cn:Gateway"))
        request.tls?.expected = [pin]
        try Association(request, proposing: [ct]).release()
    }

    @Test func aNewCertificateHoldsFromTheNextAssociationOn() throws {
        let context = Monitor<TLSContext?>(try party.acceptor())
        let running = try RunningListener(tls: context)
        var first = try Association(try request(running), proposing: [ct])
        let renewed = authority.issue("Renewed", names: ["IP:127.0.0.1"])
        let next = try party.acceptor(renewed)
        context.update { $0 = next }
        #expect(try store(100_000, by: &first) == .success)
        var request = try request(running)
        request.tls?.expected = [.commonName("Renewed")]
        try Association(request, proposing: [ct]).release()
        #expect(try store(100_000, by: &first) == .success)
        try first.release()
        context.update { $0 = nil }
        #expect(failure(request) == .handshake(.closed))
        #expect(running.handler.refusals() == [.notConfigured])
    }

    @Test func anUnknownAddressIsClosedBeforeAnyWork() throws {
        let running = try listener(RecordingHandler(known: { _ in false }))
        #expect(failure(try request(running)) != nil)
        #expect(running.handler.refusals() == [.unknownAddress])
        try Association(running.requestor(), proposing: [ct]).release()
    }

    /// The peer says why while we still send: it is seen in TLS too, record by record.
    @Test func anEarlyFailureEndsTheSending() throws {
        let handler = RecordingHandler(status: { _ in StoreStatus(.outOfResources, errorComment: "full") })
        let running = try listener(handler)
        var association = try Association(try request(running), proposing: [ct])
        #expect(try store(20_000_000, by: &association).status == .outOfResources)
    }
}
