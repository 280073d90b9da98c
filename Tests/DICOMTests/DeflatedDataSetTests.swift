import DICOM
import TestSupport
import Testing

/// Deflated Explicit VR Little Endian (PS3.5 §A.5).
struct DeflatedDataSetTests {
    static let syntax = TransferSyntax.deflatedExplicitVRLittleEndian

    @Test(arguments: [1, 2, 5, 100, 1 << 20], [false, true])
    func bothKindsOfStreamAreInflated(piece: Int, zlib: Bool) throws {
        let image = HeaderCaptureTests.image()
        let bytes = Deflate.deflated(image.bytes, zlib: zlib)
        let (capture, _) = HeaderCaptureTests.capture(bytes, Self.syntax, piece: piece)
        #expect(capture.failure == nil)
        #expect(capture.header == image.header)
        #expect(capture.studyInstanceUID == StudyUID("1.2.3.4"))
    }

    @Test func bytesBehindTheStreamArePadding() {
        let bytes = Deflate.deflated(DataSetBuilder.ct()) + [0, 1, 2, 3, 4, 5, 6, 7]
        let (capture, _) = HeaderCaptureTests.capture(bytes, Self.syntax, piece: 1000)
        #expect(capture.failure == nil)
        #expect(capture.header == DataSetBuilder.ct())
    }

    @Test func whatWasDeclaredDeflatedButIsNotIsRead() {
        let (capture, _) = HeaderCaptureTests.capture(DataSetBuilder.ct(), Self.syntax, piece: 3)
        #expect(capture.failure == nil)
        #expect(capture.header == DataSetBuilder.ct())
    }

    @Test func aTruncatedStreamKeepsWhatWasInflated() throws {
        let bytes = Array(Deflate.deflated(DataSetBuilder.ct()).dropLast(20))
        let (capture, _) = HeaderCaptureTests.capture(bytes, Self.syntax, piece: 10)
        #expect(capture.failure?.kind == .unexpectedEnd)
        #expect(capture.sopClassUID == SOPClassUID("1.2.840.10008.5.1.4.1.1.2"))
        #expect(throws: ParseError.self) { try DataSet(parsing: bytes, transferSyntax: Self.syntax) }
    }

    @Test func rubbishIsAnError() {
        var random = SeededRandom(seed: 1)
        let bytes = [0x07] + random.bytes(1000)
        let (capture, _) = HeaderCaptureTests.capture(bytes, Self.syntax, piece: 10)
        #expect(capture.failure?.kind == .notDeflated)
    }

    @Test func aBombIsLeftUnexploded() {
        var set = DataSetBuilder()
        set.element(Tag(0x0010, 0x0020), .LO, "ID")
        set.header(Tag(0x0042, 0x0011), .OB, 60 << 20)
        let bomb = Deflate.deflated(set.bytes + [UInt8](repeating: 0, count: 4 << 20))
        #expect(bomb.count < 8192)
        var capture = HeaderCapture(transferSyntax: Self.syntax, limit: 1 << 20, inflateLimit: 1 << 20)
        #expect(capture.append(bomb) == .done)
        #expect(capture.failure?.kind == .inflatesBeyondLimit(1 << 20))
        #expect(capture.header == set.bytes)
    }

    /// Elements without value, far more than the bytes they deflate to.
    private static func emptyElements(_ count: Int) -> [UInt8] {
        var set = DataSetBuilder()
        set.element(Tag(0x0009, 0x1001), .LO, "")
        let bytes = set.bytes
        return Deflate.deflated((0..<count).flatMap { _ in bytes })
    }

    @Test func noMoreIsReadIntoMemoryThanTheLimits() throws {
        let bomb = Self.emptyElements(10_000)
        let read = { (limits: DataSet.Limits) in
            DataSet.read(bomb.span.bytes, transferSyntax: Self.syntax, limits: limits)
        }
        let inflated = read(.init(inflatedBytes: 1 << 14))
        #expect(inflated.failure?.kind == .inflatesBeyondLimit(1 << 14))
        #expect("\(try #require(inflated.failure))".contains("larger than 16384 bytes, the limit"))
        let counted = read(.init(elements: 100))
        #expect(counted.failure == ParseError(.tooManyElements(100), offset: 800, tag: Tag(0x0009, 0x1001)))
        #expect(counted.dataSet.elements.count == 100)
        #expect(read(.init(elements: 10_000, inflatedBytes: 80_000)).failure == nil)
    }

    @Test func itemsCountAsElementsDo() {
        var set = DataSetBuilder()
        set.sequence(Tag(0x0040, 0x0275)) { for _ in 0..<100 { $0.item(defined: true) { _ in } } }
        let read = { DataSet.read(set.bytes.span.bytes, transferSyntax: .explicitVRLittleEndian, limits: $0) }
        #expect(read(.init(elements: 100)).failure?.kind == .tooManyElements(100))
        #expect(read(.init(elements: 101)).failure == nil)
    }

    @Test func aDumpShowsABombUpToTheLimit() throws {
        let bomb = Self.emptyElements(10_000)
        var options = DataSetDump.Options()
        options.limits.elements = 7
        let (lines, failure) = DataSetDump.lines(of: bomb.span.bytes, transferSyntax: Self.syntax, options: options)
        #expect(lines.count == 7)
        #expect(failure?.kind == .tooManyElements(7))
    }

    @Test func aDeflatedDataSetIsDumpedPieceByPiece() throws {
        let bytes = Deflate.deflated(DataSetBuilder.ct())
        var lines: [String] = []
        var dump = DataSetDump(transferSyntax: Self.syntax)
        for byte in bytes {
            let piece = [byte]
            try dump.append(piece.span.bytes) { lines.append($0) }
        }
        try dump.finish { lines.append($0) }
        #expect(
            lines
                == DataSetDump.lines(of: DataSetBuilder.ct().span.bytes, transferSyntax: .explicitVRLittleEndian).lines)
    }
}
