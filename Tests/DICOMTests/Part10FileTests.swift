import DICOM
import TestSupport
import Testing

/// DICOM files (PS3.10 §7), with what they lack.
struct Part10FileTests {
    static let writer = Part10Writer(
        implementationClassUID: "1.2.826.0.1", implementationVersionName: "KOSGATE_TEST",
        sourceApplicationEntityTitle: AETitle("KOSGATE"))
    static let start = writer.start(sopClassUID: SOPClassUID("1.2.3"), sopInstanceUID: InstanceUID("1.2.3.4.5"))

    @Test func aFileIsWrittenAsTheStandardWants() {
        let expected = hex(
            """
            'DICM'
            02 00 00 00 'UL' 04 00 82 00 00 00
            02 00 01 00 'OB' 00 00 02 00 00 00 00 01
            02 00 02 00 'UI' 06 00 "1.2.3" 00
            02 00 03 00 'UI' 0A 00 "1.2.3.4.5" 00
            02 00 10 00 'UI' 14 00 "1.2.840.10008.1.2.1" 00
            02 00 12 00 'UI' 0C 00 "1.2.826.0.1" 00
            02 00 13 00 'SH' 0C 00 "KOSGATE_TEST"
            02 00 16 00 'AE' 08 00 "KOSGATE "
            """)
        #expect(Self.start[..<128].allSatisfy { $0 == 0 })
        #expect(Array(Self.start[128...]) == expected)
    }

    @Test func whatWasWrittenIsReadAgain() throws {
        let bytes = Self.start + DataSetBuilder.ct()
        let (file, dataSet) = try Part10File.read(bytes.span.bytes)
        #expect(file.hasPreamble)
        #expect(file.transferSyntax == .explicitVRLittleEndian)
        #expect(file.mediaStorageSOPClassUID == SOPClassUID("1.2.3"))
        #expect(file.mediaStorageSOPInstanceUID == InstanceUID("1.2.3.4.5"))
        #expect(file.dataSetOffset == Self.start.count)
        #expect(dataSet.uid(Tag(0x0020, 0x000D)) == StudyUID("1.2.3.4"))
        #expect(dataSet.elements.first?.offset == Self.start.count, "offsets count from the start of the file")
    }

    @Test func preambleAndPrefixMayBeMissing() throws {
        let whole = Self.start + DataSetBuilder.ct()
        for dropped in [128, 132] {
            let file = try Part10File(Array(whole[dropped...]))
            #expect(!file.hasPreamble)
            #expect(file.dataSetOffset == Self.start.count - dropped)
            #expect(file.transferSyntax == .explicitVRLittleEndian)
        }
    }

    @Test(arguments: [
        (Encoding.implicitVRLittleEndian, TransferSyntax.implicitVRLittleEndian),
        (.explicitVRLittleEndian, .explicitVRLittleEndian), (.explicitVRBigEndian, .explicitVRBigEndian),
    ])
    func metaInformationMayBeMissing(encoding: Encoding, syntax: TransferSyntax) throws {
        let file = try Part10File(DataSetBuilder.ct(encoding))
        #expect(file.transferSyntax == syntax)
        #expect(file.dataSetOffset == 0)
        let afterPreamble = [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + DataSetBuilder.ct(encoding)
        #expect(try Part10File(afterPreamble).transferSyntax == syntax)
        #expect(try Part10File(afterPreamble).dataSetOffset == 132)
    }

    @Test(arguments: [0, 4, 0x50, 0x7B, 0x7D, 0xFFFF_FFFF])
    func theGroupLengthMayBeWrong(length: UInt32) throws {
        var bytes = Self.start + DataSetBuilder.ct()
        for index in 0..<4 { bytes[140 + index] = UInt8(truncatingIfNeeded: length >> (8 * index)) }
        let file = try Part10File(bytes)
        #expect(file.dataSetOffset == Self.start.count)
        #expect(file.transferSyntax == .explicitVRLittleEndian)
    }

    @Test func theTransferSyntaxMayBeMissing() throws {
        let meta = hex("02 00 02 00 'UI' 06 00 \"1.2.3\" 00")
        let file = try Part10File(
            [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + meta + DataSetBuilder.ct(.implicitVRLittleEndian))
        #expect(file.transferSyntax == .implicitVRLittleEndian)
        #expect(file.dataSetOffset == 132 + meta.count)
    }

    @Test func anExecutablePreambleIsOnlyAPreamble() throws {
        var bytes = Self.start + DataSetBuilder.ct()
        bytes[0] = 0x4D
        bytes[1] = 0x5A
        #expect(try Part10File(bytes).dataSetOffset == Self.start.count)
    }

    @Test func whatIsNotDICOMIsSaidToBeSo() {
        let notDICOM: [[UInt8]] = [
            [], [0x08], Array("Hello, this is a text file, of some length.".utf8),
            [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, 0],
            [UInt8](repeating: 0, count: 1000), Array("<html><body></body></html>".utf8),
            Array("%PDF-1.7 and so on".utf8),
        ]
        for bytes in notDICOM {
            #expect(throws: ParseError(.notDICOM, offset: 0)) { try Part10File(bytes) }
        }
    }

    @Test func metaInformationThatDoesNotEndIsAnError() {
        #expect(throws: ParseError(.unexpectedEnd, offset: 190, tag: Tag(0x0002, 0x0010))) {
            try Part10File(Array(Self.start[..<200]))
        }
    }

    @Test func aDeflatedFileIsRead() throws {
        let writer = Part10Writer(
            transferSyntax: .deflatedExplicitVRLittleEndian, implementationClassUID: "1.2",
            implementationVersionName: "T")
        let bytes = writer.file(
            sopClassUID: SOPClassUID("1.2.3"), sopInstanceUID: InstanceUID("1.2"),
            dataSet: Deflate.deflated(DataSetBuilder.ct()))
        let (_, dataSet) = try Part10File.read(bytes.span.bytes)
        #expect(dataSet.string(Tag(0x0010, 0x0020)) == "PID-1")
    }
}
