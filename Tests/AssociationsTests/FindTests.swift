import Associations
import DICOM
import DICOMNetwork
import TestSupport
import Testing
import Threads

struct FindTests {
    private func match(_ name: [UInt8] = Array("EXEMPLE^ZO\u{C9}".unicodeScalars.map { UInt8($0.value) })) -> [UInt8] {
        var set = DataSetBuilder()
        set.element(.specificCharacterSet, .CS, "ISO_IR 100")
        set.element(.patientName, .PN, bytes: name + (name.count & 1 == 1 ? [0x20] : []))
        return set.bytes
    }

    private var query: Query {
        var query = Query(.study)
        query.match(.patientID, "IPP0042")
        query.ask(for: .patientName)
        return query
    }

    /// Asks, and tells the names that came and the outcome.
    private func find(
        _ scripted: ScriptedAssociation, _ query: Query, limit: Int = 1 << 20, until count: Int = .max
    ) throws -> (names: [String], outcome: QueryOutcome) {
        var association = try scripted.open([.query(.find)])
        var names: [String] = []
        let outcome = try association.find(query, responseLimit: limit) { match in
            names.append(match.string(.patientName) ?? "?")
            return names.count < count
        }
        try association.release()
        return (names, outcome)
    }

    private func failure(_ scripted: ScriptedAssociation, limit: Int = 1 << 20, until count: Int = .max)
        -> AssociationError?
    {
        defer { scripted.finish() }
        do {
            _ = try find(scripted, query, limit: limit, until: count)
            return nil
        } catch {
            return error as? AssociationError
        }
    }

    @Test(arguments: [1, 7, .max])
    func matchesComeInTheirCharacterSet(fragment: Int) throws {
        let asked = Monitor<[UInt8]?>(nil)
        let match = match()
        let scripted = try ScriptedAssociation { peer in
            let request = peer.receive()
            asked.withLock { $0 = request?.dataSet }
            for _ in 0..<3 { peer.answer(request, .pending, identifier: match, fragment: fragment) }
            peer.answer(request, .success)
            peer.release()
        }
        let (names, outcome) = try find(scripted, query)
        scripted.finish()
        #expect(names == ["EXEMPLE^ZO\u{C9}", "EXEMPLE^ZO\u{C9}", "EXEMPLE^ZO\u{C9}"])
        #expect(outcome.isSuccess)
        #expect(outcome.matches == 3)
        #expect(!outcome.lacksOptionalKeys)
        var expected = DataSetBuilder()
        expected.element(.queryRetrieveLevel, .CS, "STUDY")
        expected.element(.patientName, .PN, "")
        expected.element(.patientID, .LO, "IPP0042")
        #expect(asked.withLock { $0 } == expected.bytes)
    }

    @Test func enoughIsEnough() throws {
        let cancelled = Monitor<CommandSet?>(nil)
        let match = match()
        let scripted = try ScriptedAssociation { peer in
            let request = peer.receive()
            peer.answer(request, .pending, identifier: match)
            peer.answer(request, .pending, identifier: match)
            let cancel = peer.receive()
            cancelled.withLock { $0 = cancel?.command }
            // One that was on its way.
            peer.answer(request, .pending, identifier: match)
            peer.answer(request, .cancel)
            peer.release()
        }
        let (names, outcome) = try find(scripted, query, until: 1)
        scripted.finish()
        #expect(names.count == 1)
        #expect(outcome.isCancelled)
        #expect(outcome.description == "C-FIND 0xFE00 (cancelled)")
        #expect(cancelled.withLock { $0?.field } == .cancelRequest)
        #expect(cancelled.withLock { $0?.messageIDBeingRespondedTo } == 1)
        #expect(cancelled.withLock { $0?.hasDataSet } == false)
    }

    @Test func whoGoesOnAfterACancelIsLeft() throws {
        let match = match()
        var scripted = try ScriptedAssociation { peer in
            let request = peer.receive()
            peer.answer(request, .pending, identifier: match)
            peer.waitForEnd()
        }
        scripted.configuration.deadlines.cancellation = .milliseconds(50)
        #expect(failure(scripted, until: 1) == .timedOut(.response))
    }

    @Test func aFailureIsToldWithItsReason() throws {
        let scripted = try ScriptedAssociation { peer in
            let request = peer.receive()
            peer.answer(request, .pendingWithoutOptionalKeys, identifier: [])
            // It says that an identifier follows, and none does.
            peer.answer(request, Status(rawValue: 0xA900)) {
                $0.errorComment = Array("no such level".utf8)
                $0.offendingElements = [.queryRetrieveLevel]
                $0.dataSetType = 0x0001
            }
            peer.release()
        }
        let outcome = try find(scripted, query).outcome
        scripted.finish()
        #expect(outcome.lacksOptionalKeys)
        #expect(!outcome.isSuccess)
        #expect(outcome.remedy?.isEmpty == false)
        let place = Tag.queryRetrieveLevel.description
        #expect(
            outcome.description
                == "C-FIND 0xA900 (the identifier does not match the SOP class): no such level at \(place)")
    }

    @Test func aResponseHasALimit() throws {
        let match = match()
        for limit in [match.count - 1, match.count] {
            let scripted = try ScriptedAssociation { peer in
                let request = peer.receive()
                peer.answer(request, .pending, identifier: match, fragment: 5)
                peer.answer(request, .success)
                peer.release()
            }
            #expect(
                failure(scripted, limit: limit)
                    == (limit < match.count ? .fault(.identifierTooLong(limit: limit)) : nil))
        }
    }

    @Test func aResponseThatCannotBeReadIsAFact() throws {
        let scripted = try ScriptedAssociation { peer in
            peer.answer(peer.receive(), .pending, identifier: hex("0800 0500 'CS' FF00 'short'"))
            peer.waitForEnd()
        }
        guard case .fault(.unreadableIdentifier) = failure(scripted) else {
            Issue.record("it was read")
            return
        }
    }

    @Test func silenceHasAnEnd() throws {
        var scripted = try ScriptedAssociation { $0.waitForEnd() }
        scripted.configuration.deadlines.response = .milliseconds(50)
        #expect(failure(scripted) == .timedOut(.response))
    }

    @Test func whatTheProtocolForbidsIsAFact() throws {
        for (bytes, fault) in [
            (Wire.data(Wire.pdv(3, 2, [1, 2])), ProtocolFault.contextChanged(from: 1, to: 3)),
            (Wire.echo(context: 1), .commandInsideDataSet(id: 1)),
            (Wire.data(Wire.pdv(1, 2, [1], length: 900)), .presentationDataValueLength(900)),
            (Wire.pdu(9, []), .unrecognizedPDU(type: 9)),
        ] {
            let scripted = try ScriptedAssociation { peer in
                // An identifier is announced, and something else comes.
                peer.answer(peer.receive(), .pending) { $0.dataSetType = 0x0001 }
                peer.send(bytes)
                peer.waitForEnd()
            }
            #expect(failure(scripted) == .fault(fault))
        }
    }

    /// A message that nobody waits for does no harm; a request is answered.
    @Test func aRequestInBetweenIsAnsweredSo() throws {
        let answer = Monitor<CommandSet?>(nil)
        let scripted = try ScriptedAssociation { peer in
            let request = peer.receive()
            peer.store([1, 2, 3, 4], instance: "1.2.3")
            let received = peer.receive()
            answer.withLock { $0 = received?.command }
            peer.answer(request, .success) { $0.messageIDBeingRespondedTo = 77 }
            peer.answer(request, .success)
            peer.release()
        }
        #expect(try find(scripted, query).outcome.isSuccess)
        scripted.finish()
        #expect(answer.withLock { $0?.status } == Status.unrecognizedOperation.rawValue)
    }
}
