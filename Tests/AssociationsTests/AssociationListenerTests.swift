import Associations
import DICOM
import DICOMNetwork
import Sockets
import TestSupport
import Testing
import Threads

struct AssociationListenerTests {
    private let header = DataSetBuilder.ct()

    private func image(_ pixelBytes: Int) -> [UInt8] {
        var set = DataSetBuilder()
        set.raw(header)
        set.element(Tag(0x7FE0, 0x0010), .OW, bytes: [UInt8](repeating: 7, count: pixelBytes))
        return set.bytes
    }

    private func status(_ response: [UInt8]) -> UInt16? {
        try? CommandSet(decoding: Array(response.dropFirst(12)).span.bytes).status
    }

    @Test func instancesAreStoredAndAnswered() throws {
        let running = try RunningListener()
        let peer = running.associate()
        peer.send(Wire.store(header))
        #expect(status(peer.receivePDU()) == 0)
        peer.send(Wire.store(image(300_000), instance: "1.2.3\0"))
        #expect(status(peer.receivePDU()) == 0)
        peer.send(Wire.releaseRequest)
        #expect(peer.receivePDU() == Wire.releaseResponse)
        peer.close()
        #expect(running.handler.endings() == [.released])
        let record = running.handler.record.withLock { $0 }
        #expect(record.instances == [InstanceUID("1.2.3.4.5"), InstanceUID("1.2.3")])
        #expect(record.headers == [header, header])
        let summary = try #require(record.summaries.first)
        #expect(summary.calling == AETitle("CT1"))
        #expect(summary.instances == 2)
        #expect(summary.peerAddress == "127.0.0.1")
        #expect(summary.bytes > 300_000)
    }

    @Test func theHandlersStatusIsTheAnswer() throws {
        let handler = RecordingHandler(status: { _ in StoreStatus(.outOfResources, errorComment: "full") })
        let running = try RunningListener(handler)
        let peer = running.associate()
        peer.send(Wire.store(header))
        #expect(status(peer.receivePDU()) == 0xA700)
        peer.close()
        #expect(running.handler.endings() == [.lost])
        #expect(handler.record.withLock { $0.summaries[0].refusedInstances } == 1)
    }

    @Test func theHandlerMayReject() throws {
        let policy = AdmissionPolicy(called: [AETitle("OTHER")])
        let handler = RecordingHandler(admit: { policy.admit(called: $0.called, calling: $0.calling) })
        let running = try RunningListener(handler)
        let peer = running.connect()
        peer.send(Wire.associateRequest())
        #expect(peer.receivePDU() == [3, 0, 0, 0, 0, 4, 0, 1, 1, 7])
        peer.close()
        #expect(handler.endings() == [.rejected(.calledAETitleNotRecognized)])
    }

    /// Case 17.
    @Test func anAssociationBeyondTheLimitIsRejectedForNow() throws {
        let running = try RunningListener { $0.associationLimit = 2 }
        let first = running.associate()
        let second = running.associate()
        let third = running.connect()
        third.send(Wire.associateRequest())
        #expect(third.receivePDU() == [3, 0, 0, 0, 0, 4, 0, 2, 3, 2])
        third.close()
        #expect(running.handler.endings() == [.rejected(.localLimitExceeded)])
        // A place is free again as soon as one is released, even if its peer does not close.
        first.send(Wire.releaseRequest)
        #expect(first.receivePDU() == Wire.releaseResponse)
        let fourth = running.associate()
        fourth.send(Wire.echo())
        #expect(status(fourth.receivePDU()) == 0)
        second.send(Wire.echo())
        #expect(status(second.receivePDU()) == 0)
    }

    /// Case 1 and 2: silence and other protocols do not take a place; the timer is for all of the request (case 3).
    @Test func whoNeverAsksIsClosedAndHarmsNobody() throws {
        let running = try RunningListener {
            $0.associationLimit = 1
            $0.deadlines.associationRequest = .seconds(1)
        }
        let silent = running.connect()
        let slow = running.connect()
        slow.send(Array(Wire.associateRequest().prefix(40)))
        let web = running.connect()
        web.send(Array("GET / HTTP/1.1\r\n\r\n".utf8))
        #expect(web.receivePDU() == [7, 0, 0, 0, 0, 4, 0, 0, 2, 1])
        web.close()
        let good = running.associate()
        good.send(Wire.echo())
        #expect(status(good.receivePDU()) == 0)
        #expect(silent.isClosed())
        #expect(slow.isClosed())
        let endings = running.handler.endings(3)
        #expect(endings.contains(.fault(.notDICOM(.http))))
        #expect(endings.filter { $0 == .timedOut(.associationRequest) }.count == 2)
        good.send(Wire.echo())
        #expect(status(good.receivePDU()) == 0)
    }

    /// Case 13.
    @Test func whoFallsSilentBetweenMessagesIsAborted() throws {
        let running = try RunningListener { $0.deadlines.message = .milliseconds(100) }
        let idle = running.associate()
        #expect(idle.receivePDU() == Wire.abort(source: 0, reason: 0))
        idle.close()
        #expect(running.handler.endings() == [.timedOut(.message)])
    }

    /// Case 13: within a command set, and in the middle of what the kernel discards.
    @Test func whoFallsSilentInAMessageIsAborted() throws {
        let running = try RunningListener { $0.deadlines.fragment = .milliseconds(100) }
        let half = running.associate()
        half.send(Array(Wire.store(header).prefix(200)))
        #expect(half.receivePDU() == Wire.abort(source: 0, reason: 0))
        let late = running.associate()
        let begun = Wire.data(Wire.pdv(1, 3, Wire.storeCommand())) + Wire.data(Wire.pdv(1, 2, image(200_000)))
        late.send(Array(begun.dropLast(50_000)))
        #expect(late.receivePDU() == Wire.abort(source: 0, reason: 0))
        half.close()
        late.close()
        #expect(running.handler.endings(2) == [.timedOut(.fragment), .timedOut(.fragment)])
    }

    /// Case 13: the peer writes its requests, closes its half, and reads the answers.
    @Test func aHalfClosedPeerStillGetsItsAnswers() throws {
        let running = try RunningListener()
        let peer = running.connect()
        peer.send(Wire.associateRequest() + Wire.store(header) + Wire.echo())
        peer.closeOutput()
        #expect(peer.receivePDU().first == 2)
        #expect(status(peer.receivePDU()) == 0)
        #expect(status(peer.receivePDU()) == 0)
        #expect(peer.isClosed())
        #expect(running.handler.endings() == [.lost])
    }

    /// Case 14: the peer sends and never reads, until our answers have no more room.
    @Test func whoNeverReadsIsReset() throws {
        let running = try RunningListener { $0.deadlines.write = .milliseconds(200) }
        let peer = running.connect(receiveBuffer: 2048)
        peer.send(Wire.associateRequest())
        let echoes = (0..<500).flatMap { _ in Wire.echo() }
        var isOpen = true
        while isOpen { isOpen = peer.send(echoes) }
        #expect(running.handler.endings() == [.timedOut(.write)])
        let other = running.associate()
        other.send(Wire.echo())
        #expect(status(other.receivePDU()) == 0)
    }

    /// Case 24.
    @Test func anAbortInMidDataSetLeavesNothing() throws {
        let running = try RunningListener()
        let peer = running.associate()
        peer.send(Wire.store(header))
        _ = peer.receivePDU()
        let begun = Wire.data(Wire.pdv(1, 3, Wire.storeCommand())) + Wire.data(Wire.pdv(1, 0, image(100_000)))
        peer.send(begun + Wire.abort(source: 0, reason: 0))
        #expect(peer.isClosed())
        #expect(running.handler.endings() == [.abortedByPeer(.user)])
        #expect(running.handler.record.withLock { $0.instances.count } == 1)
    }

    /// Case 16.
    @Test func hundredsOfShortAssociationsLeaveNothingBehind() throws {
        let running = try RunningListener { $0.associationLimit = 2 }
        for number in 0..<300 {
            let peer = running.connect()
            peer.send(Wire.associateRequest() + Wire.store(header, instance: "1.\(number)"))
            #expect(peer.receivePDU().first == 2)
            #expect(status(peer.receivePDU()) == 0)
            peer.send(Wire.releaseRequest)
            #expect(peer.receivePDU() == Wire.releaseResponse)
            peer.close()
        }
        #expect(running.handler.endings(300).allSatisfy { $0 == .released })
        #expect(running.handler.record.withLock { Set($0.instances).count } == 300)
    }

    /// A header beyond the budget is refused; what it took is free for the next.
    @Test func headersBeyondTheBudgetAreAnsweredWithA700() throws {
        let running = try RunningListener { $0.headerBudget = 1 << 20 }
        var large = DataSetBuilder()
        large.raw(header)
        for number in 0..<UInt16(300) {
            large.element(Tag(0x0021, 0x1000 + number), .OB, bytes: [UInt8](repeating: 1, count: 10_000))
        }
        let peer = running.associate()
        for _ in 0..<2 {
            peer.send(Wire.store(large.bytes))
            #expect(status(peer.receivePDU()) == 0xA700)
        }
        peer.send(Wire.store(Array(large.bytes.prefix(header.count + 90 * 10_012))))
        #expect(status(peer.receivePDU()) == 0)
        peer.send(Wire.releaseRequest)
        #expect(peer.receivePDU() == Wire.releaseResponse)
        #expect(running.handler.record.withLock { $0.instances.count } == 1)
    }

    /// The same for what inflates within one read: the handler never sees it.
    @Test func aDeflatedHeaderBeyondTheBudgetIsAnsweredWithA700() throws {
        let running = try RunningListener { $0.headerBudget = 1 << 20 }
        var large = DataSetBuilder()
        large.raw(header)
        for number in 0..<UInt16(300) {
            large.element(Tag(0x0021, 0x1000 + number), .OB, bytes: [UInt8](repeating: 1, count: 10_000))
        }
        let deflated = Deflate.deflated(large.bytes)
        #expect(deflated.count < 32 * 1024)
        let peer = running.connect()
        let contexts = Wire.context(1, Wire.ctImageStorage, "1.2.840.10008.1.2.1.99")
        peer.send(Wire.associateRequest(contexts: contexts))
        _ = peer.receivePDU()
        for _ in 0..<3 {
            peer.send(Wire.store(deflated))
            #expect(status(peer.receivePDU()) == 0xA700)
        }
        peer.send(Wire.store(Deflate.deflated(header)))
        #expect(status(peer.receivePDU()) == 0)
        #expect(running.handler.record.withLock { $0.headers } == [header])
    }

    @Test func stoppingAbortsWhatDoesNotEnd() throws {
        let running = try RunningListener()
        let idle = running.associate()
        let half = running.associate()
        half.send(Array(Wire.store(header).prefix(100)))
        half.send([])
        let port = running.listener.port
        running.stop(within: .milliseconds(50))
        #expect(idle.receivePDU() == Wire.abort(source: 0, reason: 0))
        #expect(half.receivePDU() == Wire.abort(source: 0, reason: 0))
        #expect(running.handler.endings(2) == [.stopped, .stopped])
        // The port is free again.
        var configuration = AssociationListener.Configuration()
        configuration.port = port
        #expect(throws: Never.self) { try AssociationListener(configuration, handler: RecordingHandler()) }
    }

    @Test func stoppingLetsAssociationsEndInTheirTime() throws {
        let running = try RunningListener()
        let peer = running.associate()
        running.listener.stop(within: .seconds(10))
        peer.send(Wire.store(header))
        #expect(status(peer.receivePDU()) == 0)
        peer.send(Wire.releaseRequest)
        #expect(peer.receivePDU() == Wire.releaseResponse)
        peer.close()
        #expect(running.handler.endings() == [.released])
    }

    @Test func anAddressThatIsNoneOrTakenIsAFault() throws {
        let running = try RunningListener()
        var configuration = AssociationListener.Configuration()
        configuration.addresses = ["example.invalid"]
        #expect {
            try AssociationListener(configuration, handler: RecordingHandler())
        } throws: { ($0 as? ListenError)?.address == "example.invalid" }
        configuration.addresses = ["127.0.0.1"]
        configuration.port = running.listener.port
        #expect {
            try AssociationListener(configuration, handler: RecordingHandler())
        } throws: { "\($0)".contains("in use") }
    }
}
