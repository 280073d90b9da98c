import Associations
import DICOM
import DICOMNetwork
import TestSupport
import Testing
import Threads

/// Case 7 as a requestor: the peer's maximum length, none, odd, tiny or huge.
struct AssociationFragmentTests {
    private let accept: [UInt8] = [0, 1, 0, 0] + [UInt8](repeating: 0x20, count: 64)

    private func user(_ maximumLength: UInt32?) -> [UInt8] {
        Wire.item(0x50, maximumLength.map { Wire.item(0x51, Wire.big32($0)) } ?? [])
    }

    @Test(arguments: [nil, 0, 16, 4097, 16382, 65535, 131_072, .max] as [UInt32?])
    func noPDUIsLongerThanThePeerWants(maximumLength: UInt32?) throws {
        let dataSet = (0..<300_001).map { UInt8(truncatingIfNeeded: $0) }
        let listener = ScriptedPeer.Listener()
        let syntax = Wire.item(0x40, Array(Wire.explicitVR.utf8))
        let answer = Wire.pdu(2, accept + Wire.item(0x21, [1, 0, 0, 0] + syntax) + user(maximumLength))
        let response =
            Wire.element(0x0100, 0x8001) + Wire.element(0x0120, 1) + Wire.element(0x0800, 0x0101)
            + Wire.element(0x0900, 0x0000)
        let received = Monitor<[[UInt8]]>([])
        let thread = try OSThread(name: "peer") {
            let peer = listener.accept()
            _ = peer.receivePDU()
            peer.send(answer)
            var pdu: [UInt8] = []
            // The command.
            repeat { pdu = peer.receivePDU() } while pdu.count > 11 && pdu[11] & 2 == 0
            repeat {
                pdu = peer.receivePDU()
                received.withLock { $0.append(pdu) }
            } while pdu.count > 11 && pdu[11] & 2 == 0
            // The response in fragments of one byte.
            for (index, byte) in response.enumerated() {
                peer.send(Wire.data(Wire.pdv(1, index == response.count - 1 ? 3 : 1, [byte])))
            }
            _ = peer.receivePDU()
        }
        let configuration = Association.Configuration(
            host: "127.0.0.1", port: listener.port, called: AETitle("PEER"), calling: AETitle("KOSGATE"))
        let ct = SOPClassUID(Wire.ctImageStorage)
        var association = try Association(configuration, proposing: [.init(ct, [.explicitVRLittleEndian])])
        let status = try association.store(
            sopClassUID: ct, sopInstanceUID: InstanceUID("1.2"), transferSyntax: .explicitVRLittleEndian,
            dataSet: .bytes(dataSet))
        association.abort()
        thread.join()
        #expect(status == .success)
        let pdus = received.withLock { $0 }
        #expect(pdus.flatMap { $0.dropFirst(12) } == dataSet)
        let limit = maximumLength.flatMap { $0 == 0 ? nil : Int($0) } ?? 128 * 1024
        #expect(pdus.allSatisfy { $0.count - 6 <= min(limit, 128 * 1024) })
        #expect(pdus.dropLast().allSatisfy { $0.count.isMultiple(of: 2) })
    }
}
