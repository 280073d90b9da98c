import Associations
import DICOM
import DICOMNetwork
import TestSupport
import Testing
import Threads

struct GetTests {
    private static let header = DataSetBuilder.ct()
    private static let query: Query = {
        var query = Query(.study)
        query.match(.studyInstanceUID, StudyUID("1.2.3.4"))
        return query
    }()

    /// Keeps what it is given.
    private struct Receiver: InstanceReceiver {
        var interest = InstanceInterest.header
        /// Bytes of an instance after which the rest is not wanted.
        var appetite = Int.max
        var goesOn = true
        var headers: [[UInt8]] = []
        var dataSets: [[UInt8]] = []
        var sizes: [Int] = []
        var taken: [UInt8] = []
        var counts: [SuboperationCounts] = []

        mutating func begin(_ instance: ArrivingInstance) -> InstanceInterest {
            taken = []
            return interest
        }

        mutating func take(_ bytes: RawSpan, of instance: borrowing ArrivingInstance) -> Bool {
            bytes.withUnsafeBytes { taken += $0 }
            return taken.count < appetite
        }

        mutating func store(_ instance: ArrivingInstance) -> StoreStatus {
            headers.append(instance.capture.header)
            dataSets.append(taken)
            sizes.append(instance.dataSetBytes)
            return .success
        }

        mutating func progress(_ counts: SuboperationCounts) -> Bool {
            self.counts.append(counts)
            return goesOn
        }
    }

    private static func image(_ pixelBytes: Int) -> [UInt8] {
        var set = DataSetBuilder()
        set.raw(header)
        set.element(Tag(0x7FE0, 0x0010), .OW, bytes: (0..<pixelBytes).map { UInt8(truncatingIfNeeded: $0) })
        return set.bytes
    }

    private func get(_ scripted: ScriptedAssociation, _ receiver: inout Receiver) throws -> QueryOutcome {
        var association = try scripted.open(.storage([.ctImage]) + [.query(.get)])
        let outcome = try association.get(Self.query, into: &receiver)
        try association.release()
        return outcome
    }

    private func failure(_ scripted: ScriptedAssociation, _ receiver: Receiver = Receiver()) -> AssociationError? {
        defer { scripted.finish() }
        var receiver = receiver
        do {
            _ = try get(scripted, &receiver)
            return nil
        } catch {
            return error as? AssociationError
        }
    }

    @Test(arguments: [0, 100, 40_000, 300_000], [3000, 16384, 1 << 20])
    func headersAreKeptAndPixelDataIsNot(pixelBytes: Int, fragment: Int) throws {
        let image = Self.image(pixelBytes)
        let roles = Monitor<[RoleSelection]>([])
        let answers = Monitor<[UInt16?]>([])
        let scripted = try ScriptedAssociation { peer in
            roles.withLock { $0 = peer.request.user.roles }
            let request = peer.receive()
            for number in 1...3 {
                peer.store(image, instance: "1.2.\(number)", fragment: fragment)
                let answer = peer.receive()
                answers.withLock { $0.append(answer?.command.status) }
                peer.answer(request, .pending) { $0.suboperations.completed = UInt16(number) }
            }
            peer.answer(request, .success) {
                $0.suboperations = SuboperationCounts(completed: 3, failed: 0, warning: 0)
            }
            peer.release()
        }
        var receiver = Receiver()
        let outcome = try get(scripted, &receiver)
        scripted.finish()
        #expect(roles.withLock { $0 } == [RoleSelection(.ctImage, isUser: false, isProvider: true)])
        #expect(answers.withLock { $0 } == [0, 0, 0])
        #expect(receiver.headers == [Self.header, Self.header, Self.header])
        #expect(receiver.sizes == [image.count, image.count, image.count])
        #expect(receiver.counts.map(\.completed) == [1, 2, 3])
        #expect(outcome.isSuccess)
        #expect((outcome.received, outcome.stored) == (3, 3))
        #expect(outcome.suboperations.completed == 3)
    }

    @Test(arguments: [1, 3000, 1 << 20])
    func everyByteIsHandedOnWhereItIsWanted(fragment: Int) throws {
        let image = Self.image(fragment == 1 ? 50 : 200_000)
        let scripted = try ScriptedAssociation { peer in
            let request = peer.receive()
            peer.store(image, instance: "1.2.3", fragment: fragment)
            _ = peer.receive()
            peer.answer(request, .success)
            peer.release()
        }
        var receiver = Receiver(interest: .everything)
        _ = try get(scripted, &receiver)
        scripted.finish()
        #expect(receiver.dataSets == [image])
        #expect(receiver.headers == [Self.header])
    }

    /// What is refused is passed over and answered so; the others come all the same.
    @Test func aRefusedInstanceIsAnsweredSo() throws {
        let answers = Monitor<[UInt16?]>([])
        let scripted = try ScriptedAssociation { peer in
            let request = peer.receive()
            for _ in 1...2 {
                peer.store(Self.image(100_000), instance: "1.2.3", fragment: 16384)
                let answer = peer.receive()
                answers.withLock { $0.append(answer?.command.status) }
            }
            peer.answer(request, Status(rawValue: 0xA702))
            peer.release()
        }
        var receiver = Receiver(interest: .refuse(StoreStatus(.cannotUnderstand)))
        let outcome = try get(scripted, &receiver)
        scripted.finish()
        #expect(answers.withLock { $0 } == [0xC000, 0xC000])
        #expect((outcome.received, outcome.stored) == (2, 0))
        #expect(outcome.description == "C-GET 0xA702 (out of resources: the sub-operations cannot be performed)")
    }

    /// Both by `take` and by `progress`: a C-CANCEL, and what still comes is passed over.
    @Test(arguments: [true, false])
    func aRetrievalIsCancelled(midway: Bool) throws {
        let answers = Monitor<[UInt16?]>([])
        let scripted = try ScriptedAssociation { peer in
            let request = peer.receive()
            peer.store(Self.image(200_000), instance: "1.2.1", fragment: 16384)
            if !midway {
                _ = peer.receive()
                peer.answer(request, .pending)
            }
            let cancel = peer.receive()
            #expect(cancel?.command.field == .cancelRequest)
            #expect(cancel?.command.messageIDBeingRespondedTo == request?.command.messageID)
            if midway {
                let answer = peer.receive()
                answers.withLock { $0.append(answer?.command.status) }
            }
            // It had begun the next one already.
            peer.store(Self.image(200_000), instance: "1.2.2", fragment: 16384)
            let answer = peer.receive()
            answers.withLock { $0.append(answer?.command.status) }
            peer.answer(request, .cancel) {
                $0.suboperations = SuboperationCounts(remaining: 5, completed: 0, failed: 2)
            }
            peer.release()
        }
        var receiver = Receiver(interest: .everything, appetite: midway ? 70_000 : .max, goesOn: false)
        let outcome = try get(scripted, &receiver)
        scripted.finish()
        #expect(outcome.isCancelled)
        #expect(outcome.received == 2)
        #expect(receiver.headers.count == (midway ? 0 : 1))
        #expect(answers.withLock { $0 } == (midway ? [0xA700, 0xA700] : [0xA700]))
    }

    @Test func instancesThatFailedAreNamed() throws {
        var failed = DataSetBuilder()
        failed.element(Tag(0x0008, 0x0058), .UI, "1.2.3.4.5")
        let identifier = failed.bytes
        let scripted = try ScriptedAssociation { peer in
            let request = peer.receive()
            peer.answer(request, Status(rawValue: 0xB000), identifier: identifier)
            peer.release()
        }
        var receiver = Receiver()
        let outcome = try get(scripted, &receiver)
        scripted.finish()
        #expect(outcome.failedInstances == [InstanceUID("1.2.3.4.5")])
    }

    @Test func whoFallsSilentInAnInstanceIsLeft() throws {
        for interest in [InstanceInterest.header, .everything] {
            var scripted = try ScriptedAssociation { peer in
                _ = peer.receive()
                peer.send(Wire.data(Wire.pdv(1, 3, Wire.storeCommand())))
                peer.sendData(Self.image(100_000), context: 1, fragment: 16384, isLast: false)
                peer.waitForEnd()
            }
            scripted.configuration.deadlines.fragment = .milliseconds(50)
            #expect(failure(scripted, Receiver(interest: interest)) == .timedOut(.fragment))
        }
    }

    @Test func anAbortInAnInstanceStoresNothing() throws {
        let scripted = try ScriptedAssociation { peer in
            _ = peer.receive()
            peer.send(Wire.data(Wire.pdv(1, 3, Wire.storeCommand())))
            peer.sendData(Self.image(100_000), context: 1, fragment: 16384, isLast: false)
            peer.send(Wire.abort(source: 2, reason: 0))
        }
        var receiver = Receiver()
        do {
            _ = try get(scripted, &receiver)
            Issue.record("it ended well")
        } catch {
            #expect(error as? AssociationError == .aborted(.reasonNotSpecified))
        }
        scripted.finish()
        #expect(receiver.headers.isEmpty)
    }

    @Test func aContextThatWasNotAcceptedIsAFault() throws {
        let scripted = try ScriptedAssociation { peer in
            _ = peer.receive()
            peer.store(Self.header, instance: "1.2.3", context: 255)
            peer.waitForEnd()
        }
        #expect(failure(scripted) == .fault(.contextNotAccepted(id: 255)))
    }

    @Test func contextsAreAsManyAsThereIsRoomFor() {
        let few = [Association.Proposal].storage([.ctImage, .mrImage])
        #expect(few.count <= 127)
        #expect(few.allSatisfy { $0.isProvided })
        #expect(few.first?.transferSyntaxes == [.explicitVRLittleEndian, .implicitVRLittleEndian])
        // Enough room: each compressed syntax is negotiated by itself.
        #expect(few.dropFirst().prefix(20).allSatisfy { $0.transferSyntaxes.count == 1 })
        let many = [Association.Proposal].storage((1...100).map { SOPClassUID("1.2.\($0)") })
        #expect(many.count == 100)
        let offered = Set(few.flatMap(\.transferSyntaxes))
        #expect(many.allSatisfy { Set($0.transferSyntaxes) == offered })
        let pairs = [Association.Proposal].storage((1...60).map { SOPClassUID("1.2.\($0)") })
        #expect(pairs.count == 120)
        #expect([Association.Proposal].storage((1...200).map { SOPClassUID("1.2.\($0)") }).count == 127)
        #expect([Association.Proposal].storage([]).isEmpty)
        #expect(SOPClassUID.usuallyStored.allSatisfy { UIDRegistry.valueType(of: $0) != nil })
        #expect(Set(SOPClassUID.usuallyStored).count == SOPClassUID.usuallyStored.count)
    }
}
