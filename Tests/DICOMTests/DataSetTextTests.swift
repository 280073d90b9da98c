import DICOM
import Testing

/// Strings of a data set in the character set in force.
struct DataSetTextTests {
    private func element(_ tag: DICOM.Tag, _ vr: VR, _ bytes: [UInt8]) -> DataSet.Element {
        DataSet.Element(tag, vr, .bytes(bytes))
    }

    @Test func stringsAreReadInTheDeclaredSet() {
        let dataSet = DataSet([
            element(.specificCharacterSet, .CS, Array("\\ISO 2022 IR 58".utf8)),
            element(.patientName, .PN, [0x1B, 0x24, 0x29, 0x41, 0xD5, 0xC5, 0x5E]),  // ESC $ ) A 张 ^
        ])
        #expect(dataSet.string(.patientName) == "张^")
        #expect(dataSet.texts(.patientName) == [DecodedText(text: "张^")])
    }

    @Test func anItemHasTheSetOfTheDataSetAroundItUnlessItDeclaresItsOwn() throws {
        let bytes: [UInt8] = [
            0x08, 0x00, 0x05, 0x00, 0x43, 0x53, 0x0A, 0x00,  // (0008,0005) CS 10
            0x49, 0x53, 0x4F, 0x5F, 0x49, 0x52, 0x20, 0x31, 0x34, 0x34,  // ISO_IR 144
            0x40, 0x00, 0x75, 0x02, 0x53, 0x51, 0x00, 0x00, 0x34, 0x00, 0x00, 0x00,  // (0040,0275) SQ 52
            0xFE, 0xFF, 0x00, 0xE0, 0x0A, 0x00, 0x00, 0x00,  // item 10
            0x40, 0x00, 0x07, 0x00, 0x4C, 0x4F, 0x02, 0x00, 0xB0, 0xB1,  // (0040,0007) LO 2: АБ
            0xFE, 0xFF, 0x00, 0xE0, 0x1A, 0x00, 0x00, 0x00,  // item 26
            0x08, 0x00, 0x05, 0x00, 0x43, 0x53, 0x08, 0x00,  // (0008,0005) CS 8
            0x47, 0x42, 0x31, 0x38, 0x30, 0x33, 0x30, 0x20,  // GB18030
            0x40, 0x00, 0x07, 0x00, 0x4C, 0x4F, 0x02, 0x00, 0xCD, 0xF5,  // (0040,0007) LO 2: 王
        ]
        let dataSet = try DataSet(parsing: bytes.span.bytes, transferSyntax: .explicitVRLittleEndian)
        let items = dataSet.items(.requestAttributesSequence)
        #expect(items.map { $0.string(.scheduledProcedureStepDescription) } == ["АБ", "王"])
    }

    @Test func lossesAndDoubtsAreToldForEachValue() {
        let dataSet = DataSet([
            element(.specificCharacterSet, .CS, Array("ISO_IR 192".utf8)),
            element(.otherPatientNames, .PN, [0x41, 0x5C, 0xE9, 0x20]),
        ])
        #expect(
            dataSet.texts(.otherPatientNames) == [
                DecodedText(text: "A"), DecodedText(text: "\u{FFFD}", losses: 1),
            ])
        #expect(DataSet([element(.patientID, .LO, [0xE9])]).texts(.patientID).first?.doubts == .undeclaredLatin1)
    }

    @Test func paddingAloneIsNoValue() {
        #expect(DataSet([element(.patientID, .LO, [0x20, 0x20])]).texts(.patientID).isEmpty)
        #expect(DataSet([element(.patientID, .LO, [])]).texts(.patientID).isEmpty)
        #expect(DataSet().texts(.patientID).isEmpty)
    }
}
