import DICOM
import TestSupport
import Testing

@testable import DICOMNetwork

/// A header never takes more than it was allowed, however little was sent.
struct AcceptorHeaderTests {
    private static let allowance = 64 * 1024

    /// A data set whose header has some 600 kilobytes, all alike.
    private static let large: [UInt8] = {
        var set = DataSetBuilder()
        set.raw(DataSetBuilder.ct())
        for number in 0..<UInt16(60) {
            set.element(Tag(0x0021, 0x1000 + number), .OB, bytes: [UInt8](repeating: 1, count: 10_000))
        }
        return set.bytes
    }()

    private func run(_ dataSet: [UInt8], deflated: Bool, chunk: Int, budget: Int, limit: Int = 16 << 20) -> AcceptorRun
    {
        let syntax = deflated ? "1.2.840.10008.1.2.1.99" : Wire.explicitVR
        var run = AcceptorRun(headerLimit: limit, headerAllowance: Self.allowance)
        run.headerBudget = budget
        run.feed(Wire.associateRequest(contexts: Wire.context(1, Wire.ctImageStorage, syntax)))
        run.feed(Wire.store(deflated ? Deflate.deflated(dataSet) : dataSet) + Wire.echo(context: 1), chunk: chunk)
        return run
    }

    @Test(arguments: [false, true], [97, 4096, .max])
    func roomIsAskedForBeforeItIsTaken(deflated: Bool, chunk: Int) {
        let run = run(Self.large, deflated: deflated, chunk: chunk, budget: .max)
        #expect(run.headers == [Self.large])
        #expect(run.longestHeader == Self.large.count)
        #expect(run.excess == 0)
        #expect(run.allowed >= Self.large.count)
    }

    @Test(arguments: [false, true], [97, 4096, .max])
    func withoutRoomItIsRefusedAndTheAssociationGoesOn(deflated: Bool, chunk: Int) {
        let run = run(Self.large, deflated: deflated, chunk: chunk, budget: 1 << 18)
        #expect(run.headers.isEmpty)
        #expect(run.longestHeader <= 1 << 18)
        #expect(run.excess == 0)
        #expect(run.log.suffix(2) == ["answered 8001 with a700", "answered 8030 with 0"])
    }

    @Test(arguments: [false, true])
    func aSmallHeaderNeedsNoRoom(deflated: Bool) {
        var image = DataSetBuilder()
        image.raw(DataSetBuilder.ct())
        image.element(Tag(0x7FE0, 0x0010), .OW, bytes: [UInt8](repeating: 7, count: 300_000))
        let run = run(image.bytes, deflated: deflated, chunk: .max, budget: 0)
        #expect(run.headers == [DataSetBuilder.ct()])
        #expect(run.allowed == Self.allowance)
    }

    /// What lies beyond the limit is not kept, so no room is asked for it.
    @Test(arguments: [false, true])
    func noMoreRoomIsAskedForThanTheLimit(deflated: Bool) {
        let run = run(Self.large, deflated: deflated, chunk: .max, budget: 300_000, limit: 300_000)
        #expect(run.log.suffix(2) == ["answered 8001 with 0", "answered 8030 with 0"])
        #expect(run.longestHeader <= 300_000)
        #expect(run.allowed == 300_000)
    }

    /// A document that is to be relayed as it came.
    @Test(arguments: [97, 4096, .max])
    func aClassThatIsKeptWholeLosesNoValue(chunk: Int) {
        var document = DataSetBuilder()
        document.raw(DataSetBuilder.ct())
        document.element(Tag(0x0040, 0xA160), .UT, String(repeating: "long ", count: 20_000))
        document.element(Tag(0x0043, 0x1001), .OB, bytes: [UInt8](repeating: 1, count: 200_000))
        for (classes, isWhole) in [([SOPClassUID(Wire.ctImageStorage)], true), ([.keyObjectSelectionDocument], false)] {
            var run = AcceptorRun(headerLimit: 4096, headerAllowance: Self.allowance, wholeClasses: Set(classes))
            run.feed(Wire.associateRequest() + Wire.store(document.bytes), chunk: chunk)
            #expect((run.headers == [document.bytes]) == isWhole)
            #expect(run.log.last == "answered 8001 with 0")
            #expect(run.excess == 0)
            // It counts as any other header does.
            #expect((run.allowed >= document.bytes.count) == isWhole)
        }
    }
}
