import DICOM
import TestSupport
import Testing

/// In implicit VR, a length may happen to spell the VR of its element: 21,316 bytes of DS begin with 44 53, "DS".
struct SpelledLengthTests {
    static let contourData = Tag(0x3006, 0x0050)
    static let pieces = [1, 7, 8, 9, 16, 100, 4096, .max]

    static func coordinates(_ count: Int) -> [UInt8] {
        let text = Array("-123.45\\67.8\\-9.01\\".utf8)
        return (0..<count).map { text[$0 % text.count] }
    }

    /// An RT structure set with one contour, and a label behind it.
    static func contour(
        _ length: Int, _ encoding: Encoding = .implicitVRLittleEndian, defined: Bool = false, label: String = "ROI"
    ) -> [UInt8] {
        var set = DataSetBuilder(encoding)
        set.element(Tag(0x0008, 0x0060), .CS, "RTSTRUCT")
        set.sequence(Tag(0x3006, 0x0039), defined: defined) { regions in
            regions.item(defined: defined) { region in
                region.sequence(Tag(0x3006, 0x0040), defined: defined) { contours in
                    contours.item(defined: defined) { $0.element(contourData, .DS, bytes: coordinates(length)) }
                }
            }
        }
        set.element(Tag(0x300A, 0x0002), .SH, label)
        return set.bytes
    }

    /// The same at the top level.
    static func flat(_ length: Int, label: String = "ROI") -> [UInt8] {
        var set = DataSetBuilder(.implicitVRLittleEndian)
        set.element(Tag(0x0008, 0x0060), .CS, "RTSTRUCT")
        set.element(contourData, .DS, bytes: coordinates(length))
        set.element(Tag(0x300A, 0x0002), .SH, label)
        return set.bytes
    }

    static let lengths = [0x5344, 0x1_5344, 0x12_5344]

    @Test(arguments: lengths, [false, true])
    func aLengthThatSpellsItsOwnVRIsALength(length: Int, defined: Bool) {
        let bytes = Self.contour(length, defined: defined)
        let whole = tokens(bytes, .implicitVRLittleEndian)
        let seen = shape(whole)
        #expect(seen.contains("(3006,0050) DS \(length)"))
        #expect(seen.suffix(2) == ["(300A,0002) SH 4", "= ROI "])
        for piece in Self.pieces where piece > 1 || length < 1 << 16 {
            #expect(tokens(bytes, .implicitVRLittleEndian, chunk: piece) == whole, "pieces of \(piece)")
        }
    }

    @Test(arguments: [Encoding.implicitVRLittleEndian, .explicitVRLittleEndian], ["", "1.5"])
    func anExplicitElementOfSuchAVRIsStillSeen(next: Encoding, value: String) {
        let text = value.isEmpty ? [] : ["= 1.5 "]
        var inner = DataSetBuilder(.explicitVRLittleEndian)
        inner.element(Self.contourData, .DS, value)
        var set = DataSetBuilder(.implicitVRLittleEndian)
        set.element(Tag(0x0008, 0x0060), .CS, "RTSTRUCT")
        set.sequence(Tag(0x3006, 0x0040)) { $0.item { $0.raw(inner.bytes) } }
        set.sequence(Tag(0x3006, 0x0080), defined: true) { $0.item(defined: true) { $0.raw(inner.bytes) } }
        set.raw(inner.bytes)
        set.encoding = next
        set.element(Tag(0x300A, 0x0002), .SH, "ROI")
        let whole = tokens(set.bytes, .implicitVRLittleEndian)
        let element = ["(3006,0050) DS \(value.isEmpty ? 0 : 4)"] + text
        let seen = shape(whole)
        #expect(seen.filter { $0 == element[0] }.count == 3)
        #expect(seen.suffix(2 + element.count) == element + ["(300A,0002) SH 4", "= ROI "])
        for piece in Self.pieces {
            #expect(tokens(set.bytes, .implicitVRLittleEndian, chunk: piece) == whole, "pieces of \(piece)")
        }
    }

    @Test func anExplicitElementMayBeTheLast() {
        var set = DataSetBuilder(.implicitVRLittleEndian)
        set.element(Tag(0x0008, 0x0060), .CS, "RTSTRUCT")
        set.encoding = .explicitVRLittleEndian
        set.element(Self.contourData, .DS, "")
        for piece in Self.pieces {
            let seen = shape(tokens(set.bytes, .implicitVRLittleEndian, chunk: piece))
            #expect(seen == ["(0008,0060) CS 8", "= RTSTRUCT", "(3006,0050) DS 0"], "pieces of \(piece)")
        }
    }

    @Test func aPrivateLengthThatSpellsAnyVRIsALength() {
        var set = DataSetBuilder(.implicitVRLittleEndian)
        set.element(Tag(0x0008, 0x0060), .CS, "CT")
        set.element(Tag(0x0009, 0x1001), .OB, bytes: [UInt8](repeating: 7, count: 0x1_5344))
        set.element(Tag(0x0010, 0x0020), .LO, "ID")
        for piece in [100, .max] {
            let seen = shape(tokens(set.bytes, .implicitVRLittleEndian, chunk: piece))
            #expect(seen[2] == "(0009,1001) UN \(0x1_5344)")
            #expect(seen.suffix(2) == ["(0010,0020) LO 2", "= ID"])
        }
    }

    /// A label of 10 bytes: behind a value that was left out, it ends where the short reading of the length would.
    @Test(arguments: lengths, [1, 1000, .max])
    func aHeaderWithoutItsLongValuesIsReadAsItWasWalked(length: Int, piece: Int) throws {
        guard piece > 1 || length < 1 << 16 else { return }
        for bytes in [
            Self.contour(length), Self.contour(length, defined: true), Self.flat(length, label: "TEN LETTER"),
            Self.contour(length, label: "TEN LETTER"), Self.flat(length),
        ] {
            let (capture, _) = HeaderCaptureTests.capture(
                bytes, .implicitVRLittleEndian, piece: min(piece, bytes.count))
            #expect(capture.failure == nil)
            #expect(capture.header.count < 50_000)
            let read = try DataSet(header: capture.header, encoding: .implicitVRLittleEndian)
            let whole = try DataSet(parsing: bytes, transferSyntax: .implicitVRLittleEndian)
            #expect(read.elements.map(\.tag) == whole.elements.map(\.tag))
            #expect(read.string(Tag(0x300A, 0x0002)) == whole.string(Tag(0x300A, 0x0002)))
            var reader = HeaderReader(encoding: .implicitVRLittleEndian)
            var tags: [UInt32] = []
            while let field = try reader.next(in: capture.header.span.bytes) { tags.append(field.tag.rawValue) }
            #expect(tags == whole.elements.map(\.tag.rawValue))
        }
    }

    @Test(arguments: [1, 9, 1000])
    func anExplicitElementIsReadFromAHeaderToo(piece: Int) throws {
        for value in ["", "1.5"] {
            var set = DataSetBuilder(.implicitVRLittleEndian)
            set.element(Tag(0x0008, 0x0060), .CS, "RTSTRUCT")
            set.encoding = .explicitVRLittleEndian
            set.element(Self.contourData, .DS, value)
            set.encoding = .implicitVRLittleEndian
            set.element(Tag(0x7FE0, 0x0010), .OW, bytes: [1, 2])
            let (capture, _) = HeaderCaptureTests.capture(set.bytes, .implicitVRLittleEndian, piece: piece)
            let read = try DataSet(header: capture.header, encoding: .implicitVRLittleEndian)
            #expect(read.elements.map(\.tag) == [Tag(0x0008, 0x0060), Self.contourData])
            #expect(read.string(Self.contourData) == (value.isEmpty ? nil : value))
        }
    }

    @Test(arguments: lengths, [100, 5000, .max])
    func itIsReencodedAsAnyOther(length: Int, piece: Int) throws {
        let bytes = Self.contour(length)
        let explicit = try reencoded(
            bytes, from: .implicitVRLittleEndian, to: .explicitVRLittleEndian, piece: min(piece, bytes.count))
        let seen = shape(tokens(explicit))
        // What is longer than 64 KiB has no room in a DS (PS3.5 §6.2.2).
        #expect(seen.contains("(3006,0050) \(length <= 0xFFFF ? "DS" : "UN") \(length)"))
        #expect(seen.suffix(2) == ["(300A,0002) SH 4", "= ROI "])
    }

    @Test(arguments: [0, 3, 8, 5000], [1, 1000, .max])
    func anElementCutByTheEndIsMissedWhereItIs(count: Int, piece: Int) {
        let start = Self.flat(0x5344).count - 0x5344 - 12
        let bytes = Array(Self.flat(0x5344).prefix(start + count))
        // Without a byte of its value, an empty explicit element is the sensible reading.
        let failure = shape(tokens(bytes, .implicitVRLittleEndian, chunk: piece)).last
        let expected =
            count == 0
            ? "(3006,0050) DS 0" : "failed: the data set ends too early at byte \(bytes.count), in (3006,0050)"
        #expect(failure == expected)
        let (capture, _) = HeaderCaptureTests.capture(bytes, .implicitVRLittleEndian, piece: min(piece, bytes.count))
        #expect((capture.failure == nil) == (count == 0))
        #expect(capture.failure.map { $0.tag == Self.contourData } ?? true)
    }

    @Test func aDumpShowsIt() throws {
        let bytes = Self.flat(0x5344)
        var dump = DataSetDump(transferSyntax: .implicitVRLittleEndian)
        var lines: [String] = []
        for start in stride(from: 0, to: bytes.count, by: 1000) {
            let piece = Array(bytes[start..<min(start + 1000, bytes.count)])
            try dump.append(piece.span.bytes) { lines.append($0) }
        }
        try dump.finish { lines.append($0) }
        #expect(lines.count == 3)
        #expect(lines[1].hasSuffix("# 21316 ContourData"))
    }
}
