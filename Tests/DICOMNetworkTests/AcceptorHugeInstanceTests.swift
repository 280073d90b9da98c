import DICOM
import TestSupport
import Testing

@testable import DICOMNetwork

/// Case 38 of `Catalogue.md`.
struct AcceptorHugeInstanceTests {
    private let header = DataSetBuilder.ct()

    /// A CT up to its pixel data, encapsulated, whose first fragment announces the greatest length there is.
    private var beginning: [UInt8] {
        var set = DataSetBuilder()
        set.raw(header)
        set.header(Tag(0x7FE0, 0x0010), .OB, .max)
        set.mark(0xE000, 0)
        set.mark(0xE000, 0xFFFF_FFFE)
        return set.bytes
    }

    private func begun() -> AcceptorRun {
        var run = AcceptorRun(maximumPDULength: 1 << 20)
        run.feed(Wire.associateRequest() + Wire.data(Wire.pdv(1, 3, Wire.storeCommand())))
        run.feed(Wire.data(Wire.pdv(1, 0, beginning)))
        return run
    }

    @Test func anInstanceOfMoreThan4GiBIsStoredAndItsPixelDataNeverSeen() {
        var run = begun()
        let pieces = 5 << 10
        let piece = (1 << 20) - 6
        for number in 1...pieces {
            // Only the headers of the PDU and of its fragment are given.
            let fragment: [UInt8] = Wire.big32(UInt32(piece + 2)) + [1, number == pieces ? 2 : 0]
            run.feed(Wire.pdu(4, fragment, length: 1 << 20))
            run.passDiscarded()
        }
        let count = beginning.count + pieces * piece
        #expect(count > 1 << 32)
        #expect(run.discarded == pieces * piece)
        #expect(run.log.suffix(2) == ["stored 1.2.3.4.5 (\(count))", "answered 8001 with 0"])
        #expect(run.headers == [header])
        #expect(run.acceptor.oversizedPDUs == 0)
    }

    /// As a whole slide image has them.
    @Test func aHundredThousandFragmentsOfPixelDataCostNothing() {
        var run = begun()
        var set = DataSetBuilder()
        for _ in 0..<100_000 { set.mark(0xE000) }
        set.mark(0xE0DD)
        run.feed(Wire.data(Wire.pdv(1, 2, set.bytes)), chunk: 4096)
        #expect(run.log.last == "answered 8001 with 0")
        #expect(run.headers == [header])
        #expect(run.discarded > 790_000)
    }
}
