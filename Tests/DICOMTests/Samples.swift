import DICOM
import TestSupport

/// Small data sets, right and wrong, that several tests walk through.
enum Samples {
    static let all: [(name: String, bytes: [UInt8], encoding: Encoding)] =
        [
            ("CT explicit", DataSetBuilder.ct(), .explicitVRLittleEndian),
            ("CT implicit", DataSetBuilder.ct(.implicitVRLittleEndian), .implicitVRLittleEndian),
            ("CT big endian", DataSetBuilder.ct(.explicitVRBigEndian), .explicitVRBigEndian),
            ("CT mis-labelled", DataSetBuilder.ct(.implicitVRLittleEndian), .explicitVRLittleEndian),
        ] + wrong

    static let wrong: [(name: String, bytes: [UInt8], encoding: Encoding)] = [
        ("UN of undefined length", unknownSequence(.implicitVRLittleEndian), .explicitVRLittleEndian),
        ("UN with explicit items", unknownSequence(.explicitVRLittleEndian), .explicitVRLittleEndian),
        ("odd VRs", oddVRs, .explicitVRLittleEndian),
        ("fragments", fragments, .explicitVRLittleEndian),
        ("broken private sequence", brokenSequence, .explicitVRLittleEndian),
        ("short sequence", shortSequence, .explicitVRLittleEndian),
        ("swapped delimiters", swappedDelimiters, .explicitVRLittleEndian),
        ("big endian items", bigEndianItems, .explicitVRLittleEndian),
    ]

    /// CP-246: a sequence that went through a system that did not know it.
    static func unknownSequence(_ inner: Encoding) -> [UInt8] {
        var set = DataSetBuilder()
        set.header(Tag(0x0009, 0x1010), .UN, .max)
        set.encoding = inner
        set.item {
            $0.element(Tag(0x0008, 0x1155), .UI, "1.2")
            $0.element(Tag(0x0010, 0x0010), .PN, "A^B")
        }
        set.mark(0xE0DD)
        set.encoding = .explicitVRLittleEndian
        set.element(Tag(0x0010, 0x0020), .LO, "ID")
        return set.bytes
    }

    static let oddVRs = hex(
        """
        09 00 10 00 'LO' 04 00 'ACME'
        09 00 01 10 'OX' 00 00 04 00 00 00 'abcd'   # not of the standard, long
        09 00 02 10 'OX' 04 00 'abcd'               # not of the standard, short
        09 00 03 10 20 20 04 00 'abcd'              # blanks
        09 00 04 10 'a}' 04 00 'abcd'               # rubbish
        09 00 05 10 04 00 00 00 'abcd'              # implicit inside explicit
        09 00 06 10 00 00 00 00
        10 00 20 00 'LO' 02 00 'ID'
        """)

    static let fragments: [UInt8] = {
        var set = DataSetBuilder()
        set.element(Tag(0x0010, 0x0020), .LO, "ID")
        set.header(Tag(0x7FE0, 0x0010), .OW, .max)
        set.mark(0xE000, 4)
        set.raw([0, 0, 0, 0])
        set.mark(0xE000, 5)
        set.raw([1, 2, 3, 4, 5])
        set.mark(0xE0DD)
        set.element(Tag(0xFFFC, 0xFFFC), .OB, "xx")
        return set.bytes
    }()

    /// What stands in the sequence are no items, but its length is right.
    static let brokenSequence: [UInt8] = {
        var set = DataSetBuilder()
        set.element(Tag(0x0009, 0x1010), .SQ, bytes: Array("These are no items.".utf8))
        set.element(Tag(0x0010, 0x0020), .LO, "ID")
        return set.bytes
    }()

    /// The sequence says 8 bytes less than its item has.
    static let shortSequence: [UInt8] = {
        var set = DataSetBuilder()
        set.header(Tag(0x0008, 0x1140), .SQ, 12)
        set.item(defined: true) { $0.element(Tag(0x0008, 0x1155), .UI, "1.2") }
        set.element(Tag(0x0010, 0x0020), .LO, "ID")
        return set.bytes
    }()

    static let swappedDelimiters: [UInt8] = {
        var set = DataSetBuilder()
        set.header(Tag(0x0008, 0x1140), .SQ, .max)
        for _ in 0..<2 {
            set.mark(0xE000, .max)
            set.element(Tag(0x0008, 0x1155), .UI, "1.2")
            set.mark(0xE0DD)
        }
        set.mark(0xE00D)
        set.element(Tag(0x0010, 0x0020), .LO, "ID")
        return set.bytes
    }()

    /// Philips: a private sequence whose items are big endian.
    static let bigEndianItems: [UInt8] = {
        var set = DataSetBuilder()
        set.header(Tag(0x2005, 0x1083), .SQ, .max)
        set.encoding = .explicitVRBigEndian
        set.item(defined: true) {
            $0.element(Tag(0x0008, 0x1155), .UI, "1.2")
            $0.element(Tag(0x0028, 0x0010), .US, bytes: [2, 0])
        }
        set.mark(0xE0DD)
        set.encoding = .explicitVRLittleEndian
        set.element(Tag(0x2050, 0x0020), .CS, "IDENTITY")
        return set.bytes
    }()
}
