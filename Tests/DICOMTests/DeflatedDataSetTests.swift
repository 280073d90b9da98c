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
        #expect(capture.failure?.kind == .inflatesBeyondLimit)
        #expect(capture.header == set.bytes)
    }
}
