import DICOM
import TestSupport
import Testing

@testable import DICOMNetwork

/// A data set that is wanted is handed out byte by byte as it came, and its header is captured all the same.
struct AcceptorDataSetTests {
    /// Undefined lengths, a value longer than what a header keeps, encapsulated pixel data, and something behind it.
    private static let dataSet: [UInt8] = {
        var set = DataSetBuilder()
        set.raw(DataSetBuilder.ct())
        set.element(Tag(0x0021, 0x1001), .OB, bytes: [UInt8](repeating: 7, count: 20_000))
        set.element(Tag(0x0021, 0x1002), .LO, "behind")
        set.header(Tag(0x7FE0, 0x0010), .OB, .max)
        set.mark(0xE000, 0)
        set.mark(0xE000, 300)
        set.raw((0..<300).map { UInt8(truncatingIfNeeded: $0) })
        set.mark(0xE0DD)
        set.element(Tag(0xFFFC, 0xFFFC), .OB, bytes: [0, 0])
        return set.bytes
    }()

    private static let small: [UInt8] = {
        var set = DataSetBuilder()
        set.raw(DataSetBuilder.ct())
        set.element(Tag(0x7FE0, 0x0010), .OW, bytes: (0..<300).map { UInt8(truncatingIfNeeded: $0) })
        return set.bytes
    }()

    private func run(
        _ bytes: [UInt8], syntax: String = Wire.explicitVR, chunk: Int = .max, wanted: Bool = true, most: Int = .max
    ) -> AcceptorRun {
        var run = AcceptorRun()
        run.wantsDataSets = wanted
        run.wantedBytes = most
        run.feed(Wire.associateRequest(contexts: Wire.context(1, Wire.ctImageStorage, syntax)))
        run.feed(bytes, chunk: chunk)
        return run
    }

    private func message(_ dataSet: [UInt8], fragment: Int, together: Bool = false) -> [UInt8] {
        let starts = Array(stride(from: 0, to: dataSet.count, by: fragment))
        let values = starts.map { start in
            let end = min(start + fragment, dataSet.count)
            return Wire.pdv(1, end == dataSet.count ? 2 : 0, Array(dataSet[start..<end]))
        }
        let command = Wire.data(Wire.pdv(1, 3, Wire.storeCommand()))
        return command + (together ? Wire.pdu(4, values.flatMap { $0 }) : values.flatMap { Wire.pdu(4, $0) })
    }

    @Test(arguments: [17, 1000, 16382, 1 << 20], [1, 5, 1448, 65536, .max])
    func everyByteIsHandedOutAndTheHeaderIsTheSame(fragment: Int, chunk: Int) {
        for together in [false, true] {
            let bytes = message(Self.dataSet, fragment: fragment, together: together)
            let wanted = run(bytes, chunk: chunk)
            #expect(wanted.taken == [Self.dataSet])
            #expect(wanted.discarded == 0)
            let headerOnly = run(bytes, chunk: chunk, wanted: false)
            #expect(headerOnly.taken == [[]])
            #expect(wanted.headers == headerOnly.headers)
            #expect(wanted.log == headerOnly.log)
            #expect(wanted.sent == headerOnly.sent)
        }
    }

    @Test func theStreamMayBeCutAnywhere() {
        let bytes = message(Self.small, fragment: 100, together: true) + Wire.store(Self.small, instance: "1.9")
        for cut in 0...bytes.count {
            var run = run(Array(bytes[..<cut]))
            run.feed(Array(bytes[cut...]))
            #expect(run.taken == [Self.small, Self.small])
        }
    }

    @Test(arguments: [1, 33, .max])
    func deflatedBytesAreHandedOutDeflated(chunk: Int) {
        let deflated = Deflate.deflated(Self.dataSet)
        let bytes = message(deflated, fragment: 700)
        let syntax = "1.2.840.10008.1.2.1.99"
        let wanted = run(bytes, syntax: syntax, chunk: chunk)
        #expect(wanted.taken == [deflated])
        #expect(wanted.headers == run(bytes, syntax: syntax, chunk: chunk, wanted: false).headers)
        #expect(wanted.headers[0].starts(with: DataSetBuilder.ct()))
    }

    @Test func anEmptyDataSetHandsOutNothing() {
        let run = run(Wire.store([]))
        #expect(run.taken == [[]])
        #expect(run.log.suffix(2) == ["stored 1.2.3.4.5 (0)", "answered 8001 with 0"])
    }

    /// Whoever lets go may do so after any byte; the rest is discarded, and the instance comes with its header.
    @Test func lettingGoMidwayLeavesTheHeader() {
        let bytes = message(Self.dataSet, fragment: 1 << 20)
        let whole = run(bytes, wanted: false)
        for most in [1, 100, 12_000, 20_500, Self.dataSet.count - 1] {
            let run = run(bytes, chunk: 64, most: most)
            #expect((most..<most + 64).contains(run.taken[0].count))
            #expect(run.taken[0][...] == Self.dataSet.prefix(run.taken[0].count))
            #expect(run.headers == whole.headers)
            #expect(run.log == whole.log)
        }
        #expect(run(bytes, chunk: 64, most: 1).discarded > 19_000)
    }

    @Test func aHeaderIsAskedRoomForAsWithoutATaker() {
        var set = DataSetBuilder()
        set.raw(DataSetBuilder.ct())
        for number in 0..<UInt16(30) {
            set.element(Tag(0x0021, 0x1000 + number), .OB, bytes: [UInt8](repeating: 1, count: 10_000))
        }
        set.element(Tag(0x7FE0, 0x0010), .OW, bytes: [UInt8](repeating: 9, count: 5000))
        for (budget, chunk) in [(Int.max, 97), (.max, 8192), (100_000, 97), (100_000, 8192)] {
            var run = AcceptorRun(headerAllowance: 64 * 1024)
            run.wantsDataSets = true
            run.headerBudget = budget
            run.feed(Wire.associateRequest() + Wire.store(set.bytes) + Wire.echo(), chunk: chunk)
            #expect(run.excess == 0)
            if budget == .max {
                #expect(run.taken == [set.bytes])
                #expect(run.headers.count == 1)
            } else {
                #expect(run.taken[0].count <= 100_000)
                #expect(run.log.suffix(2) == ["answered 8001 with a700", "answered 8030 with 0"])
            }
        }
    }

    /// A taker's time is over with its instance: what comes late is neither handed out nor stored.
    @Test func whatComesAfterTheEndIsNotHandedOut() {
        let bytes = Wire.store(Self.small)
        let half = bytes.count - 200
        let ends: [(String, (inout AcceptorRun) -> Void)] = [
            ("timed out", { $0.passDeadline(.fragment) }), ("stopped", { $0.stop() }),
            ("lost", { $0.closeTransport() }),
            ("refused", { $0.refuse(StoreStatus(.outOfResources)) }),
        ]
        for (name, end) in ends {
            var run = run(Array(bytes[..<half]))
            #expect(run.acceptor.instance != nil)
            let taken = run.taken
            end(&run)
            #expect(run.acceptor.instance == nil, "\(name)")
            run.feed(Array(bytes[half...]) + bytes)
            #expect(run.taken.first == taken[0], "\(name)")
            #expect(run.headers.isEmpty == (name != "refused"), "\(name)")
        }
    }

    @Test func anAbortOrReleaseInsideADataSetEndsTheInstance() {
        let begun = Wire.data(Wire.pdv(1, 3, Wire.storeCommand()), Wire.pdv(1, 0, Array(Self.small.prefix(50))))
        for end in [Wire.abort(source: 0, reason: 0), Wire.releaseRequest, Wire.data(Wire.pdv(9, 0, [1]))] {
            let run = run(begun + end + Wire.data(Wire.pdv(1, 2, Array(Self.small.dropFirst(50)))))
            #expect(run.taken == [Array(Self.small.prefix(50))])
            #expect(run.acceptor.instance == nil)
            #expect(run.headers.isEmpty)
        }
    }

    @Test func readsAreLargeOnlyWhileTheDataSetIsWanted() {
        let begun = Wire.data(Wire.pdv(1, 3, Wire.storeCommand())) + Wire.data(Wire.pdv(1, 0, Self.dataSet))
        func room(_ run: AcceptorRun) -> Int {
            var offset = 0
            var acceptor = run.acceptor
            guard case .receive(let count, .fragment) = acceptor.next(in: [UInt8]().span.bytes, from: &offset) else {
                return 0
            }
            return count
        }
        #expect(room(run(begun)) >= 64 * 1024)
        #expect(room(run(begun, most: 100)) == 12)
        #expect(room(run(begun, wanted: false)) == 12)
    }

    @Test func chanceNeverHandsOutMoreThanItWasGiven() {
        var random = SeededRandom(seed: 31)
        for _ in 0..<400 {
            var bytes = Wire.associateRequest() + message(Self.small, fragment: 90) + Wire.releaseRequest
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            var run = AcceptorRun()
            run.wantsDataSets = true
            run.feed(bytes, chunk: Int.random(in: 1...200, using: &random))
            if !run.isClosed { run.closeTransport() }
            #expect(run.isClosed && run.ending != nil)
            #expect(run.taken.joined().count <= bytes.count)
            #expect(run.acceptor.instance == nil)
        }
    }
}
