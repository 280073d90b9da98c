import DICOM
import TestSupport
import Testing

@testable import DICOMNetwork

struct QueryTests {
    @Test(arguments: [Encoding.explicitVRLittleEndian, .implicitVRLittleEndian])
    func theIdentifierIsInOrderAndHasItsLevel(encoding: Encoding) {
        var query = Query(.series)
        query.ask(for: .seriesInstanceUID, .numberOfStudyRelatedInstances, .referencedStudySequence)
        query.match(.studyInstanceUID, StudyUID("1.2.3"))
        var expected = DataSetBuilder(encoding)
        expected.element(.queryRetrieveLevel, .CS, "SERIES")
        expected.sequence(.referencedStudySequence) { _ in }
        expected.element(.studyInstanceUID, .UI, "1.2.3")
        expected.element(.seriesInstanceUID, .UI, "")
        expected.element(.numberOfStudyRelatedInstances, .IS, "")
        #expect(query.identifier(encoding) == expected.bytes)
    }

    @Test func aKeyThatIsMatchedIsNotAskedForAway() {
        var query = Query(.study)
        query.match(.patientID, "IPP0042")
        query.ask(for: .patientID)
        #expect(query.keys[.patientID] == ["IPP0042"])
    }

    @Test func severalValuesAreAList() throws {
        var query = Query(.image)
        query.match(.sopInstanceUID, ["1.2.3", "1.2.4"])
        let dataSet = try DataSet(
            parsing: query.identifier(.implicitVRLittleEndian), transferSyntax: .implicitVRLittleEndian)
        #expect(dataSet.strings(.sopInstanceUID) == ["1.2.3", "1.2.4"])
        #expect(dataSet[.specificCharacterSet] == nil)
    }

    @Test(arguments: [("ZO\u{C9}", "ISO_IR 100"), ("\u{141}UKASZ", "ISO_IR 192")])
    func aNameBeyondASCIIHasItsCharacterSet(name: String, characterSet: String) throws {
        var query = Query(.study)
        query.match(.patientName, name)
        let dataSet = try DataSet(
            parsing: query.identifier(.explicitVRLittleEndian), transferSyntax: .explicitVRLittleEndian)
        #expect(dataSet.string(.specificCharacterSet) == characterSet)
        #expect(dataSet.string(.patientName) == name)
    }

    @Test func everyOperationHasItsSOPClass() {
        let classes = InformationModel.allCases.flatMap { model in
            QueryOperation.allCases.map { model.sopClassUID(of: $0) }
        }
        #expect(Set(classes).count == 6)
        for sopClass in classes { #expect(UIDRegistry.name(of: sopClass) != nil, "\(sopClass)") }
    }

    @Test func aStatusMeansWhatItsOperationSays() {
        #expect(Status(rawValue: 0xA702).description(of: .get).contains("sub-operations"))
        #expect(Status(rawValue: 0xA801).description(of: .move) == "0xA801 (move destination unknown)")
        #expect(Status(rawValue: 0xA900).description(of: .find).contains("identifier"))
        #expect(Status(rawValue: 0xC001).description(of: .find) == "0xC001 (unable to process)")
        #expect(Status(rawValue: 0x0122).description(of: .find) == "0x0122 (SOP class not supported)")
        #expect(Status(rawValue: 0xFE00).description(of: .move) == "0xFE00 (cancelled)")
    }

    @Test func rolesAreReadAsTheyAreWritten() throws {
        var user = UserInformation.ours(maximumLength: 16384)
        user.roles = [
            RoleSelection(.ctImage, isUser: false, isProvider: true),
            RoleSelection(.mrImage, isUser: true, isProvider: true),
        ]
        let request = AssociateRequest(
            called: AETitle("PACS"), calling: AETitle("KOSGATE"), contexts: [], user: user)
        let body = Array(request.pdu.dropFirst(6))
        #expect(try AssociateRequest(body: body.span.bytes).user == user)
    }

    @Test func aRoleThatIsTooShortIsPassedOver() throws {
        let items = Wire.item(
            0x50, Wire.item(0x54, [0, 9, 0x31]) + Wire.item(0x54, []) + Wire.item(0x51, [0, 0, 1, 0]))
        let body = [0, 1, 0, 0] + [UInt8](repeating: 0x20, count: 64) + items
        let request = try AssociateRequest(body: body.span.bytes)
        #expect(request.user.roles.isEmpty)
        #expect(request.user.maximumLength == 256)
    }

    @Test func countsAndElementsOfAResponseAreRead() throws {
        let bytes =
            Wire.element(0x0100, 0x8021) + Wire.element(0x0120, 3) + Wire.element(0x0900, 0xB000)
            + Wire.element(0x0901, [0x20, 0, 0x0D, 0, 0x08, 0, 0x52, 0, 1])
            + Wire.element(0x1020, 1) + Wire.element(0x1021, 2) + Wire.element(0x1022, 3) + Wire.element(0x1023, 4)
        let command = try CommandSet(decoding: bytes.span.bytes)
        #expect(command.suboperations == SuboperationCounts(remaining: 1, completed: 2, failed: 3, warning: 4))
        #expect(command.offendingElements == [.studyInstanceUID, .queryRetrieveLevel])
    }
}
