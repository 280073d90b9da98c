import DICOM
import TestSupport
import Testing

@testable import Gateway

struct AdoptionHeaderTests {
    private func dataSet(_ elements: [(DICOM.Tag, VR, [UInt8])]) throws -> DataSet {
        var set = DataSetBuilder(.implicitVRLittleEndian)
        for (tag, vr, value) in elements.sorted(by: { $0.0 < $1.0 }) {
            set.element(tag, vr, bytes: value + (value.count & 1 == 1 ? [vr == .UI ? 0 : 0x20] : []))
        }
        return try DataSet(parsing: set.bytes, transferSyntax: .implicitVRLittleEndian)
    }

    private func text(_ tag: DICOM.Tag, _ vr: VR, _ value: String) -> (DICOM.Tag, VR, [UInt8]) {
        (tag, vr, Array(value.utf8))
    }

    private let name: [UInt8] = Array("EXEMPLE^ZO".utf8) + [0xC9]

    private func study(characterSet: String, name: [UInt8]) throws -> DataSet {
        try dataSet([
            text(.specificCharacterSet, .CS, characterSet), (.patientName, .PN, name),
            text(.patientID, .LO, "IPP0042"), text(.studyInstanceUID, .UI, "1.2.3"),
            text(.queryRetrieveLevel, .CS, "STUDY"), text(.numberOfStudyRelatedInstances, .IS, "1"),
            text(.accessionNumber, .SH, "A2026"), text(.studyDescription, .LO, ""),
        ])
    }

    private func series(_ characterSet: String = "", description: [UInt8] = Array("Axial".utf8)) throws -> DataSet {
        try dataSet([
            text(.specificCharacterSet, .CS, characterSet), (.seriesDescription, .LO, description),
            text(.modality, .CS, "CT"), text(.seriesInstanceUID, .UI, "1.2.3.1"),
        ])
    }

    private func instance(sopClass: String = SOPClassUID.ctImage.text) throws -> DataSet {
        try dataSet([
            text(.sopClassUID, .UI, sopClass), text(.sopInstanceUID, .UI, "1.2.3.1.7"),
            text(.seriesInstanceUID, .UI, "1.2.3.1"), text(.queryRetrieveLevel, .CS, "IMAGE"),
            text(.instanceNumber, .IS, "7"), (.rows, .US, [0, 2]),
        ])
    }

    private func header(_ study: DataSet, _ series: DataSet, _ instance: DataSet) throws -> DataSet? {
        try AdoptionHeader.header(study: study, series: series, instance: instance).map {
            try DataSet(header: $0, encoding: .explicitVRLittleEndian)
        }
    }

    @Test func everyLevelSaysWhatItKnows() throws {
        let header = try header(study(characterSet: "ISO_IR 100", name: name), series(), instance())
        let found = try #require(header)
        #expect(found.bytes(.patientName) == name + [0x20])
        #expect(found.string(.patientName) == "EXEMPLE^ZO\u{C9}")
        #expect(found.string(.specificCharacterSet) == "ISO_IR 100")
        #expect(found.string(.accessionNumber) == "A2026")
        #expect(found.string(.modality) == "CT")
        #expect(found.int(.instanceNumber) == 7)
        #expect(found.int(.rows) == 512)
        #expect(found.uid(.sopInstanceUID) == InstanceUID("1.2.3.1.7"))
        // What belongs to the question is no part of the answer.
        #expect(found[.queryRetrieveLevel] == nil)
        #expect(found[.numberOfStudyRelatedInstances] == nil)
        #expect(found[.studyDescription] == nil)
        #expect(found.elements.map(\.tag) == found.elements.map(\.tag).sorted())
    }

    @Test func twoCharacterSetsBecomeOne() throws {
        let series = try series("ISO_IR 192", description: Array("T\u{EA}te".utf8))
        let found = try #require(try header(study(characterSet: "ISO_IR 100", name: name), series, instance()))
        #expect(found.string(.specificCharacterSet) == "ISO_IR 192")
        #expect(found.string(.patientName) == "EXEMPLE^ZO\u{C9}")
        #expect(found.string(.seriesDescription) == "T\u{EA}te")
    }

    @Test func withoutItsIdentifiersThereIsNoInstance() throws {
        #expect(
            try header(study(characterSet: "", name: Array("A".utf8)), series(), instance(sopClass: "")) == nil)
    }
}
