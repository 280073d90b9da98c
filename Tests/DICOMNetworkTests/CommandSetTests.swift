import DICOM
import TestSupport
import Testing

@testable import DICOMNetwork

/// Case 20 and what a response owes its request.
struct CommandSetTests {
    private func read(_ bytes: [UInt8]) throws -> CommandSet { try CommandSet(decoding: bytes.span.bytes) }

    @Test func aCommandIsReadAsItIsWritten() throws {
        var command = CommandSet(field: .storeRequest)
        command.messageID = 0xFFFF
        command.affectedSOPClassUID = Array("1.2.840.10008.5.1.4.1.1.2\0".utf8)
        command.affectedSOPInstanceUID = Array("1.2.3.40".utf8)
        command.dataSetType = 1
        command.priority = 2
        command.moveOriginator = Array("PACS".utf8)
        command.moveOriginatorMessageID = 12
        command.moveDestination = Array("KOSGATE_IN".utf8)
        command.offendingElements = [.studyInstanceUID, .patientID]
        command.suboperations = SuboperationCounts(remaining: 1, completed: 2, failed: 3, warning: 4)
        #expect(try read(command.encoded) == command)
    }

    @Test func aStoreResponseIsThis() throws {
        let response = try read(Wire.storeCommand()).response(StoreStatus(.outOfResources, errorComment: "full"))
        let expected = hex(
            """
            0000 0000 04000000 68000000                  # group length 104
            0000 0200 1A000000 "1.2.840.10008.5.1.4.1.1.2" 00
            0000 0001 02000000 0180                      # C-STORE-RSP
            0000 2001 02000000 0700                      # Message ID Being Responded To
            0000 0008 02000000 0101                      # no data set
            0000 0009 02000000 00A7                      # A700
            0000 0209 04000000 "full"                    # Error Comment
            0000 0010 0A000000 "1.2.3.4.5" 00
            """)
        var bytes = response.encoded
        // The group length counts what follows it.
        #expect(Int(bytes[8]) == bytes.count - 12)
        bytes[8] = 0x68
        #expect(bytes == expected)
    }

    /// Case 6: byte for byte, whatever was sent.
    @Test(arguments: ["1.2.3 ", "1.2.3\0", "01.02", "", "not a uid", String(repeating: "1.2345678", count: 12)])
    func identifiersAreEchoedAsTheyCame(instance: String) throws {
        let command = try read(Wire.storeCommand(instance: instance, sopClass: "1.2 "))
        let response = try read(command.response(.success).encoded)
        #expect(response.affectedSOPInstanceUID.prefix(instance.utf8.count) == Array(instance.utf8)[...])
        #expect(response.affectedSOPInstanceUID.count == instance.utf8.count + instance.utf8.count % 2)
        #expect(response.affectedSOPClassUID == Array("1.2 ".utf8))
    }

    @Test func anExplicitCommandIsUnderstood() throws {
        let command = try read(
            hex(
                """
                0000 0000 'UL' 0400 12000000
                0000 0200 'UI' 0400 "1.2" 00
                0000 0001 'US' 0200 0100
                0000 1001 'US' 0200 0300
                0000 0008 'US' 0200 0000
                0000 0010 'UN' 0000 04000000 "1.4" 00
                """))
        #expect(command.field == .storeRequest)
        #expect(command.messageID == 3)
        #expect(command.affectedSOPInstanceUID == Array("1.4\0".utf8))
    }

    @Test func whatIsWrongInACommandIsReadOver() throws {
        let command = try read(
            hex(
                """
                0000 0000 04000000 FFFFFFFF       # group length: wrong
                0000 1001 04000000 05000600       # Message ID with two values
                0000 0001 01000000 30             # Command Field of one byte
                0800 1800 04000000 "1.2" 00       # of another group
                0000 0008 00000000                # Data Set Type without value
                0000 0010 FFFF0000 "1.2"          # goes beyond the end
                """))
        #expect(command.field == .echoRequest)
        #expect(command.messageID == 5)
        #expect(!command.hasDataSet)
        #expect(command.affectedSOPInstanceUID.isEmpty)
    }

    @Test func aStoreAlwaysHasADataSet() throws {
        let withType = { (type: UInt16) in try read(Wire.element(0x0100, 0x0001) + Wire.element(0x0800, type)) }
        #expect(try withType(0x0101).hasDataSet)
        #expect(try withType(0x0000).hasDataSet)
        #expect(try read(Wire.element(0x0100, 0x0001)).hasDataSet)
        #expect(try !read(Wire.element(0x0100, 0x0030)).hasDataSet)
        #expect(try read(Wire.element(0x0100, 0x0020) + Wire.element(0x0800, 0x0102)).hasDataSet)
    }

    @Test func withoutACommandFieldThereIsNoCommand() {
        #expect(throws: ProtocolFault.unreadableCommand(offset: 10)) { try read(Wire.element(0x0110, 1)) }
        #expect(throws: ProtocolFault.unreadableCommand(offset: 0)) { try read([]) }
        #expect(throws: ProtocolFault.unreadableCommand(offset: 0)) { try read([1, 2, 3]) }
    }

    @Test func anErrorCommentIsShortAndPrintable() {
        let comment = String(repeating: "é\\x", count: 100)
        let response = CommandSet(field: .storeRequest).response(StoreStatus(.cannotUnderstand, errorComment: comment))
        #expect(response.errorComment == Array(String(repeating: "x", count: 64).utf8))
    }

    @Test func chanceNeverTraps() {
        var random = SeededRandom(seed: 20)
        let whole = Wire.storeCommand()
        var understood = 0
        for _ in 0..<3000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if (try? read(Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random))))) != nil {
                understood += 1
            }
        }
        #expect(understood > 100)
    }
}
