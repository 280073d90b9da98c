import DICOM
import TestSupport
import Testing

/// The encodings of PS3.5 §7 and annex A, as they should be.
struct DataSetParserTests {
    @Test(arguments: [Encoding.implicitVRLittleEndian, .explicitVRLittleEndian, .explicitVRBigEndian])
    func anEncodingIsReadAsItIs(encoding: Encoding) {
        var set = DataSetBuilder(encoding)
        set.element(Tag(0x0008, 0x0018), .UI, "1.2.3")
        set.sequence(Tag(0x0008, 0x1140)) { sequence in
            sequence.item { $0.element(Tag(0x0008, 0x1155), .UI, "1.2") }
            sequence.item(defined: true) { $0.element(Tag(0x0008, 0x1155), .UI, "") }
        }
        set.element(Tag(0x0010, 0x0010), .PN, "A^B")
        #expect(
            shape(tokens(set.bytes, encoding)) == [
                "(0008,0018) UI 6", "= 1.2.3.",
                "(0008,1140) sequence SQ undefined", "item undefined", "(0008,1155) UI 4", "= 1.2.", "end of item",
                "item 8", "(0008,1155) UI 0", "end of item", "end of sequence",
                "(0010,0010) PN 4", "= A^B ",
            ])
    }

    @Test func offsetsCountFromTheStartOfTheDataSet() {
        let bytes = hex(
            """
            08 00 16 00 'UI' 04 00 "1.2" 00     # SOP Class UID
            08 00 40 11 'SQ' 00 00 10 00 00 00  # Referenced Image Sequence, 16 bytes
            FE FF 00 E0 08 00 00 00             # item, 8 bytes
            08 00 55 11 'UI' 00 00              # Referenced SOP Instance UID, empty
            10 00 10 00 'PN' 00 00              # Patient's Name, empty
            """)
        #expect(
            tokens(bytes) == [
                "0 (0008,0016) UI 4", "= 1.2.", "12 (0008,1140) sequence SQ 16", "24 item 8", "32 (0008,1155) UI 0",
                "40 end of item", "40 end of sequence", "40 (0010,0010) PN 0",
            ])
    }

    @Test func encapsulatedPixelDataIsFragments() {
        var set = DataSetBuilder()
        set.header(Tag(0x7FE0, 0x0010), .OB, .max)
        set.mark(0xE000, 0)
        set.mark(0xE000, 3)
        set.raw([65, 66, 67])
        set.mark(0xE0DD)
        set.element(Tag(0xFFFC, 0xFFFC), .OB, "")
        #expect(
            shape(tokens(set.bytes)) == [
                "(7FE0,0010) fragments OB", "fragment 0", "fragment 3", "= ABC", "end of fragments", "(FFFC,FFFC) OB 0",
            ])
    }

    @Test func theLastFragmentNeedsNoDelimiterButAllItsBytes() {
        var set = DataSetBuilder()
        set.header(Tag(0x7FE0, 0x0010), .OB, .max)
        set.mark(0xE000, 4)
        set.raw([65, 66, 67, 68])
        #expect(shape(tokens(set.bytes)).last == "= ABCD")
        #expect(tokens(Array(set.bytes.dropLast())).last == "failed: the data set ends too early at byte 23")
    }

    /// Case 38 of `Catalogue.md`: as a whole slide image has them.
    @Test func aHundredThousandFragmentsAreRead() throws {
        var set = DataSetBuilder()
        set.header(Tag(0x7FE0, 0x0010), .OB, .max)
        for _ in 0..<100_000 { set.mark(0xE000) }
        set.mark(0xE0DD)
        set.element(Tag(0xFFFC, 0xFFFC), .OB, "")
        let bytes = set.bytes
        var parser = DataSetParser(encoding: .explicitVRLittleEndian)
        var offset = 0
        var fragments = 0
        while let token = try parser.next(in: bytes.span.bytes, from: &offset) {
            if case .fragment = token { fragments += 1 }
        }
        try parser.finish()
        #expect(fragments == 100_000)
        #expect(offset == bytes.count)
    }

    @Test func whereTheStreamIsCutDoesNotMatter() {
        for (name, bytes, encoding) in Samples.all {
            let whole = tokens(bytes, encoding)
            for chunk in 1...40 { #expect(tokens(bytes, encoding, chunk: chunk) == whole, "\(name), \(chunk)") }
        }
    }

    @Test func aCutElementIsAnError() throws {
        let bytes = DataSetBuilder.ct()
        var ends: Set<Int> = []
        for end in 0..<bytes.count {
            let last = tokens(Array(bytes[..<end])).last ?? ""
            if !last.hasPrefix("failed: the data set ends too early") { ends.insert(end) }
        }
        // The data set is sound where nothing or the first of its nine elements at the top level are there.
        #expect(ends.count == 9)
        #expect(ends.contains(0))
    }

    @Test func skippedBytesAreAsIfTheyHadBeenFed() throws {
        var set = DataSetBuilder()
        set.element(Tag(0x0009, 0x1001), .OB, bytes: [UInt8](repeating: 7, count: 100))
        set.element(Tag(0x0010, 0x0010), .PN, "A^B")
        var parser = DataSetParser(encoding: .explicitVRLittleEndian)
        var offset = 0
        let start = Array(set.bytes[..<12])
        _ = try parser.next(in: start.span.bytes, from: &offset)
        parser.skip(100)
        offset = 0
        let rest = Array(set.bytes[112...])
        let token = try parser.next(in: rest.span.bytes, from: &offset)
        #expect(token == .element(Tag(0x0010, 0x0010), .PN, ValueLength(rawValue: 4)))
        #expect(parser.tokenOffset == 112)
    }

    @Test func depthHasALimit() {
        func nested(_ depth: Int) -> [UInt8] {
            var bytes: [UInt8] = []
            for _ in 0..<depth {
                var set = DataSetBuilder()
                set.header(Tag(0x0040, 0xA730), .SQ, .max)
                set.mark(0xE000, .max)
                bytes += set.bytes
            }
            for _ in 0..<depth {
                var set = DataSetBuilder()
                set.mark(0xE00D)
                set.mark(0xE0DD)
                bytes += set.bytes
            }
            return bytes
        }
        #expect(tokens(nested(64)).count == 4 * 64)
        #expect(tokens(nested(65)).last?.hasPrefix("failed: sequences nested too deeply") == true)
        #expect(tokens(nested(100_000)).count == 2 * 64 + 1)
    }

    @Test func anErrorStaysAnError() throws {
        let bytes = hex("08 00 16 00 'UI' 00 00 08 00 18 00 01 FF FF 7F 00 00 00 00")
        var parser = DataSetParser(encoding: .explicitVRLittleEndian)
        var offset = 0
        _ = try parser.next(in: bytes.span.bytes, from: &offset)
        let expected = ParseError(.notAnElement, offset: 8, tag: Tag(0x0008, 0x0018))
        for _ in 0..<2 {
            #expect(throws: expected) { try parser.next(in: bytes.span.bytes, from: &offset) }
        }
        #expect(throws: expected) { try parser.finish() }
    }
}
