import DICOM
import TestSupport
import Testing

struct DataSetDumpTests {
    static func lines(_ bytes: [UInt8], _ options: DataSetDump.Options = .init()) -> [String] {
        let (lines, failure) = DataSetDump.lines(
            of: bytes.span.bytes, transferSyntax: .explicitVRLittleEndian, options: options)
        return lines.map { line in line.split(separator: " ").joined(separator: " ") }
            + (failure.map { ["\($0)"] } ?? [])
    }

    @Test func aDataSetIsShownElementByElement() {
        var set = DataSetBuilder()
        set.element(Tag(0x0008, 0x0016), .UI, "1.2.840.10008.5.1.4.1.1.2")
        set.element(Tag(0x0009, 0x1001), .OB, bytes: [0, 255, 16])
        set.element(Tag(0x0010, 0x0010), .PN, "A^B")
        set.element(Tag(0x0010, 0x0030), .DA, "")
        set.element(Tag(0x0028, 0x0010), .US, bytes: [0, 2, 1, 0])
        set.element(Tag(0x0028, 0x0009), .AT, bytes: [0x18, 0, 0x63, 0x10])
        set.sequence(Tag(0x0040, 0x0275)) { $0.item(defined: true) { $0.element(Tag(0x0040, 0x1001), .SH, "RP") } }
        #expect(
            Self.lines(set.bytes) == [
                "(0008,0016) UI [1.2.840.10008.5.1.4.1.1.2] CT Image Storage # 26 SOPClassUID",
                "(0009,1001) OB 00 ff 10 # 3",
                "(0010,0010) PN [A^B] # 4 PatientName",
                "(0010,0030) DA # 0 PatientBirthDate",
                "(0028,0010) US 512\\1 # 4 Rows",
                "(0028,0009) AT (0018,1063) # 4 FrameIncrementPointer",
                "(0040,0275) SQ sequence # undefined RequestAttributesSequence",
                "item 1 # 10",
                "(0040,1001) SH [RP] # 2 RequestedProcedureID",
            ])
    }

    @Test func depthIsIndentedAndOffsetsCountFromTheFile() {
        let (lines, _) = DataSetDump.lines(
            of: DataSetBuilder.ct().span.bytes, transferSyntax: .explicitVRLittleEndian,
            options: .init(showsOffsets: true, fileOffset: 1000))
        #expect(lines.first?.hasPrefix("    1000 (0008,0005) CS [ISO_IR 100]") == true)
        #expect(lines.contains { $0.contains("     (0008,1150) UI") })
    }

    @Test func longValuesAreShortened() {
        var set = DataSetBuilder()
        set.element(Tag(0x0040, 0xA160), .UT, String(repeating: "x", count: 100_000))
        set.element(Tag(0x0042, 0x0011), .OB, bytes: [UInt8](repeating: 1, count: 100_000))
        let (lines, _) = DataSetDump.lines(of: set.bytes.span.bytes, transferSyntax: .explicitVRLittleEndian)
        #expect(lines.count == 2)
        for line in lines {
            #expect(line.contains("…"))
            #expect(line.count < 130)
        }
    }

    @Test func nothingThatMovesTheCursorIsShown() {
        var set = DataSetBuilder()
        set.element(Tag(0x0008, 0x0005), .CS, "ISO_IR 192")
        set.element(Tag(0x0010, 0x0010), .PN, "A\u{1B}[31m\u{7}\u{202E}\nB\u{9B}")
        #expect(
            Self.lines(set.bytes).last
                == #"(0010,0010) PN [A\u{1B}[31m\u{7}\u{202E}\nB\u{9B}] # 14 PatientName"#)
    }

    @Test func textIsShownInItsCharacterSet() {
        var set = DataSetBuilder()
        set.element(Tag(0x0008, 0x0005), .CS, "ISO_IR 100")
        set.element(Tag(0x0010, 0x0010), .PN, bytes: [0x52, 0xE9, 0x6D, 0x69])
        set.sequence(Tag(0x0040, 0x0275)) { $0.item { $0.element(Tag(0x0040, 0x0007), .LO, bytes: [0xE9, 0x74]) } }
        #expect(Self.lines(set.bytes).filter { $0.contains("é") }.count == 2)
    }

    @Test func theFailureComesBehindWhatCouldBeRead() {
        #expect(
            Self.lines(Array(DataSetBuilder.ct().dropLast(2))).suffix(2) == [
                "(0020,000E) UI [1.2.3.4.…] # 10 SeriesInstanceUID",
                "the data set ends too early at byte 242, in (0020,000E)",
            ])
    }
}
