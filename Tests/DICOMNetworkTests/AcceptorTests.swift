import DICOM
import TestSupport
import Testing

@testable import DICOMNetwork

struct AcceptorTests {
    private let header = DataSetBuilder.ct()

    /// A CT with so many bytes of pixel data.
    private func image(_ pixelBytes: Int) -> [UInt8] {
        var set = DataSetBuilder()
        set.raw(header)
        set.element(Tag(0x7FE0, 0x0010), .OW, bytes: [UInt8](repeating: 7, count: pixelBytes))
        return set.bytes
    }

    private func associated(_ run: AcceptorRun = AcceptorRun()) -> AcceptorRun {
        var run = run
        run.feed(Wire.associateRequest())
        return run
    }

    @Test func aStudyIsStoredAndReleased() {
        var run = associated()
        run.feed(Wire.echo() + Wire.store(header) + Wire.store(image(4000), instance: "1.2.3\0") + Wire.releaseRequest)
        #expect(
            run.log == [
                "sent A-ASSOCIATE-AC", "answered 8030 with 0", "stored 1.2.3.4.5 (\(header.count))",
                "answered 8001 with 0", "stored 1.2.3 (\(header.count + 4012))", "answered 8001 with 0",
                "sent A-RELEASE-RP",
            ])
        #expect(run.headers == [header, header])
        #expect(run.ending == .released)
        run.closeTransport()
        #expect(run.isClosed)
        #expect(run.ending == .released)
    }

    @Test func aRefusedInstanceIsAnsweredWithItsStatusAndReason() throws {
        var run = associated()
        run.status = StoreStatus(.outOfResources, errorComment: "disk full")
        run.feed(Wire.store(header))
        let response = try CommandSet(decoding: Array(try #require(run.sent.last).dropFirst(12)).span.bytes)
        #expect(response.status == 0xA700)
        #expect(response.errorComment == Array("disk full ".utf8))
        #expect(response.messageIDBeingRespondedTo == 7)
    }

    @Test func theResponseComesOnTheContextOfTheRequest() {
        var run = associated()
        run.feed(Wire.echo(context: 3) + Wire.store(header, context: 1))
        #expect(run.sent.suffix(2).map { $0[10] } == [3, 1])
        #expect(run.sent.suffix(2).allSatisfy { $0[11] == 3 })
    }

    @Test func pixelDataIsNotAskedFor() {
        var run = associated()
        let whole = image(1 << 20)
        run.feed(Wire.data(Wire.pdv(1, 3, Wire.storeCommand())))
        // As a driver would: a first read, the rest discarded.
        run.feed(Wire.data(Wire.pdv(1, 2, whole)), chunk: 16384)
        #expect(run.headers == [header])
        #expect(run.discarded > (1 << 20) - 16384)
        #expect(run.log.suffix(2) == ["stored 1.2.3.4.5 (\(whole.count))", "answered 8001 with 0"])
    }

    @Test func beforeAPDUToBeDiscardedOnlyItsHeadersAreRead() {
        var run = associated()
        run.feed(Wire.data(Wire.pdv(1, 3, Wire.storeCommand())) + Wire.data(Wire.pdv(1, 0, image(40000))))
        var offset = 0
        var acceptor = run.acceptor
        guard case .receive(12, .fragment) = acceptor.next(in: [UInt8]().span.bytes, from: &offset) else {
            Issue.record("another demand")
            return
        }
    }

    @Test func aRejectionIsSentAndTheCloseAwaited() {
        var run = AcceptorRun()
        run.admission = .reject(.localLimitExceeded)
        run.feed(Wire.associateRequest())
        #expect(run.log == ["rejected 2 3 2"])
        #expect(run.ending == .rejected(.localLimitExceeded))
        #expect(run.wait() == .close)
        run.passDeadline(.close)
        #expect(run.isClosed)
    }

    @Test func anotherProtocolVersionIsRejected() {
        var request = Wire.associateRequest()
        request[7] = 2
        var run = AcceptorRun()
        run.feed(request)
        #expect(run.log == ["rejected 1 2 2"])
    }

    @Test func anotherApplicationContextIsRejected() {
        var request = Wire.associateRequest()
        request[80] = UInt8(ascii: "9")
        var run = AcceptorRun()
        run.feed(request)
        #expect(run.log == ["rejected 1 1 2"])
    }

    /// Case 1: other protocols on the port.
    @Test(arguments: [
        (Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8), Stranger.http), (Array("POST /x HTTP/1.1\r\n".utf8), .http),
        (hex("16 03 01 02 00 01 00 01 FC 03 03"), .tls), (hex("0B 'MSH|^~' 5C '&|'"), .hl7),
        (Array("SSH-2.0-x\r\n".utf8), .ssh),
    ])
    func whoSpeaksSomethingElseIsToldApart(bytes: [UInt8], stranger: Stranger) {
        var run = AcceptorRun()
        run.feed(bytes)
        #expect(run.ending == .fault(.notDICOM(stranger)))
        #expect(run.log == ["aborted 2 1"])
        run.passDeadline(.close)
        #expect(run.isClosed)
    }

    /// Case 1 and 3: nothing, or not all of the request.
    @Test(arguments: [[], Array(Wire.associateRequest().prefix(100))])
    func aRequestThatDoesNotComeInTimeIsGivenUp(bytes: [UInt8]) {
        var run = AcceptorRun()
        run.feed(bytes)
        #expect(run.wait() == .associationRequest)
        run.passDeadline(.associationRequest)
        #expect(run.log == ["closed"])
        #expect(run.ending == .timedOut(.associationRequest))
    }

    /// Case 3: a request that announces 4 GiB.
    @Test func aRequestBeyondTheLimitIsNotRead() {
        var run = AcceptorRun()
        run.feed(Wire.pdu(1, [0, 1], length: .max))
        #expect(run.log == ["aborted 2 6"])
        #expect(
            run.ending
                == .fault(.tooLong(.associateRequest, length: Int(UInt32.max), limit: PDULimits.associate)))
    }

    /// Case 8: P-DATA-TF longer than announced.
    @Test func aLongerPDUThanAnnouncedIsTakenAndCounted() {
        var run = associated(AcceptorRun(maximumPDULength: 4096))
        run.feed(Wire.store(image(100_000)))
        #expect(run.log.last == "answered 8001 with 0")
        #expect(run.acceptor.oversizedPDUs == 1)
        run.feed(Wire.pdu(4, [], length: .max))
        #expect(run.log.last == "aborted 2 6")
    }

    @Test func aStoppedAssociationIsAborted() {
        var run = associated()
        run.stop()
        #expect(run.log.last == "aborted 0 0")
        #expect(run.ending == .stopped)
    }

    /// Case 14: the peer does not read; nothing more is written to it.
    @Test func whoDoesNotReadIsClosedWithoutAWord() {
        var run = associated()
        run.passDeadline(.write)
        #expect(run.log == ["sent A-ASSOCIATE-AC", "closed"])
        #expect(run.ending == .timedOut(.write))
    }

    /// Case 13: nothing more comes, between messages or within one.
    @Test func whoFallsSilentIsAborted() {
        var run = associated()
        #expect(run.wait() == .message)
        run.feed(Array(Wire.store(header).prefix(50)))
        #expect(run.wait() == .fragment)
        run.passDeadline(.fragment)
        #expect(run.log.last == "aborted 0 0")
        #expect(run.ending == .timedOut(.fragment))
    }
}
