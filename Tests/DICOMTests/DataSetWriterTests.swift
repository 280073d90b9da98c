import DICOM
import TestSupport
import Testing

struct DataSetWriterTests {
    @Test func explicitElementsAreWrittenAsTheStandardShowsThem() {
        var writer = DataSetWriter(encoding: .explicitVRLittleEndian)
        writer.element(Tag(0x0008, 0x0018), InstanceUID("1.2.3"))
        writer.element(Tag(0x0008, 0x0060), .CS, "CTX")
        writer.element(Tag(0x0009, 0x1001), .OB, bytes: [1])
        writer.element(Tag(0x0010, 0x0010), .PN, ["A^B", "C"])
        writer.empty(Tag(0x0010, 0x0030), .DA)
        writer.element(Tag(0x0028, 0x0010), uint16: 512, 3)
        writer.element(Tag(0x0028, 0x9001), uint32: 0x0102_0304)
        writer.empty(Tag(0x0040, 0x0275), .SQ)
        let expected = hex(
            """
            08 00 18 00 'UI' 06 00 "1.2.3" 00
            08 00 60 00 'CS' 04 00 "CTX "
            09 00 01 10 'OB' 00 00 02 00 00 00 01 00
            10 00 10 00 'PN' 06 00 "A^B\\C "
            10 00 30 00 'DA' 00 00
            28 00 10 00 'US' 04 00 00 02 03 00
            28 00 01 90 'UL' 04 00 04 03 02 01
            40 00 75 02 'SQ' 00 00 FF FF FF FF
            FE FF DD E0 00 00 00 00
            """)
        #expect(writer.finish() == expected)
    }

    @Test func implicitElementsHaveNoVR() {
        var writer = DataSetWriter(encoding: .implicitVRLittleEndian)
        writer.element(Tag(0x0008, 0x0060), .CS, "CT")
        writer.beginSequence(Tag(0x0040, 0x0275))
        writer.beginItem()
        writer.element(Tag(0x0040, 0x1001), .SH, "RP")
        writer.endItem()
        writer.endSequence()
        let expected = hex(
            """
            08 00 60 00 02 00 00 00 'CT'
            40 00 75 02 FF FF FF FF
            FE FF 00 E0 FF FF FF FF
            40 00 01 10 02 00 00 00 'RP'
            FE FF 0D E0 00 00 00 00
            FE FF DD E0 00 00 00 00
            """)
        #expect(writer.finish() == expected)
    }

    @Test func aValueTooLongForItsVRIsWrittenAsUN() throws {
        let value = [UInt8](repeating: 0x31, count: 70_000)
        var writer = DataSetWriter(encoding: .explicitVRLittleEndian)
        writer.element(Tag(0x0028, 0x3006), .US, bytes: value)
        let dataSet = try DataSet(parsing: writer.finish(), transferSyntax: .explicitVRLittleEndian)
        #expect(dataSet.elements == [DataSet.Element(Tag(0x0028, 0x3006), .UN, .bytes(value))])
    }

    @Test func drainingInPiecesGivesTheSameBytes() throws {
        var random = SeededRandom(seed: 11)
        let dataSet = RandomDataSet.make(&random, depth: 3)
        var whole = DataSetWriter(encoding: .explicitVRLittleEndian)
        whole.write(dataSet)
        var pieces: [UInt8] = []
        var writer = DataSetWriter(encoding: .explicitVRLittleEndian)
        for element in dataSet.elements {
            writer.write(DataSet([element]))
            pieces += writer.drain()
        }
        #expect(writer.drainedBytes == pieces.count)
        pieces += writer.finish()
        #expect(pieces == whole.finish())
    }

    @Test(arguments: [TransferSyntax.explicitVRLittleEndian, .implicitVRLittleEndian])
    func whatWasWrittenIsReadAgain(syntax: TransferSyntax) throws {
        for seed in 0..<100 {
            var random = SeededRandom(seed: UInt64(seed))
            let dataSet = RandomDataSet.make(&random, depth: 3)
            var writer = DataSetWriter(encoding: syntax.encoding)
            writer.write(dataSet)
            let bytes = writer.finish()
            let again = try DataSet(parsing: bytes, transferSyntax: syntax)
            #expect(again == dataSet, "seed \(seed)")
            var second = DataSetWriter(encoding: syntax.encoding)
            second.write(again)
            #expect(second.finish() == bytes, "seed \(seed)")
        }
    }
}
