import Associations
import DICOM
import DICOMNetwork
import Foundation
import TestSupport
import Testing
import Threads

struct DataSetSendingTests {
    private static let syntax = TransferSyntax.explicitVRLittleEndian
    private let proposals = [Association.Proposal(SOPClassUID(Wire.ctImageStorage), [Self.syntax])]

    /// Gives bytes in pieces, and says how many there are or not.
    private final class Pieces: DataSetBytes {
        private var bytes: ArraySlice<UInt8>
        private(set) var left: Int?

        init(_ bytes: [UInt8], left: Int?) { (self.bytes, self.left) = (bytes[...], left) }

        func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataSetFault) -> Int {
            let part = bytes.prefix(min(buffer.count, 1000))
            buffer.copyBytes(from: part)
            bytes = bytes.dropFirst(part.count)
            left = left.map { $0 - part.count }
            return part.count
        }
    }

    /// A file that goes when it is not needed any more; `count` bytes without content behind those given.
    private final class File {
        let path = FileManager.default.temporaryDirectory.appending(path: "kosgate-\(UUID().uuidString)").path

        init(_ bytes: [UInt8] = [], count: Int = 0) throws {
            try Data(bytes).write(to: URL(filePath: path))
            let handle = try FileHandle(forWritingTo: URL(filePath: path))
            try handle.truncate(atOffset: UInt64(bytes.count + count))
            try handle.close()
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private func store(
        _ association: inout Association, _ source: Association.DataSetSource, priority: Priority = .medium,
        progress: (Int) -> Bool = { _ in true }
    ) throws(AssociationError) -> StoreStatus {
        try association.store(
            sopClassUID: SOPClassUID(Wire.ctImageStorage), sopInstanceUID: InstanceUID("1.1"),
            transferSyntax: Self.syntax, priority: priority, dataSet: source, progress: progress)
    }

    /// Sends 64 MiB to a peer that has taken the request.
    private func outcome(
        _ script: @escaping @Sendable (QueryPeer) -> Void,
        then: () -> Void = {}
    ) throws -> (answer: StoreStatus?, error: AssociationError?, isOpen: Bool) {
        let file = try File(count: 64 << 20)
        let peer = try ScriptedAssociation { script($0) }
        defer { peer.finish() }
        var association = try peer.open(proposals)
        defer { then() }
        do throws(AssociationError) {
            let answer = try store(&association, .file(path: file.path, offset: 0))
            return (answer, nil, association.isOpen)
        } catch {
            return (nil, error, association.isOpen)
        }
    }

    @Test(arguments: [0, 1, 16_378, 16_379, 32_756, 100_001])
    func everySourceArrivesWhole(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let file = try File([1, 2, 3] + bytes + [4])
        let peer = try ScriptedAssociation { peer in
            for _ in 0..<6 {
                let received = peer.receive()
                #expect(received?.dataSet == bytes)
                peer.answer(received, .success)
            }
            peer.release()
        }
        var association = try peer.open(proposals)
        for source in [
            Association.DataSetSource.bytes(bytes), .file(path: file.path, offset: 3, length: count),
            .reader(try DataSetFile(path: file.path, offset: 3, length: count)),
            .reader(Pieces(bytes, left: bytes.count)), .reader(Pieces(bytes, left: nil)),
        ] {
            var told = 0
            let answer = try store(&association, source) {
                told += $0
                return true
            }
            #expect(answer == .success)
            #expect(told == count)
        }
        let end = try File(bytes)
        #expect(try store(&association, .file(path: end.path, offset: 0)) == .success)
        try association.release()
        peer.finish()
    }

    @Test func thePriorityIsTold() throws {
        let peer = try ScriptedAssociation { peer in
            for priority in [Priority.high, .low, .medium] {
                let received = peer.receive()
                #expect(received?.command.priority == priority.rawValue)
                peer.answer(received, .success)
            }
        }
        var association = try peer.open(proposals)
        for priority in [Priority.high, .low, .medium] {
            _ = try store(&association, .bytes([1, 2]), priority: priority)
        }
        association.abort()
        peer.finish()
    }

    @Test func whatIsTooShortIsTheSourcesFault() throws {
        let file = try File([1, 2, 3, 4])
        let peer = try ScriptedAssociation { peer in
            peer.answer(peer.receive(), .success)
            #expect(peer.receive() == nil)
        }
        var association = try peer.open(proposals)
        #expect(throws: AssociationError.source(.tooShort)) {
            try store(&association, .file(path: file.path, offset: 2, length: 3))
        }
        #expect(throws: AssociationError.source(.system(code: 2))) {
            try store(&association, .file(path: file.path + "-", offset: 0))
        }
        // Nothing was sent: the association is none the worse.
        #expect(try store(&association, .file(path: file.path, offset: 2, length: 2)) == .success)
        #expect(throws: AssociationError.source(.tooShort)) {
            try store(&association, .reader(Pieces([1, 2, 3], left: 4)))
        }
        association.abort()
        peer.finish()
    }

    @Test func aFileThatShrinksIsTheSourcesFault() throws {
        let file = try File(count: 64 << 20)
        let peer = try ScriptedAssociation { $0.waitForEnd() }
        var association = try peer.open(proposals)
        #expect(throws: AssociationError.source(.tooShort)) {
            try store(&association, .file(path: file.path, offset: 0)) { _ in
                truncate(file.path, 1 << 20) == 0
            }
        }
        association.abort()
        peer.finish()
    }

    @Test func anInstanceCanBeGivenUp() throws {
        var sent = 0
        let file = try File(count: 1 << 20)
        let peer = try ScriptedAssociation { $0.waitForEnd() }
        var association = try peer.open(proposals)
        #expect(throws: AssociationError.abandoned) {
            try store(&association, .file(path: file.path, offset: 0)) {
                sent += $0
                return sent < 500_000
            }
        }
        association.abort()
        peer.finish()
        #expect(sent < 600_000)
    }

    @Test func aFailureThatIsAnsweredEarlyEndsTheSending() throws {
        let reading = try outcome { peer in
            peer.answer(peer.receiveCommand(), .outOfResources) { $0.errorComment = Array("disk full".utf8) }
            peer.waitForEnd()
        }
        #expect(reading.answer == StoreStatus(.outOfResources, errorComment: "disk full"))
        #expect(!reading.isOpen)
        // Neither does it read on.
        let hasEnded = Monitor(false)
        let stalled = try outcome {
            $0.answer($0.receiveCommand(), .outOfResources)
            _ = hasEnded.wait(until: .now + .seconds(10)) { $0 ? true : nil }
        } then: {
            hasEnded.update { $0 = true }
        }
        #expect(stalled.answer == StoreStatus(.outOfResources))
        #expect(!stalled.isOpen)
    }

    @Test func anAbortInMidDataSetTellsItsReason() throws {
        let abort = Abort(source: 2, reason: 1)
        let reading = try outcome { peer in
            _ = peer.receiveCommand()
            peer.send(Wire.abort(source: 2, reason: 1))
            peer.waitForEnd()
        }
        #expect(reading.error == .aborted(abort))
        // It closes at once, with our bytes unread: the connection is reset.
        let closing = try outcome { peer in
            _ = peer.receiveCommand()
            peer.send(Wire.abort(source: 2, reason: 1))
        }
        #expect(closing.error == .aborted(abort))
        let silent = try outcome { peer in _ = peer.receiveCommand() }
        #expect(silent.answer == nil && silent.error != nil)
    }

    @Test func aSuccessBeforeAllWasSentIsNotBelieved() throws {
        let result = try outcome { peer in
            peer.answer(peer.receiveCommand(), .success)
            _ = peer.receiveCommand()
        }
        #expect(result.answer == nil && result.error != nil)
    }

    @Test func aReencodedDataSetArrives() throws {
        let header = DataSetBuilder.ct(.implicitVRLittleEndian)
        let file = try File(header)
        let peer = try ScriptedAssociation { peer in
            let received = peer.receive()
            #expect(received?.dataSet == DataSetBuilder.ct())
            peer.answer(received, .success)
            #expect(peer.receive() == nil)
        }
        var association = try peer.open(proposals)
        func source(_ count: Int) throws -> Association.DataSetSource {
            .reader(
                ReencodedDataSet(
                    try DataSetFile(path: file.path, offset: 0, length: count), from: .implicitVRLittleEndian,
                    to: Self.syntax))
        }
        #expect(try store(&association, try source(header.count)) == .success)
        // Cut in the middle of its last value: nothing is sent that looks whole.
        let cut = try source(header.count - 2)
        do throws(AssociationError) {
            _ = try store(&association, cut)
            Issue.record("sent")
        } catch {
            guard case .source(.unreadable(let reason)) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(reason.kind == .unexpectedEnd)
        }
        association.abort()
        peer.finish()
    }
}
