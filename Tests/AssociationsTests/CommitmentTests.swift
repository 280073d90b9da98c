import Associations
import DICOM
import DICOMNetwork
import TestSupport
import Testing
import Threads

/// Storage commitment as its SCU (PS3.4 §J.3): we ask, the destination tells, here or at our own port.
struct CommitmentTests {
    private static let request = CommitmentRequest(
        TransactionUID("2.25.7"), of: [.init(.ctImage, InstanceUID("1.2.3")), .init(.ctImage, InstanceUID("1.2.4"))])

    private static func information(_ transaction: String, _ instances: [String], encoding: Encoding) -> [UInt8] {
        var set = DataSetBuilder(encoding)
        set.element(.transactionUID, .UI, transaction)
        set.sequence(.referencedSOPSequence) { sequence in
            for instance in instances {
                sequence.item { item in
                    item.element(.referencedSOPClassUID, .UI, Wire.ctImageStorage)
                    item.element(.referencedSOPInstanceUID, .UI, instance)
                }
            }
        }
        return set.bytes
    }

    private static func command(messageID: UInt16 = 5, eventType: UInt16 = 1) -> CommandSet {
        var command = CommandSet(field: .eventReportRequest)
        command.affectedSOPClassUID = Array(SOPClassUID.storageCommitmentPushModel.text.utf8)
        command.affectedSOPInstanceUID = Array(InstanceUID.storageCommitmentPushModel.text.utf8)
        command.eventTypeID = eventType
        command.messageID = messageID
        command.dataSetType = 1
        return command
    }

    /// Tells a result on the association on which it was asked for; returns the answer's status.
    private static func tell(
        _ transaction: String, _ instances: [String] = ["1.2.3", "1.2.4"], over peer: QueryPeer, fragment: Int = .max
    ) -> UInt16? {
        peer.send(command().pdu(context: 1))
        let information = information(transaction, instances, encoding: .explicitVRLittleEndian)
        peer.sendData(information, context: 1, fragment: fragment)
        let answer = peer.receive()
        return answer?.command.field == .eventReportResponse ? answer?.command.status : nil
    }

    private func ask(
        _ scripted: ScriptedAssociation, waiting: Duration = .seconds(10),
        reporting: ((CommitmentResult) -> Status)? = nil
    ) throws -> (status: StoreStatus, result: CommitmentResult?) {
        var association = try scripted.open([.storageCommitment, .verification])
        if let reporting { association.reportCommitments(to: reporting) }
        let outcome = try association.requestCommitment(Self.request, waiting: waiting)
        // It is as good as before.
        #expect(try association.echo() == .success)
        try association.release()
        scripted.finish()
        return outcome
    }

    @Test(arguments: [1, 40, .max])
    func theResultMayComeOnTheSameAssociation(fragment: Int) throws {
        let asked = Monitor<QueryPeer.Received?>(nil)
        let answers = Monitor<[UInt16?]>([])
        let scripted = try ScriptedAssociation { peer in
            let request = peer.receive()
            asked.withLock { $0 = request }
            peer.answer(request, .success)
            let status = Self.tell("2.25.7", over: peer, fragment: fragment)
            answers.withLock { $0 = [status] }
            peer.answer(peer.receive(), .success)
            peer.release()
        }
        let (status, result) = try ask(scripted)
        #expect(status == .success)
        #expect(result?.committed == [InstanceUID("1.2.3"), InstanceUID("1.2.4")])
        #expect(answers.withLock { $0 } == [0])
        let request = try #require(asked.withLock { $0 })
        #expect(request.command.field == .actionRequest)
        #expect(request.command.actionTypeID == 1)
        #expect(SOPClassUID(padded: request.command.affectedSOPClassUID) == .storageCommitmentPushModel)
        #expect(InstanceUID(padded: request.command.affectedSOPInstanceUID) == .storageCommitmentPushModel)
        #expect(request.dataSet == Self.request.actionInformation(.explicitVRLittleEndian))
    }

    /// Some tell the result before they answer the request.
    @Test func theResultMayComeBeforeTheAnswer() throws {
        let scripted = try ScriptedAssociation { peer in
            let request = peer.receive()
            #expect(Self.tell("2.25.7", over: peer) == 0)
            peer.answer(request, .success)
            peer.answer(peer.receive(), .success)
            peer.release()
        }
        let (status, result) = try ask(scripted)
        #expect(status == .success)
        #expect(result?.committed.count == 2)
    }

    @Test func aRefusedRequestIsNotWaitedFor() throws {
        let scripted = try ScriptedAssociation { peer in
            peer.answer(peer.receive(), .processingFailure)
            peer.answer(peer.receive(), .success)
            peer.release()
        }
        let (status, result) = try ask(scripted, waiting: .seconds(1000))
        #expect(status.status == .processingFailure)
        #expect(result == nil)
    }

    @Test func withoutResultTheAssociationGoesOn() throws {
        let scripted = try ScriptedAssociation { peer in
            peer.answer(peer.receive(), .success)
            peer.answer(peer.receive(), .success)
            peer.release()
        }
        let (status, result) = try ask(scripted, waiting: .milliseconds(20))
        #expect(status == .success)
        #expect(result == nil)
    }

    @Test func anotherTransactionIsUnknownUnlessSomebodyKnowsIt() throws {
        for isKnown in [false, true] {
            let answers = Monitor<[UInt16?]>([])
            let scripted = try ScriptedAssociation { peer in
                peer.answer(peer.receive(), .success)
                let statuses = [Self.tell("2.25.6", over: peer), Self.tell("2.25.7", over: peer)]
                answers.withLock { $0 = statuses }
                peer.answer(peer.receive(), .success)
                peer.release()
            }
            var reported: [TransactionUID] = []
            let (_, result) = try ask(
                scripted,
                reporting: isKnown
                    ? { result in
                        reported.append(result.transaction)
                        return .success
                    } : nil)
            #expect(result?.transaction == TransactionUID("2.25.7"))
            #expect(reported == (isKnown ? [TransactionUID("2.25.6")] : []))
            #expect(answers.withLock { $0 } == [isKnown ? 0 : 0x0115, 0])
        }
    }

    /// While something else is waited for.
    @Test func aLateResultIsReported() throws {
        for isKnown in [false, true] {
            let scripted = try ScriptedAssociation { peer in
                peer.answer(peer.receive(), .success)
                let echo = peer.receive()
                #expect(Self.tell("2.25.7", over: peer) == (isKnown ? 0 : 0x0211))
                peer.answer(echo, .success)
                peer.release()
            }
            var reported: [CommitmentResult] = []
            let (_, result) = try ask(
                scripted, waiting: .zero,
                reporting: isKnown
                    ? { result in
                        reported.append(result)
                        return .success
                    } : nil)
            #expect(result == nil)
            #expect(reported.map(\.committed.count) == (isKnown ? [2] : []))
        }
    }

    @Test func aResultOnAnIdleAssociationIsTakenByWhoListens() throws {
        let isAsked = Monitor(false)
        let status = Monitor<UInt16??>(nil)
        let scripted = try ScriptedAssociation { peer in
            peer.answer(peer.receive(), .success)
            _ = isAsked.wait(until: .now + .seconds(10)) { $0 ? true : nil }
            let answer = Self.tell("2.25.7", over: peer)
            status.update { $0 = answer }
            peer.release()
        }
        var reported: [TransactionUID] = []
        var association = try scripted.open([.storageCommitment])
        association.reportCommitments(to: { result in
            reported.append(result.transaction)
            return .success
        })
        #expect(try association.requestCommitment(Self.request, waiting: .zero).result == nil)
        try association.listen()
        #expect(reported.isEmpty, "nothing was said yet")
        isAsked.update { $0 = true }
        let end = MonotonicInstant.now + .seconds(10)
        while reported.isEmpty, MonotonicInstant.now < end { try association.listen() }
        #expect(reported == [TransactionUID("2.25.7")])
        try association.release()
        scripted.finish()
        #expect(status.withLock { $0 } == .some(0))
    }

    @Test func aResultThatComesWhileTheAssociationIsReleasedIsTaken() throws {
        let scripted = try ScriptedAssociation { peer in
            peer.answer(peer.receive(), .success)
            #expect(peer.receivePDU() == Wire.releaseRequest)
            peer.send(Self.command().pdu(context: 1))
            let information = Self.information("2.25.7", ["1.2.3"], encoding: .explicitVRLittleEndian)
            peer.sendData(information, context: 1, fragment: 40)
            peer.send(Wire.releaseResponse)
            #expect(peer.receivePDU().isEmpty, "no answer may be sent any more")
        }
        var reported: [TransactionUID] = []
        var association = try scripted.open([.storageCommitment])
        association.reportCommitments(to: { result in
            reported.append(result.transaction)
            return .success
        })
        _ = try association.requestCommitment(Self.request, waiting: .zero)
        try association.release()
        scripted.finish()
        #expect(reported == [TransactionUID("2.25.7")])
    }

    @Test func whatCannotBeReadIsAnsweredSo() throws {
        let answers = Monitor<[UInt16?]>([])
        let scripted = try ScriptedAssociation { peer in
            peer.answer(peer.receive(), .success)
            peer.send(Self.command(eventType: 7).pdu(context: 1))
            peer.sendData([], context: 1)
            let first = peer.receive()?.command.status
            peer.send(Self.command().pdu(context: 1))
            peer.sendData([1, 2, 3], context: 1)
            let second = peer.receive()?.command.status
            // Not on the context of storage commitment.
            peer.send(Self.command().pdu(context: 3))
            peer.sendData([], context: 3)
            let third = peer.receive()?.command.status
            let last = Self.tell("2.25.7", over: peer)
            answers.withLock { $0 = [first, second, third, last] }
            peer.answer(peer.receive(), .success)
            peer.release()
        }
        #expect(try ask(scripted).result?.committed.count == 2)
        #expect(answers.withLock { $0 } == [0x0113, 0x0110, 0x0211, 0])
    }

    /// The peer's word that it took the request is not lost with the association.
    @Test func anEndWhileTheResultIsAwaitedIsNoFailure() throws {
        let scripted = try ScriptedAssociation { peer in
            peer.answer(peer.receive(), .success)
            peer.send(Wire.abort(source: 0, reason: 0))
        }
        var association = try scripted.open([.storageCommitment])
        let (status, result) = try association.requestCommitment(Self.request, waiting: .seconds(10))
        scripted.finish()
        #expect(status == .success)
        #expect(result == nil)
        association.abort()
    }

    @Test func whoDoesNotOfferItIsNotAsked() throws {
        let listener = try RunningListener()
        var association = try Association(listener.requestor(), proposing: [.storageCommitment, .verification])
        #expect(throws: AssociationError.noContext(.storageCommitmentPushModel, nil, .abstractSyntaxNotSupported)) {
            _ = try association.requestCommitment(Self.request, waiting: .zero)
        }
        #expect(try association.echo() == .success)
        try association.release()
    }

    @Test func theDestinationMayTellItAtOurPort() throws {
        let handler = RecordingHandler(commitment: { result in
            result.transaction == TransactionUID("2.25.7") ? .success : CommitmentResult.unknownTransaction
        })
        let running = try RunningListener(handler)
        let peer = running.connect()
        let uid = Array(SOPClassUID.storageCommitmentPushModel.text.utf8)
        peer.send(
            Wire.associateRequest(
                calling: "PACS",
                contexts: Wire.context(1, SOPClassUID.storageCommitmentPushModel.text, Wire.explicitVR),
                user: Wire.item(0x51, [0, 0, 0x40, 0]) + Wire.item(0x54, Wire.big16(UInt16(uid.count)) + uid + [0, 1])))
        _ = peer.receivePDU()
        for (transaction, status) in [("2.25.7", 0), ("2.25.8", 0x0115)] {
            let information = Self.information(transaction, ["1.2.3"], encoding: .explicitVRLittleEndian)
            peer.send(Self.command().pdu(context: 1) + Wire.data(Wire.pdv(1, 2, information)))
            let answer = try CommandSet(decoding: Array(peer.receivePDU().dropFirst(12)).span.bytes)
            #expect(answer.field == .eventReportResponse)
            #expect(answer.status == UInt16(status))
        }
        peer.send(Wire.releaseRequest)
        #expect(peer.receivePDU() == Wire.releaseResponse)
        #expect(
            handler.record.withLock { $0.results.map(\.committed) } == [[InstanceUID("1.2.3")], [InstanceUID("1.2.3")]])
    }
}
