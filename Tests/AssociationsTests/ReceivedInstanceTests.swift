import Associations
import DICOM
import DICOMNetwork
import TestSupport
import Testing
import Threads

struct ReceivedInstanceTests {
    /// Who asked for a C-MOVE can tell by it which of its moves brought an instance (PS3.7 §9.3.1.1).
    @Test func theOriginatorOfAMoveIsKept() throws {
        let seen = Monitor<[String]>([])
        let handler = RecordingHandler(status: { instance in
            let originator = instance.moveOriginator.map { "\($0) \(instance.moveOriginatorMessageID ?? 0)" }
            seen.withLock { $0.append(originator ?? "nobody") }
            return .success
        })
        let running = try RunningListener(handler)
        let peer = running.associate()
        let originator = Wire.element(0x1030, Array("KOSGATE ".utf8)) + Wire.element(0x1031, 12)
        peer.send(Wire.data(Wire.pdv(1, 3, Wire.storeCommand() + originator)))
        peer.send(Wire.data(Wire.pdv(1, 2, DataSetBuilder.ct())))
        _ = peer.receivePDU()
        peer.send(Wire.store(DataSetBuilder.ct()))
        _ = peer.receivePDU()
        #expect(seen.withLock { $0 } == ["KOSGATE 12", "nobody"])
    }

    @Test func aKeyObjectSelectionIsKeptWholeByItself() throws {
        var document = DataSetBuilder()
        document.raw(DataSetBuilder.ct())
        document.element(DICOM.Tag(0x0043, 0x1001), .OB, bytes: [UInt8](repeating: 1, count: 200_000))
        let bytes = document.bytes
        let limits = Monitor<[Int]>([])
        let handler = RecordingHandler(status: { instance in
            limits.withLock { $0.append(instance.capture.bulkLimit) }
            return .success
        })
        let running = try RunningListener(handler)
        let kos = SOPClassUID.keyObjectSelectionDocument
        var association = try Association(
            running.requestor(),
            proposing: [.init(kos, [.explicitVRLittleEndian]), .init(.ctImage, [.explicitVRLittleEndian])])
        for sopClass in [kos, .ctImage] {
            _ = try association.store(
                sopClassUID: sopClass, sopInstanceUID: InstanceUID("1.2.3.4.5"),
                transferSyntax: .explicitVRLittleEndian, dataSet: .bytes(bytes))
        }
        try association.release()
        let headers = handler.record.withLock { $0.headers }
        #expect(headers.first == bytes)
        #expect(headers.last?.count ?? 0 < 10_000)
        #expect(limits.withLock { $0 } == [.max, HeaderCapture.defaultBulkLimit])
    }
}
