import Associations
import DICOM
import DICOMNetwork
import Foundation
import TestSupport
import Testing
import Threads

struct AssociationTests {
    private let ct = SOPClassUID(Wire.ctImageStorage)
    private let header = DataSetBuilder.ct()

    private func image(_ pixelBytes: Int) -> [UInt8] {
        var set = DataSetBuilder()
        set.raw(header)
        set.element(Tag(0x7FE0, 0x0010), .OW, bytes: [UInt8](repeating: 7, count: pixelBytes))
        return set.bytes
    }

    private func requestor(_ port: UInt16) -> Association.Configuration {
        Association.Configuration(host: "127.0.0.1", port: port, called: AETitle("PEER"), calling: AETitle("KOSGATE"))
    }

    /// Opens an association with a peer that says one thing.
    private func failure(answer: [UInt8], _ change: (inout Association.Configuration) -> Void = { _ in }) throws
        -> AssociationError?
    {
        let listener = ScriptedPeer.Listener()
        let thread = try OSThread(name: "peer") {
            let peer = listener.accept()
            _ = peer.receivePDU()
            peer.send(answer)
            _ = peer.receivePDU()
        }
        defer { thread.join() }
        var configuration = requestor(listener.port)
        change(&configuration)
        do {
            let association = try Association(configuration, proposing: [.verification])
            association.abort()
            return nil
        } catch {
            return error
        }
    }

    @Test func anEchoIsAnswered() throws {
        let running = try RunningListener()
        var association = try Association(running.requestor(), proposing: [.verification])
        #expect(try association.echo() == .success)
        #expect(try association.echo() == .success)
        try association.release()
        #expect(running.handler.endings() == [.released])
    }

    @Test(arguments: [0, 1, 100, 16372, 200_000])
    func instancesArriveAsTheyWereSent(pixelBytes: Int) throws {
        let running = try RunningListener()
        let bytes = image(pixelBytes & ~1)
        let file = FileManager.default.temporaryDirectory.appending(path: "kosgate-\(UUID().uuidString)")
        try Data(hex("'skip this'") + bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        var association = try Association(running.requestor(), proposing: [.init(ct, [.explicitVRLittleEndian])])
        for (instance, source) in [
            ("1.1", Association.DataSetSource.bytes(bytes)), ("1.2", .file(path: file.path, offset: 9)),
        ] {
            let answer = try association.store(
                sopClassUID: ct, sopInstanceUID: InstanceUID(instance), transferSyntax: .explicitVRLittleEndian,
                dataSet: source)
            #expect(answer == .success)
        }
        try association.release()
        #expect(running.handler.endings() == [.released])
        #expect(running.handler.record.withLock { $0.headers } == [header, header])
        #expect(running.handler.record.withLock { $0.instances.map(\.text) } == ["1.1", "1.2"])
    }

    @Test func anEmptyDataSetHasItsLastFragment() throws {
        let running = try RunningListener()
        var association = try Association(running.requestor(), proposing: [.init(ct, [.explicitVRLittleEndian])])
        let answer = try association.store(
            sopClassUID: ct, sopInstanceUID: InstanceUID("1.1"), transferSyntax: .explicitVRLittleEndian,
            dataSet: .bytes([]))
        #expect(answer.status == .success)
        association.abort()
        #expect(running.handler.endings() == [.abortedByPeer(.user)])
    }

    @Test func theStatusAndItsCommentComeBack() throws {
        let handler = RecordingHandler(status: { _ in StoreStatus(.cannotUnderstand, errorComment: "no header") })
        let running = try RunningListener(handler)
        var association = try Association(running.requestor(), proposing: [.init(ct, [.explicitVRLittleEndian])])
        let answer = try association.store(
            sopClassUID: ct, sopInstanceUID: InstanceUID("1.1"), transferSyntax: .explicitVRLittleEndian,
            dataSet: .bytes(header))
        #expect(answer == StoreStatus(.cannotUnderstand, errorComment: "no header"))
        association.abort()
    }

    @Test func whatWasNotAcceptedCannotBeSent() throws {
        let running = try RunningListener()
        let commitment = SOPClassUID("1.2.840.10008.1.20.1")
        var association = try Association(
            running.requestor(),
            proposing: [.init(ct, [.explicitVRLittleEndian]), .init(commitment, [.implicitVRLittleEndian])])
        #expect(association.contexts.map(\.result) == [.acceptance, .abstractSyntaxNotSupported])
        for (sopClass, syntax, result) in [
            (ct, TransferSyntax.implicitVRLittleEndian, ContextResult?.none),
            (commitment, .implicitVRLittleEndian, .abstractSyntaxNotSupported),
        ] {
            do {
                _ = try association.store(
                    sopClassUID: sopClass, sopInstanceUID: InstanceUID("1.1"), transferSyntax: syntax,
                    dataSet: .bytes([]))
                Issue.record("sent")
            } catch {
                #expect(error == .noContext(sopClass, syntax, result))
            }
        }
        // The association is none the worse.
        let answer = try association.store(
            sopClassUID: ct, sopInstanceUID: InstanceUID("1.1"), transferSyntax: .explicitVRLittleEndian,
            dataSet: .bytes(header))
        #expect(answer == .success)
        association.abort()
    }

    @Test func whatOpensNoAssociationIsAFact() throws {
        #expect(try failure(answer: [3, 0, 0, 0, 0, 4, 0, 1, 1, 7]) == .rejected(.calledAETitleNotRecognized))
        #expect(try failure(answer: Wire.abort(source: 2, reason: 1)) == .aborted(.unrecognizedPDU))
        #expect(try failure(answer: Array("HTTP/1.1 400".utf8)) == .fault(.unrecognizedPDU(type: 0x48)))
        #expect(
            try failure(answer: Wire.releaseRequest)
                == .fault(.unexpectedPDU(.releaseRequest, state: .awaitingAcceptance)))
        #expect(
            try failure(answer: []) { $0.deadlines.associationResponse = .milliseconds(50) }
                == .timedOut(.associationResponse))
        #expect(
            try failure(answer: Wire.pdu(2, [], length: .max))
                == .fault(.tooLong(.associateAccept, length: Int(UInt32.max), limit: PDULimits.associate)))
    }

    @Test func nobodyListeningIsAFact() throws {
        let port = ScriptedPeer.Listener().port
        do {
            let association = try Association(requestor(port), proposing: [.verification])
            association.abort()
            Issue.record("connected")
        } catch {
            #expect("\(error)".contains("refused"))
            #expect(error.remedy?.isEmpty == false)
        }
    }

    /// Case 10: a context that is refused without transfer syntax, and one that is not answered at all.
    @Test func aRefusalWithoutTransferSyntaxIsUnderstood() throws {
        let listener = ScriptedPeer.Listener()
        let accept = Wire.pdu(
            2,
            [0, 1, 0, 0] + [UInt8](repeating: 0x20, count: 64)
                + Wire.item(0x21, [1, 0, 3, 0] + Wire.item(0x40, []))
                + Wire.item(0x50, Wire.item(0x51, [0, 0, 0, 0])))
        let thread = try OSThread(name: "peer") {
            let peer = listener.accept()
            _ = peer.receivePDU()
            peer.send(accept)
            _ = peer.receivePDU()
        }
        let association = try Association(
            requestor(listener.port), proposing: [.verification, .init(ct, [.explicitVRLittleEndian])])
        #expect(association.contexts.map(\.result) == [.abstractSyntaxNotSupported, .noReason])
        #expect(association.peer.maximumLength == 0)
        association.abort()
        thread.join()
    }

    @Test func aReleaseCollisionIsSettled() throws {
        let listener = ScriptedPeer.Listener()
        let accept = Wire.pdu(2, [0, 1, 0, 0] + [UInt8](repeating: 0x20, count: 64))
        let thread = try OSThread(name: "peer") {
            let peer = listener.accept()
            _ = peer.receivePDU()
            peer.send(accept)
            #expect(peer.receivePDU() == Wire.releaseRequest)
            peer.send(Wire.releaseRequest)
            #expect(peer.receivePDU() == Wire.releaseResponse)
            peer.send(Wire.releaseResponse)
        }
        let association = try Association(requestor(listener.port), proposing: [.verification])
        try association.release()
        thread.join()
    }
}
