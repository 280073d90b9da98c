import Associations
import DICOM
import DICOMNetwork
import TestSupport
import Testing
import Threads

/// What a peer answers to C-STORE requests, and what it is sent.
struct StoreResponseTests {
    private static let syntax = TransferSyntax.explicitVRLittleEndian
    private static let proposals = [Association.Proposal(.ctImage, [syntax]), .verification]

    private func store(
        _ scripted: ScriptedAssociation, _ bytes: [UInt8] = [1, 2, 3, 4], fragmentLimit: Int = .max
    ) throws -> Result<StoreStatus, AssociationError> {
        var association = try scripted.open(Self.proposals)
        let outcome: Result<StoreStatus, AssociationError>
        do throws(AssociationError) {
            outcome = .success(
                try association.store(
                    sopClassUID: .ctImage, sopInstanceUID: InstanceUID("1.2.3"), transferSyntax: Self.syntax,
                    dataSet: .bytes(bytes), fragmentLimit: fragmentLimit))
        } catch {
            outcome = .failure(error)
        }
        association.abort()
        scripted.finish()
        return outcome
    }

    @Test(arguments: ["", "1.2.3", "1.2.3\0", "1.2.3 "])
    func aResponseNeedNotNameTheInstance(instance: String) throws {
        let scripted = try ScriptedAssociation { peer in
            peer.answer(peer.receive(), .success) { $0.affectedSOPInstanceUID = Array(instance.utf8) }
            peer.waitForEnd()
        }
        #expect(try store(scripted) == .success(.success))
    }

    @Test func aResponseForAnotherInstanceIsNotBelieved() throws {
        let scripted = try ScriptedAssociation { peer in
            peer.answer(peer.receive(), .success) { $0.affectedSOPInstanceUID = Array("1.2.4".utf8) }
            peer.waitForEnd()
        }
        #expect(try store(scripted) == .failure(.fault(.responseToOtherInstance(InstanceUID("1.2.4")))))
    }

    @Test func aResponseOnAnotherContextIsNotBelieved() throws {
        let scripted = try ScriptedAssociation { peer in
            guard let request = peer.receive() else { return }
            var response = request.command.response(.success)
            response.affectedSOPInstanceUID = request.command.affectedSOPInstanceUID
            peer.send(response.pdu(context: 3))
            peer.waitForEnd()
        }
        #expect(try store(scripted) == .failure(.fault(.responseOnOtherContext(3, of: 1))))
    }

    @Test func aResponseWithoutStatusIsToldFromAFailureOfThePeer() throws {
        let scripted = try ScriptedAssociation { peer in
            peer.answer(peer.receive(), .success) { $0.status = nil }
            peer.waitForEnd()
        }
        let answer = try store(scripted).get()
        #expect(answer.isSilent && !answer.status.isStored)
    }

    /// What arrives: the lengths of the PDUs and, in order, the fragments of the command and of the data set.
    private func received(
        maximumLength: UInt32, fragmentLimit: Int = .max, _ bytes: [UInt8]
    ) throws -> (lengths: [Int], command: [UInt8], dataSet: [UInt8]) {
        let pdus = Monitor<[[UInt8]]>([])
        let scripted = try ScriptedAssociation(maximumLength: maximumLength) { peer in
            while true {
                let pdu = peer.receivePDU()
                guard pdu.first == 4, pdu.count >= 12 else { return }
                pdus.withLock { $0.append(pdu) }
                if pdu[11] == 2 { break }
            }
            var response = CommandSet(field: .storeResponse)
            (response.messageIDBeingRespondedTo, response.status) = (1, 0)
            peer.send(response.pdu(context: 1))
            peer.waitForEnd()
        }
        #expect(try store(scripted, bytes, fragmentLimit: fragmentLimit).get().status == .success)
        let all = pdus.withLock { $0 }
        return (
            all.map { $0.count - 6 }, all.filter { $0[11] & 1 == 1 }.flatMap { $0[12...] },
            all.filter { $0[11] & 1 == 0 }.flatMap { $0[12...] }
        )
    }

    @Test(arguments: [16, 63, 128, 4096] as [UInt32])
    func noPDUIsLongerThanThePeerTakes(maximumLength: UInt32) throws {
        let bytes = (0..<300).map { UInt8($0 & 0xFF) }
        let (lengths, command, dataSet) = try received(maximumLength: maximumLength, bytes)
        #expect(lengths.allSatisfy { $0 <= Int(maximumLength) })
        #expect(dataSet == bytes)
        let instance = try CommandSet(decoding: command.span.bytes).affectedSOPInstanceUID
        #expect(InstanceUID(padded: instance) == InstanceUID("1.2.3"))
    }

    @Test func fragmentsAreNoLongerThanIsWanted() throws {
        let bytes = [UInt8](repeating: 7, count: 5000)
        let (lengths, _, dataSet) = try received(maximumLength: 16384, fragmentLimit: 1024, bytes)
        #expect(lengths.allSatisfy { $0 <= 1030 } && dataSet == bytes)
    }
}
