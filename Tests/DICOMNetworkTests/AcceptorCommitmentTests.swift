import DICOM
import TestSupport
import Testing

@testable import DICOMNetwork

/// A destination that we asked for storage commitment tells its result on an association of its own (PS3.4 §J.3.3).
struct AcceptorCommitmentTests {
    private static let pushModel = "1.2.840.10008.1.20.1"

    private static func role(user: UInt8, provider: UInt8, of sopClass: String = pushModel) -> [UInt8] {
        let uid = Array(sopClass.utf8)
        return Wire.item(0x54, Wire.big16(UInt16(uid.count)) + uid + [user, provider])
    }

    private static func request(_ roles: [UInt8]) -> [UInt8] {
        Wire.associateRequest(
            contexts: Wire.context(1, Wire.ctImageStorage, Wire.explicitVR)
                + Wire.context(5, pushModel, Wire.implicitVR),
            user: Wire.item(0x51, [0, 0, 0x40, 0]) + roles)
    }

    private static let providing = request(role(user: 0, provider: 1))

    private static let information: [UInt8] = {
        var set = DataSetBuilder(.implicitVRLittleEndian)
        set.element(.transactionUID, .UI, "2.25.7")
        set.sequence(.failedSOPSequence) { sequence in
            sequence.item { item in
                item.element(.failureReason, .US, bytes: [0x12, 0x01])
                item.element(.referencedSOPClassUID, .UI, Wire.ctImageStorage)
                item.element(.referencedSOPInstanceUID, .UI, "1.2.4")
            }
        }
        set.sequence(.referencedSOPSequence) { sequence in
            sequence.item { item in
                item.element(.referencedSOPClassUID, .UI, Wire.ctImageStorage)
                item.element(.referencedSOPInstanceUID, .UI, "1.2.3")
            }
        }
        return set.bytes
    }()

    private static func command(_ field: UInt16 = 0x0100, eventType: UInt16 = 2, dataSet: UInt16 = 1) -> [UInt8] {
        Wire.element(0x0002, Array(pushModel.utf8)) + Wire.element(0x0100, field) + Wire.element(0x0110, 3)
            + Wire.element(0x0800, dataSet) + Wire.element(0x1000, Array("1.2.840.10008.1.20.1.1".utf8))
            + Wire.element(0x1002, eventType)
    }

    private static func report(_ information: [UInt8] = information, eventType: UInt16 = 2) -> [UInt8] {
        Wire.data(Wire.pdv(5, 3, command(eventType: eventType))) + Wire.data(Wire.pdv(5, 2, information))
    }

    private func run(_ bytes: [UInt8], chunk: Int = .max, status: Status = .success) -> AcceptorRun {
        var run = AcceptorRun()
        run.status = StoreStatus(status)
        run.feed(bytes, chunk: chunk)
        return run
    }

    private func accept(_ roles: [UInt8]) throws -> AssociateAccept {
        let answer = try #require(run(Self.request(roles)).sent.first)
        return try AssociateAccept(body: Array(answer.dropFirst(6)).span.bytes)
    }

    @Test func onlyWhoProposesToBeItsProviderIsAccepted() throws {
        let accepted = try accept(Self.role(user: 0, provider: 1))
        #expect(accepted.contexts.map(\.result) == [.acceptance, .acceptance])
        #expect(accepted.user.roles == [RoleSelection(.storageCommitmentPushModel, isUser: false, isProvider: true)])
        // Who asks for both is still not to ask us for a commitment.
        let both = try accept(Self.role(user: 1, provider: 1))
        #expect(both.user.roles == [RoleSelection(.storageCommitmentPushModel, isUser: false, isProvider: true)])
        for roles in [[], Self.role(user: 1, provider: 0), Self.role(user: 0, provider: 1, of: Wire.ctImageStorage)] {
            let refused = try accept(roles)
            #expect(refused.contexts.map(\.result) == [.acceptance, .abstractSyntaxNotSupported])
            #expect(refused.user.roles.isEmpty)
        }
    }

    @Test(arguments: 1...40)
    func theResultIsReadHoweverItIsCut(chunk: Int) throws {
        let run = run(Self.providing + Self.report() + Self.report() + Wire.releaseRequest, chunk: chunk)
        let result = CommitmentResult(
            transaction: TransactionUID("2.25.7"), committed: [InstanceUID("1.2.3")],
            failed: [.init(InstanceUID("1.2.4"), reason: Status(rawValue: 0x0112))])
        #expect(run.reports == [result, result])
        #expect(
            run.log == ["sent A-ASSOCIATE-AC", "answered 8100 with 0", "answered 8100 with 0", "sent A-RELEASE-RP"])
        let answer = try CommandSet(decoding: Array(run.sent[1].dropFirst(12)).span.bytes)
        #expect(answer.messageIDBeingRespondedTo == 3)
        #expect(answer.eventTypeID == 2)
        #expect(answer.affectedSOPClassUID.starts(with: Array(Self.pushModel.utf8)))
        #expect(answer.affectedSOPInstanceUID.starts(with: Array("1.2.840.10008.1.20.1.1".utf8)))
        #expect(!answer.hasDataSet)
    }

    @Test func theAnswerIsThatOfWhoTookIt() {
        let run = run(Self.providing + Self.report(), status: CommitmentResult.unknownTransaction)
        #expect(run.log.last == "answered 8100 with 115")
    }

    @Test func whatCannotBeUnderstoodIsAnsweredSo() {
        var other = DataSetBuilder(.implicitVRLittleEndian)
        other.element(.accessionNumber, .SH, "A4711")
        let cases: [([UInt8], String)] = [
            (Self.report(eventType: 9), "113"), (Self.report([]), "115"), (Self.report(other.bytes), "115"),
            (Self.report([8, 0, 0x95, 0x11, 0xFF, 0, 0, 0, 0x31]), "110"),
            (Wire.data(Wire.pdv(5, 3, Self.command(dataSet: 0x0101))), "211"),
            (Self.report([UInt8](repeating: 0, count: CommitmentResult.limit + 1)), "213"),
        ]
        for (bytes, status) in cases {
            let run = run(Self.providing + bytes + Self.report(), chunk: 30_000)
            #expect(run.log.dropFirst() == ["answered 8100 with \(status)", "answered 8100 with 0"])
            #expect(run.reports.count == 1)
        }
    }

    @Test func aRequestToCommitAndAnImageAreRefusedOnThatContext() {
        let action = Wire.data(Wire.pdv(5, 3, Self.command(0x0130))) + Wire.data(Wire.pdv(5, 2, Self.information))
        let run = run(Self.providing + action + Wire.store([8, 0], context: 5) + Self.report())
        #expect(
            run.log.dropFirst() == ["answered 8130 with 211", "answered 8001 with 122", "answered 8100 with 0"])
    }

    @Test func aReportElsewhereIsNoReport() {
        let report = Wire.data(Wire.pdv(1, 3, Self.command())) + Wire.data(Wire.pdv(1, 2, Self.information))
        let run = run(Self.providing + report)
        #expect(run.log.last == "answered 8100 with 211")
        #expect(run.reports.isEmpty)
    }

    @Test func aLongResultIsAskedRoomFor() {
        var set = DataSetBuilder(.implicitVRLittleEndian)
        set.element(.transactionUID, .UI, "2.25.7")
        set.sequence(.referencedSOPSequence) { sequence in
            for number in 0..<2000 {
                sequence.item { $0.element(.referencedSOPInstanceUID, .UI, "1.2.\(number)") }
            }
        }
        for budget in [20_000, Int.max] {
            var run = AcceptorRun(headerAllowance: 16_384)
            run.headerBudget = budget
            run.feed(Self.providing + Self.report(set.bytes) + Self.report(), chunk: 1000)
            #expect(run.reports.map(\.committed.count) == (budget == .max ? [2000, 1] : [1]))
            #expect(run.log[1] == "answered 8100 with \(budget == .max ? "0" : "a700")")
        }
    }

    @Test func chanceNeverTraps() {
        var random = SeededRandom(seed: 20)
        for _ in 0..<400 {
            var bytes = Self.providing + Self.report() + Self.report() + Wire.releaseRequest
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            var run = run(bytes, chunk: Int.random(in: 1...200, using: &random))
            if !run.isClosed { run.closeTransport() }
            #expect(run.isClosed && run.ending != nil)
            #expect(run.reports.count <= 2)
        }
    }
}
