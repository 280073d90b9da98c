import DICOM
import TestSupport
import Testing

@testable import DICOMNetwork

struct AssociateAcceptTests {
    /// The whole answer to a request with an accepted and a refused context: nothing in it that was not asked for.
    @Test func anAnswerIsThis() throws {
        var run = AcceptorRun(maximumPDULength: 0x40000)
        let asynchronous = Wire.item(0x53, [0, 0, 0, 0]) + Wire.item(0x54, [0, 3] + Array("1.2".utf8) + [1, 1])
        run.feed(
            Wire.associateRequest(
                contexts: Wire.context(1, "1.2.840.10008.1.20.1", Wire.implicitVR)
                    + Wire.context(3, Wire.verification, Wire.implicitVR + "\0", Wire.explicitVR),
                user: Wire.item(0x51, [0, 0, 0x40, 0]) + asynchronous))
        let accept = try #require(run.sent.first)
        let start = hex(
            """
            02 00 00 00 00 F0                          # A-ASSOCIATE-AC
            00 01 00 00                                # version 1
            "KOSGATE         "                         # called, as it came
            "CT1             "                         # calling, as it came
            0000000000000000 0000000000000000 0000000000000000 0000000000000000
            10 00 00 15 "1.2.840.10008.3.1.1.1"        # application context
            21 00 00 19 01 00 03 00                    # context 1: abstract syntax not supported
              40 00 00 11 "1.2.840.10008.1.2"          # and a transfer syntax all the same
            21 00 00 1A 03 00 00 00                    # context 3: accepted
              40 00 00 12 "1.2.840.10008.1.2" 00       # as it came
            """)
        var head = Array(accept.prefix(start.count))
        #expect(Int(head[5]) == accept.count - 6)
        head[5] = 0xF0
        #expect(head == start)
        let read = try AssociateAccept(body: Array(accept.dropFirst(6)).span.bytes)
        #expect(read.contexts.map(\.result) == [.abstractSyntaxNotSupported, .acceptance])
        #expect(read.contexts[1].transferSyntax == .implicitVRLittleEndian)
        #expect(read.user == .ours(maximumLength: 0x40000))
        // What follows is that and nothing else: no asynchronous operations, no roles.
        #expect(Array(accept.dropFirst(start.count)) == read.user.item)
    }

    @Test func ourImplementationIsNamedByAValidUID() {
        let ours = UserInformation.ours(maximumLength: 1)
        #expect(SOPClassUID(padded: ours.implementationClassUID).isValid)
        #expect((1...16).contains(ours.implementationVersionName.count))
    }

    /// Case 10: what stands behind a refusal is not looked at.
    @Test func aRefusedContextMayEndInAnything() throws {
        let body =
            [0, 1, 0, 0] + [UInt8](repeating: 0x20, count: 64)
            + Wire.item(0x21, [1, 0, 4, 0] + Wire.item(0x40, [], length: 99))
            + Wire.item(0x21, [3, 0, 9, 0]) + Wire.item(0x21, [5, 0, 0, 0])
        let accept = try AssociateAccept(body: body.span.bytes)
        #expect(accept.contexts.map(\.result) == [.transferSyntaxesNotSupported, .noReason, .noReason])
        #expect(throws: ProtocolFault.lyingLength(.associateAccept, offset: 78)) {
            let lying = body.prefix(68) + Wire.item(0x21, [1, 0, 0, 0] + Wire.item(0x40, [], length: 99))
            _ = try AssociateAccept(body: Array(lying).span.bytes)
        }
        #expect(throws: ProtocolFault.tooShort(.associateAccept, length: 3)) {
            try AssociateAccept(body: ([1, 2, 3] as [UInt8]).span.bytes)
        }
    }
}
