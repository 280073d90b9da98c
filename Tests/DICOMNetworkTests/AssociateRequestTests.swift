import DICOM
import TestSupport
import Testing

@testable import DICOMNetwork

struct AssociateRequestTests {
    private func read(_ pdu: [UInt8]) throws -> AssociateRequest {
        try AssociateRequest(body: Array(pdu.dropFirst(6)).span.bytes)
    }

    @Test func aRequestIsReadAsItIsWritten() throws {
        let pdu = hex(
            """
            01 00 00 00 00 81                          # A-ASSOCIATE-RQ of 129 bytes
            00 01 00 00                                # version 1
            "KOSGATE         "                         # called
            "CT1             "                         # calling
            0000000000000000 0000000000000000 0000000000000000 0000000000000000
            10 00 00 15 "1.2.840.10008.3.1.1.1"        # application context
            20 00 00 20 05 00 00 00                    # context 5
              30 00 00 03 "1.2"                        # abstract syntax
              40 00 00 11 "1.2.840.10008.1.2"          # transfer syntax
            """)
        // The user information is missing: tolerated.
        let request = try read(pdu)
        #expect(request.called == AETitle("KOSGATE"))
        #expect(request.calling == AETitle("CT1"))
        #expect(
            request.contexts == [
                ProposedContext(id: 5, abstractSyntax: SOPClassUID("1.2"), transferSyntaxes: [.implicitVRLittleEndian])
            ])
        #expect(request.user.maximumLength == nil)
        #expect(try read(request.pdu).contexts == request.contexts)
    }

    /// Case 7: the maximum length item.
    @Test(
        arguments: [
            ([], nil),
            (Wire.item(0x51, [0, 0, 0, 0]), 0),
            (Wire.item(0x51, [0, 0, 0xFF, 0xFF]), 65535),
            (Wire.item(0x51, [0xFF, 0xFF, 0xFF, 0xFF]), UInt32.max),
            (Wire.item(0x51, [0x40, 0]), nil),
        ] as [([UInt8], UInt32?)])
    func theMaximumLengthIsReadHoweverOddItIs(user: [UInt8], expected: UInt32?) throws {
        #expect(try read(Wire.associateRequest(user: user)).user.maximumLength == expected)
    }

    /// Case 11: asynchronous operations, role selection, extended negotiation, user identity, unknown items.
    @Test func unknownUserItemsArePassedOver() throws {
        let user =
            Wire.item(0x53, [0, 0, 0, 0]) + Wire.item(0x54, [0, 3] + Array("1.2".utf8) + [1, 1])
            + Wire.item(0x56, [1, 2, 3]) + Wire.item(0x57, [9]) + Wire.item(0x58, [1, 0, 0, 4, 1, 2, 3, 4])
            + Wire.item(0xEE, []) + Wire.item(0x51, [0, 0, 0x80, 0]) + Wire.item(0x55, Array("MODALITY".utf8))
        let request = try read(Wire.associateRequest(user: user))
        #expect(request.user.maximumLength == 32768)
        #expect(request.user.implementationVersionName == Array("MODALITY".utf8))
        #expect(request.contexts.count == 2)
    }

    /// Case 4: lengths of items and sub-items that go beyond what holds them.
    @Test(arguments: [
        Wire.item(0x20, [1, 0, 0, 0], length: 60000),
        Wire.item(0x20, [1, 0]),
        Wire.item(0x20, [1, 0, 0, 0] + Wire.item(0x30, [0x31], length: 2)),
        Wire.item(0x20, [1, 0, 0, 0] + Wire.item(0x40, [0x31], length: 0xFFFF)),
    ])
    func aLyingLengthIsAFaultWithItsPlace(contexts: [UInt8]) {
        let pdu = Wire.associateRequest(contexts: contexts, user: [])
        #expect {
            try read(pdu)
        } throws: { error in
            if case ProtocolFault.lyingLength(.associateRequest, let offset) = error { return offset > 68 }
            return false
        }
    }

    @Test func everyTruncationIsReadOrRefusedButNeverTraps() {
        let whole = Wire.associateRequest()
        var read = 0
        for count in 0..<whole.count - 6 {
            let body = Array(whole[6..<6 + count])
            if (try? AssociateRequest(body: body.span.bytes)) != nil { read += 1 }
        }
        #expect(read > 0)
        #expect(throws: ProtocolFault.tooShort(.associateRequest, length: 67)) {
            try AssociateRequest(body: Array(whole[6..<73]).span.bytes)
        }
    }

    @Test func chanceNeverTraps() {
        var random = SeededRandom(seed: 4)
        let whole = Wire.associateRequest()
        for _ in 0..<2000 {
            var body = Array(whole.dropFirst(6))
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                body[Int.random(in: 68..<body.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            _ = try? AssociateRequest(body: body.span.bytes)
            _ = try? AssociateAccept(body: body.span.bytes)
        }
        #expect(try! AssociateRequest(body: Array(whole.dropFirst(6)).span.bytes).contexts.count == 2)  // it is right
    }

    /// Case 5: AE titles as peers write them.
    @Test(arguments: [
        ("CT1\0\0\0\0\0\0\0\0\0\0\0\0\0", "CT1"), ("                ", ""), ("ct1             ", "ct1"),
        ("../../etc/passwd", "../../etc/passwd"), ("A\u{1}B             ", "A\u{1}B"),
    ])
    func titlesAreKeptAndComparedWithoutPadding(spelling: String, text: String) throws {
        let request = try read(Wire.associateRequest(calling: spelling))
        #expect(request.calling.text == text)
        #expect(request.callingBytes == Array(spelling.utf8))
    }
}
