import DICOM
import TestSupport
import Testing

struct ReencoderTests {
    private static let unsigned = Tag(0x0028, 0x0106)

    /// The VR that a US or SS element is given, where Pixel Representation stands.
    private func vr(of tag: DICOM.Tag, _ build: (inout DataSetBuilder) -> Void) throws -> VR? {
        var set = DataSetBuilder(.implicitVRLittleEndian)
        build(&set)
        let bytes = try reencoded(set.bytes, from: .implicitVRLittleEndian, to: .explicitVRLittleEndian, piece: 3)
        return Self.vr(of: tag, in: try DataSet(parsing: bytes, transferSyntax: .explicitVRLittleEndian))
    }

    private static func vr(of tag: DICOM.Tag, in dataSet: DataSet) -> VR? {
        for element in dataSet.elements {
            if element.tag == tag { return element.vr }
            guard case .items(let items) = element.value else { continue }
            if let found = items.lazy.compactMap({ vr(of: tag, in: $0) }).first { return found }
        }
        return nil
    }

    @Test func aDataSetIsWrittenAsTheWriterWritesIt() throws {
        var random = SeededRandom(seed: 11)
        for round in 0..<300 {
            let dataSet = RandomDataSet.make(&random, depth: 4)
            var explicit = DataSetWriter(encoding: .explicitVRLittleEndian)
            var implicit = DataSetWriter(encoding: .implicitVRLittleEndian)
            explicit.write(dataSet)
            implicit.write(dataSet)
            let (long, short) = (explicit.finish(), implicit.finish())
            let piece = round % 41 + 1
            #expect(
                try reencoded(long, from: .explicitVRLittleEndian, to: .implicitVRLittleEndian, piece: piece) == short)
            #expect(
                try reencoded(short, from: .implicitVRLittleEndian, to: .explicitVRLittleEndian, piece: piece) == long)
        }
    }

    @Test func lengthsOfSequencesBecomeUndefinedAndGroupLengthsGo() throws {
        let explicit = hex(
            """
            08 00 00 00 'UL' 04 00 22 00 00 00
            08 00 40 11 'SQ' 00 00 16 00 00 00
            FE FF 00 E0 0E 00 00 00
            08 00 55 11 'UI' 06 00 '1.2.3' 00
            """)
        let implicit = hex(
            """
            08 00 40 11 FF FF FF FF
            FE FF 00 E0 FF FF FF FF
            08 00 55 11 06 00 00 00 '1.2.3' 00
            FE FF 0D E0 00 00 00 00
            FE FF DD E0 00 00 00 00
            """)
        #expect(try reencoded(explicit, from: .explicitVRLittleEndian, to: .implicitVRLittleEndian) == implicit)
        #expect(try reencoded(implicit, from: .implicitVRLittleEndian, to: .implicitVRLittleEndian) == implicit)
    }

    @Test func theSignOfThePixelsDecidesBetweenUSAndSS() throws {
        for (sign, expected) in [(UInt8(0), VR.US), (1, .SS)] {
            let pixels: (inout DataSetBuilder) -> Void = {
                $0.element(Tag(0x0028, 0x0103), .US, bytes: [sign, 0])
                $0.element(Self.unsigned, .US, bytes: [1, 0])
            }
            #expect(try vr(of: Self.unsigned, pixels) == expected)
            let range = Tag(0x0040, 0x9211)
            #expect(
                try vr(of: range) { set in
                    pixels(&set)
                    set.sequence(Tag(0x0040, 0x9096)) { $0.item { $0.element(range, .US, bytes: [1, 0]) } }
                } == expected)
            // Pixel Representation comes later, in the item or around it.
            let velocity = Tag(0x0018, 0x9810)
            #expect(
                try vr(of: velocity) { set in
                    set.sequence(Tag(0x0008, 0x1140)) { $0.item { $0.element(velocity, .US, bytes: [1, 0]) } }
                    set.element(Tag(0x0010, 0x0020), .LO, "ID")
                    pixels(&set)
                } == expected)
            #expect(
                try vr(of: velocity) { set in
                    set.sequence(Tag(0x0008, 0x1140), defined: true) { sequence in
                        sequence.item(defined: true) {
                            $0.element(velocity, .US, bytes: [1, 0])
                            $0.element(Tag(0x0028, 0x0103), .US, bytes: [sign, 0])
                        }
                        sequence.item { $0.element(Tag(0x0028, 0x0103), .US, bytes: [1 - sign, 0]) }
                    }
                    set.element(Tag(0x0028, 0x0103), .US, bytes: [1 - sign, 0])
                } == expected)
        }
    }

    @Test func withoutSignedPixelsItIsUS() throws {
        #expect(try vr(of: Tag(0x0018, 0x9810)) { $0.element(Tag(0x0018, 0x9810), .US, bytes: [1, 0]) } == .US)
        #expect(try vr(of: Self.unsigned) { $0.element(Self.unsigned, .US, bytes: [1, 0]) } == .US)
        var set = DataSetBuilder(.implicitVRLittleEndian)
        set.element(Tag(0x0018, 0x9810), .US, bytes: [1, 0])
        set.element(Tag(0x0018, 0x9999), .UN, bytes: [UInt8](repeating: 0, count: 3 << 20))
        var reencoder = Reencoder(from: .implicitVRLittleEndian, to: .explicitVRLittleEndian)
        for start in stride(from: 0, to: set.bytes.count, by: 1 << 16) {
            try reencoder.append(Array(set.bytes[start..<min(start + 1 << 16, set.bytes.count)]))
            _ = taken(from: &reencoder)
            #expect(start < 2 << 20 || reencoder.ready == 0)
        }
        try reencoder.finish()
        #expect(reencoder.ready == 0, "nothing is held for ever")
    }

    @Test func whatIsNotKnownBecomesUN() throws {
        var set = DataSetBuilder(.implicitVRLittleEndian)
        set.element(Tag(0x0009, 0x0010), .LO, "ACME")
        set.element(Tag(0x0009, 0x1001), .UN, bytes: [1, 2, 3])
        set.sequence(Tag(0x0009, 0x1002)) { $0.item { $0.element(Tag(0x0010, 0x0020), .LO, "ID") } }
        set.element(Tag(0x0018, 0xFFF0), .UN, bytes: [])
        set.element(Tag(0x0028, 0x3006), .US, bytes: [1, 2])
        set.element(Tag(0x7FE0, 0x0010), .OW, bytes: [9])
        let expected = hex(
            """
            09 00 10 00 'LO' 04 00 'ACME'
            09 00 01 10 'UN' 00 00 04 00 00 00 01 02 03 00   # padded
            09 00 02 10 'SQ' 00 00 FF FF FF FF
            FE FF 00 E0 FF FF FF FF
            10 00 20 00 'LO' 02 00 'ID'
            FE FF 0D E0 00 00 00 00
            FE FF DD E0 00 00 00 00
            18 00 F0 FF 'UN' 00 00 00 00 00 00
            28 00 06 30 'OW' 00 00 02 00 00 00 01 02
            E0 7F 10 00 'OW' 00 00 02 00 00 00 09 00
            """)
        for piece in 1...40 {
            #expect(
                try reencoded(set.bytes, from: .implicitVRLittleEndian, to: .explicitVRLittleEndian, piece: piece)
                    == expected)
        }
    }

    @Test func oddVRsAndSequencesSentAsUNAreWrittenAsTheyAreRead() throws {
        let implicit = try reencoded(Samples.oddVRs, from: .explicitVRLittleEndian, to: .implicitVRLittleEndian)
        let dataSet = try DataSet(parsing: implicit, transferSyntax: .implicitVRLittleEndian)
        #expect(
            dataSet.elements.map(\.tag.element) == [0x0010, 0x1001, 0x1002, 0x1003, 0x1004, 0x1005, 0x1006, 0x0020])
        let again = try reencoded(Samples.oddVRs, from: .explicitVRLittleEndian, to: .explicitVRLittleEndian)
        let vrs = try DataSet(parsing: again, transferSyntax: .explicitVRLittleEndian).elements.map(\.vr)
        #expect(vrs == [.LO, .UN, .UN, .UN, .UN, .UN, .UN, .LO])
        // CP-246: its items are implicit, whatever is around them.
        for target in [Encoding.implicitVRLittleEndian, .explicitVRLittleEndian] {
            let written = try reencoded(
                Samples.unknownSequence(.implicitVRLittleEndian), from: .explicitVRLittleEndian, to: target)
            let syntax = target.isExplicit ? TransferSyntax.explicitVRLittleEndian : .implicitVRLittleEndian
            guard case .items(let items)? = try DataSet(parsing: written, transferSyntax: syntax).elements.first?.value
            else {
                Issue.record("no sequence")
                continue
            }
            #expect(items.first?.elements.map(\.tag) == [Tag(0x0008, 0x1155), Tag(0x0010, 0x0010)])
        }
    }

    @Test func aValueTooLongForItsVRBecomesUN() throws {
        for (count, expected) in [(0xFFFE, VR.LO), (0xFFFF, .UN), (0x1_0000, .UN)] {
            var set = DataSetBuilder(.implicitVRLittleEndian)
            set.element(Tag(0x0010, 0x0020), .LO, bytes: [UInt8](repeating: 65, count: count))
            set.element(Tag(0x0010, 0x0040), .CS, "M")
            let bytes = try reencoded(set.bytes, from: .implicitVRLittleEndian, to: .explicitVRLittleEndian)
            let dataSet = try DataSet(parsing: bytes, transferSyntax: .explicitVRLittleEndian)
            #expect(dataSet.elements.map(\.vr) == [expected, .CS])
        }
    }
}
