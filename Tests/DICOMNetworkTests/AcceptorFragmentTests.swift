import DICOM
import TestSupport
import Testing

@testable import DICOMNetwork

/// Cases 18, 19, 21 and 23: messages in every fragmentation, and out of order.
struct AcceptorFragmentTests {
    private let command = Wire.storeCommand()
    private let dataSet: [UInt8] = {
        var set = DataSetBuilder()
        set.raw(DataSetBuilder.ct())
        set.element(Tag(0x7FE0, 0x0010), .OW, bytes: [UInt8](repeating: 0xFE, count: 600))
        set.element(Tag(0xFFFC, 0xFFFC), .OB, bytes: [0, 0])
        return set.bytes
    }()

    private func run(_ bytes: [UInt8], chunk: Int = .max) -> AcceptorRun {
        var run = AcceptorRun()
        run.feed(Wire.associateRequest() + bytes, chunk: chunk)
        return run
    }

    private func fragments(_ bytes: [UInt8], _ count: Int, control: UInt8) -> [[UInt8]] {
        let starts = Array(stride(from: 0, to: bytes.count, by: count))
        return starts.map { start in
            let end = min(start + count, bytes.count)
            return Wire.pdv(1, end == bytes.count ? control | 2 : control, Array(bytes[start..<end]))
        }
    }

    private var stored: [String] { ["stored 1.2.3.4.5 (\(dataSet.count))", "answered 8001 with 0"] }

    @Test(arguments: [1, 2, 3, 7, 64, 1000])
    func fragmentsOfAnyLength(count: Int) {
        let values = fragments(command, count, control: 1) + fragments(dataSet, count, control: 0)
        let separate = run(values.flatMap { Wire.pdu(4, $0) })
        #expect(separate.log.suffix(2) == stored[...])
        #expect(separate.headers == [DataSetBuilder.ct()])
        let together = run(Wire.pdu(4, values.flatMap { $0 }))
        #expect(together.log == separate.log)
        #expect(together.headers == separate.headers)
    }

    @Test func emptyFragmentsEverywhere() {
        let bytes = Wire.data(
            Wire.pdv(1, 1, []), Wire.pdv(1, 1, command), Wire.pdv(1, 3, []), Wire.pdv(1, 0, []),
            Wire.pdv(1, 0, dataSet), Wire.pdv(1, 0, []), Wire.pdv(1, 2, []))
        #expect(run(bytes).log.suffix(2) == stored[...])
    }

    @Test func aPDUWithoutFragmentIsIgnored() {
        #expect(run(Wire.pdu(4, []) + Wire.store(dataSet) + Wire.pdu(4, [])).log.suffix(2) == stored[...])
    }

    @Test func anEmptyDataSetIsStored() {
        #expect(run(Wire.store([])).log.suffix(2) == ["stored 1.2.3.4.5 (0)", "answered 8001 with 0"])
    }

    /// Where TCP cuts the stream does not matter.
    @Test(arguments: 1...40)
    func everyChunkSizeGivesTheSame(chunk: Int) {
        var bytes: [UInt8] = []
        bytes += Wire.echo() + Wire.store(dataSet)
        bytes += Wire.pdu(4, fragments(command, 5, control: 1).flatMap { $0 })
        bytes += fragments(dataSet, 33, control: 0).flatMap { Wire.pdu(4, $0) }
        bytes += Wire.store(dataSet, instance: "1.9", messageID: 0) + Wire.releaseRequest
        let whole = run(bytes)
        let cut = run(bytes, chunk: chunk)
        #expect(cut.log == whole.log)
        #expect(cut.headers == whole.headers)
        #expect(cut.sent == whole.sent)
        #expect(whole.log.count == 1 + 1 + 3 * 2 + 1)
        #expect(cut.ending == .released)
    }

    @Test func everyOffsetMayBeTheLast() {
        let bytes = Wire.store(dataSet)
        for count in 0..<bytes.count {
            var run = run(Array(bytes.prefix(count)))
            run.closeTransport()
            #expect(run.headers.isEmpty)
            #expect(run.ending == .lost)
        }
    }

    @Test(arguments: [
        (Wire.data(Wire.pdv(5, 3, Wire.echoCommand())), ProtocolFault.contextNotAccepted(id: 5)),
        (Wire.data(Wire.pdv(1, 2, [1, 2])), .dataWithoutCommand(id: 1)),
        (Wire.data(Wire.pdv(1, 1, [0]), Wire.pdv(1, 2, [1])), .dataWithoutCommand(id: 1)),
        (Wire.data(Wire.pdv(1, 1, [0]), Wire.pdv(3, 3, [1])), .contextChanged(from: 1, to: 3)),
        (
            Wire.data(Wire.pdv(1, 3, Wire.storeCommand()), Wire.pdv(3, 2, [1])),
            .contextChanged(from: 1, to: 3)
        ),
        (
            Wire.data(Wire.pdv(1, 3, Wire.storeCommand()), Wire.pdv(1, 0, [8, 0]), Wire.pdv(1, 3, Wire.echoCommand())),
            .commandInsideDataSet(id: 1)
        ),
        (Wire.data(Wire.pdv(1, 3, [], length: 1)), .presentationDataValueLength(1)),
        (Wire.data(Wire.pdv(1, 3, [], length: 0)), .presentationDataValueLength(0)),
        (Wire.data(Wire.pdv(1, 3, [1, 2], length: 5)), .presentationDataValueLength(5)),
        (Wire.data(Wire.pdv(1, 3, [1, 2], length: .max)), .presentationDataValueLength(Int(UInt32.max))),
        (Wire.pdu(4, [0, 0, 0]), .presentationDataValueLength(3)),
        (Wire.data(Wire.pdv(1, 3, [])), .unreadableCommand(offset: 0)),
        (Wire.data(Wire.pdv(1, 1, [UInt8](repeating: 0, count: 20000))), .commandTooLong(limit: 16384)),
    ])
    func whatIsOutOfOrderIsAbortedWithItsReason(bytes: [UInt8], fault: ProtocolFault) {
        let run = run(bytes + Wire.store(dataSet))
        #expect(run.ending == .fault(fault))
        #expect(run.log.last == "aborted 2 \(fault.abort.reason)")
        #expect(run.headers.isEmpty)
        #expect(!"\(fault)".isEmpty)
    }

    /// Case 23: what is not offered is answered, not punished.
    @Test(arguments: [
        (0x0020, 0x0102), (0x0021, 0x0001), (0x0010, 0x0000), (0x0130, 0x0001), (0x0140, 0x0101), (0x0666, 0x0101),
    ])
    func anOperationThatIsNotOfferedIsAnswered(field: UInt16, dataSetType: UInt16) {
        let command =
            Wire.element(0x0003, Array("1.2.840.10008.1.20.1".utf8)) + Wire.element(0x0100, field)
            + Wire.element(0x0110, 3) + Wire.element(0x0800, dataSetType)
        let message = Wire.data(Wire.pdv(1, 3, command))
        let data = dataSetType == 0x0101 ? [] : Wire.data(Wire.pdv(1, 0, [1, 2, 3]), Wire.pdv(1, 2, []))
        let run = run(message + data + Wire.store(dataSet))
        let response = String(field | 0x8000, radix: 16)
        #expect(Array(run.log.dropFirst()) == ["answered \(response) with 211"] + stored)
    }

    @Test func aCancelHasNoAnswer() {
        let cancel = Wire.element(0x0100, 0x0FFF) + Wire.element(0x0120, 3) + Wire.element(0x0800, 0x0101)
        #expect(run(Wire.data(Wire.pdv(1, 3, cancel)) + Wire.echo()).log.dropFirst() == ["answered 8030 with 0"])
    }

    @Test func aStrayResponseHasNoAnswer() {
        let response = Wire.element(0x0100, 0x8001) + Wire.element(0x0120, 3) + Wire.element(0x0800, 0x0101)
        #expect(run(Wire.data(Wire.pdv(1, 3, response)) + Wire.echo()).log.dropFirst() == ["answered 8030 with 0"])
    }

    @Test func aStoreOnAContextOfVerificationIsRefused() {
        let run = run(Wire.store(dataSet, context: 3) + Wire.echo())
        #expect(run.log.dropFirst() == ["answered 8001 with 122", "answered 8030 with 0"])
    }

    /// Case 21.
    @Test func messageIDsMayBeZeroOrRepeated() {
        let run = run(Wire.store(dataSet, messageID: 0) + Wire.store(dataSet, messageID: 0))
        #expect(run.headers.count == 2)
        #expect(run.sent.suffix(2).first == run.sent.last)
    }

    @Test func chanceNeverTrapsAndNeverStoresTwice() {
        var random = SeededRandom(seed: 18)
        for _ in 0..<400 {
            var bytes = Wire.associateRequest() + Wire.store(dataSet) + Wire.releaseRequest
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            var run = AcceptorRun()
            run.feed(bytes, chunk: Int.random(in: 1...200, using: &random))
            if !run.isClosed { run.closeTransport() }
            #expect(run.isClosed && run.ending != nil)
            #expect(run.headers.count <= 1)
        }
    }
}
