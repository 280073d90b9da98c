import DICOM
import TestSupport
import Testing

@testable import DICOMNetwork

/// Cases 12, 13, 15 and 24: how associations end.
struct AcceptorReleaseTests {
    private func associated() -> AcceptorRun {
        var run = AcceptorRun()
        run.feed(Wire.associateRequest())
        return run
    }

    @Test(arguments: [
        (Wire.abort(source: 0, reason: 0), Abort.user), (Wire.abort(source: 1, reason: 0), Abort(source: 1, reason: 0)),
        (Wire.abort(source: 2, reason: 6), .invalidParameter), (Wire.pdu(7, []), .reasonNotSpecified),
        (Wire.abort(source: 0, reason: 0) + Wire.abort(source: 0, reason: 0), .user),
    ])
    func anAbortEndsTheAssociationAtOnce(bytes: [UInt8], abort: Abort) {
        var run = associated()
        run.feed(bytes)
        #expect(run.log == ["sent A-ASSOCIATE-AC", "closed"])
        #expect(run.ending == .abortedByPeer(abort))
    }

    @Test func anAbortMayComeBeforeTheRequest() {
        var run = AcceptorRun()
        run.feed(Wire.abort(source: 2, reason: 0))
        #expect(run.log == ["closed"])
    }

    @Test(arguments: [
        Wire.echo(), Wire.releaseRequest, Wire.releaseResponse, Wire.pdu(2, []), Wire.pdu(3, [0, 1, 1, 1]),
    ])
    func anythingElseBeforeTheRequestIsAborted(bytes: [UInt8]) {
        var run = AcceptorRun()
        run.feed(bytes)
        #expect(run.log == ["aborted 2 2"])
        run.closeTransport()
        #expect(run.isClosed)
    }

    @Test(arguments: [Wire.abort(source: 0, reason: 0), Wire.releaseRequest, Wire.associateRequest()])
    func aPDUInsideACommandEndsTheAssociation(pdu: [UInt8]) {
        var run = AcceptorRun()
        run.feed(Wire.associateRequest() + Wire.data(Wire.pdv(1, 1, Array(Wire.echoCommand().prefix(30)))) + pdu)
        #expect(run.ending != nil)
        #expect(!run.acceptor.isEstablished)
    }

    @Test func aSecondRequestIsAborted() {
        var run = associated()
        run.feed(Wire.associateRequest() + Wire.echo())
        #expect(run.log == ["sent A-ASSOCIATE-AC", "aborted 2 2"])
        #expect(run.ending == .fault(.unexpectedPDU(.associateRequest, state: .established)))
    }

    @Test func aRequestAfterReleaseIsAborted() {
        var run = associated()
        run.feed(Wire.releaseRequest + Wire.associateRequest())
        #expect(run.log == ["sent A-ASSOCIATE-AC", "sent A-RELEASE-RP", "aborted 2 2"])
        #expect(run.ending == .released)
    }

    @Test func dataAfterReleaseIsIgnored() {
        var run = associated()
        run.feed(Wire.releaseRequest + Wire.echo() + Wire.releaseRequest + Wire.releaseResponse)
        #expect(run.log == ["sent A-ASSOCIATE-AC", "sent A-RELEASE-RP"])
        run.feed(Wire.abort(source: 0, reason: 0))
        #expect(run.isClosed)
        #expect(run.ending == .released)
    }

    /// An acceptor never asks for a release, so that a response to one is out of place, and no collision can come about.
    @Test func aReleaseResponseIsAborted() {
        var run = associated()
        run.feed(Wire.releaseResponse)
        #expect(run.log.last == "aborted 2 2")
    }

    @Test func theEndOfTheTransportIsTheEnd() {
        var run = associated()
        run.feed(Wire.echo())
        run.closeTransport()
        #expect(run.log.last == "closed")
        #expect(run.ending == .lost)
    }

    @Test(arguments: [
        Wire.abort(source: 0, reason: 0), Wire.releaseRequest, Wire.pdu(0x2A, []),
    ])
    func aPartialInstanceIsNeverStored(end: [UInt8]) {
        var run = associated()
        run.feed(Wire.store(DataSetBuilder.ct()))
        let half = Wire.data(Wire.pdv(1, 3, Wire.storeCommand())) + Wire.data(Wire.pdv(1, 0, DataSetBuilder.ct()))
        run.feed(half + end)
        run.closeTransport()
        #expect(run.headers.count == 1)
        #expect(run.acceptor.instance == nil || run.ending != nil)
        #expect(run.log.filter { $0.hasPrefix("stored") }.count == 1)
    }

    @Test func anUnknownPDUIsAborted() {
        var run = associated()
        run.feed(Wire.pdu(0x2A, [1, 2, 3]) + Wire.echo())
        #expect(run.log == ["sent A-ASSOCIATE-AC", "aborted 2 1"])
        #expect(run.ending == .fault(.unrecognizedPDU(type: 0x2A)))
    }
}
