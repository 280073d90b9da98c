import Associations
import DICOM
import DICOMNetwork
import Spool
import TestSupport
import Testing

@testable import Forwarding

@Suite struct PlatformCarrierTests {
    private static let keyObjectSelection = "1.2.840.10008.5.1.4.1.1.88.59"

    /// A document that is a file, as the spool gives it.
    static func document(_ number: Int = 1) -> OutgoingDocument {
        var dataSet = DataSetBuilder()
        dataSet.element(Tag(0x0008, 0x0016), .UI, keyObjectSelection)
        dataSet.element(Tag(0x0008, 0x0018), .UI, "2.25.\(number)")
        let file = Part10Writer(implementationClassUID: "2.25.9", implementationVersionName: "TEST").file(
            sopClassUID: SOPClassUID(keyObjectSelection), sopInstanceUID: InstanceUID("2.25.\(number)"),
            dataSet: dataSet.bytes)
        return OutgoingDocument(
            source: "pacs", studyUID: "1", version: "1", identity: "2.25.\(number)", name: "1-\(number)", file: file)
    }

    static func carrier(_ port: UInt16, _ change: (inout Association.Deadlines) -> Void = { _ in }) -> PlatformCarrier {
        var configuration = Association.Configuration(
            host: "127.0.0.1", port: port, called: AETitle("PLATFORM"), calling: AETitle("KOSGATE"))
        configuration.deadlines.release = .seconds(2)
        change(&configuration.deadlines)
        return PlatformCarrier(configuration)
    }

    private func failure(_ port: UInt16) -> DeliveryFailure? {
        let carrier = Self.carrier(port)
        defer { carrier.rest() }
        do throws(DeliveryFailure) {
            _ = try carrier.deliver(Self.document(), progress: {})
            return nil
        } catch {
            return error
        }
    }

    private func failure(_ platform: ScriptedPlatform) -> DeliveryFailure? {
        withExtendedLifetime(platform) { failure(platform.port) }
    }

    @Test func severalDocumentsGoOverOneAssociation() throws {
        let platform = try ScriptedPlatform()
        let carrier = Self.carrier(platform.port)
        for number in 1...3 { #expect(try carrier.deliver(Self.document(number), progress: {}) == "") }
        carrier.rest()
        #expect(platform.waitForEndings(1))
        let dataSets = try (1...3).map { number in
            let document = Self.document(number)
            return Array(document.file[try Part10File(document.file).dataSetOffset...])
        }
        #expect(platform.received == dataSets, "the data sets of the files, byte for byte")
    }

    @Test(arguments: [
        (UInt16(0x0111), "it was there already"), (0xB006, "with a warning: 0xB006 (elements discarded)"),
    ])
    func whatThePlatformHasIsDelivered(status: UInt16, place: String) throws {
        let platform = try ScriptedPlatform([StoreStatus(Status(rawValue: status))])
        let carrier = Self.carrier(platform.port)
        defer { carrier.rest() }
        #expect(try carrier.deliver(Self.document(), progress: {}) == place)
    }

    @Test(arguments: [
        (UInt16(0xA700), DeliveryFailure.Kind.busy), (0xC000, .doubtful), (0xA900, .refused), (0x0122, .notAccepted),
        (0x0210, .busy),
    ])
    func aRefusalHasThePlatformsOwnAnswer(status: UInt16, kind: DeliveryFailure.Kind) throws {
        let answer = StoreStatus(Status(rawValue: status), errorComment: "no such patient")
        let found = failure(try ScriptedPlatform([answer]))
        #expect(found?.kind == kind)
        #expect(found?.answer == "\(answer.status), \"no such patient\"")
        #expect(found?.reason == "it answered \(answer.status), \"no such patient\"")
    }

    @Test(arguments: [
        (Rejection.calledAETitleNotRecognized, DeliveryFailure.Kind.notAccepted),
        (.callingAETitleNotRecognized, .notAccepted), (.temporaryCongestion, .busy),
    ])
    func aRejectedAssociationIsTheDestinationsMatter(rejection: Rejection, kind: DeliveryFailure.Kind) throws {
        let found = failure(try ScriptedPlatform(admission: .reject(rejection)))
        #expect(found?.kind == kind)
        #expect(found?.reason.hasPrefix(rejection.description) == true)
        #expect(found?.answer == nil)
    }

    @Test func anAssociationWithoutAContextIsTheDestinationsMatter() throws {
        let platform = try RudePlatform(contextResult: 3, [{ _ = $0.receive(1) }])
        let found = failure(platform.port)
        platform.end()
        #expect(found?.kind == .notAccepted)
        #expect(found?.reason.contains("does not accept Key Object Selection documents") == true)
    }

    @Test func whoIsNotThereIsUnreachable() { #expect(failure(1)?.kind == .unreachable) }

    @Test func anAbortAmidTheDocumentIsFollowedByANewAssociation() throws {
        let platform = try RudePlatform([
            { peer in
                _ = peer.receivePDU()
                peer.send(Wire.abort(source: 0, reason: 0))
            }, { RudePlatform.answer($0, Wire.element(0x0900, 0x0000)) },
        ])
        let carrier = Self.carrier(platform.port)
        let first = #expect(throws: DeliveryFailure.self) { try carrier.deliver(Self.document(), progress: {}) }
        #expect(first?.kind == .unreachable)
        #expect(try carrier.deliver(Self.document(), progress: {}) == "")
        carrier.rest()
        platform.end()
    }

    @Test func noAnswerInTimeIsUnreachable() throws {
        let platform = try RudePlatform([
            { peer in
                RudePlatform.takeDocument(peer)
                // Our abort.
                _ = peer.receivePDU()
            }
        ])
        let carrier = Self.carrier(platform.port) { $0.response = .milliseconds(20) }
        let found = #expect(throws: DeliveryFailure.self) { try carrier.deliver(Self.document(), progress: {}) }
        platform.end()
        #expect(found?.kind == .unreachable)
        #expect(found?.reason.hasPrefix("no response in time") == true)
    }

    @Test func anAssociationThatThePlatformEndedMeanwhileIsOpenedAgain() throws {
        let success = Wire.element(0x0900, 0x0000)
        let platform = try RudePlatform([
            { RudePlatform.answer($0, success) }, { RudePlatform.answer($0, success) },
        ])
        let carrier = Self.carrier(platform.port)
        #expect(try carrier.deliver(Self.document(1), progress: {}) == "")
        #expect(try carrier.deliver(Self.document(2), progress: {}) == "")
        carrier.rest()
        platform.end()
    }

    @Test func theElementsThatThePlatformTakesOffenceAtAreInTheAnswer() throws {
        let platform = try RudePlatform([
            { peer in
                RudePlatform.answer(
                    peer,
                    Wire.element(0x0900, 0xA900) + Wire.element(0x0901, [0x10, 0, 0x20, 0, 0x20, 0, 0x0D, 0])
                        + Wire.element(0x0902, Array("bad ID".utf8)))
                _ = peer.receive(1)
            }
        ])
        let carrier = Self.carrier(platform.port)
        let found = #expect(throws: DeliveryFailure.self) { try carrier.deliver(Self.document(), progress: {}) }
        carrier.rest()
        platform.end()
        #expect(
            found?.answer
                == "0xA900 (data set does not match SOP class), \"bad ID\", offending (0010,0020), (0020,000D)")
    }

    @Test func anAnswerWithoutStatusIsNoAcknowledgement() throws {
        let platform = try RudePlatform([{ RudePlatform.answer($0, []) }])
        #expect(failure(platform.port)?.kind == .doubtful)
        platform.end()
    }

    @Test func whatIsNoFileIsRefusedForGood() throws {
        var document = Self.document()
        document.file = [1, 2, 3]
        let found = #expect(throws: DeliveryFailure.self) { try Self.carrier(1).deliver(document, progress: {}) }
        #expect(found?.kind == .refused)
    }

    @Test func whatAnAbortCutIsSentWithTheSameBytesAfterARestart() throws {
        let file = Self.document().file
        let outbox = try TestOutbox()
        try outbox.put("1-a", content: file)
        let rude = try RudePlatform([{ _ = $0.receivePDU() }])
        let before = ManualSender(outbox, Self.carrier(rude.port))
        before.pass(at: 0)
        rude.end()
        #expect(before.told.deliveries.isEmpty)
        #expect(try outbox.delivery("1-a").state == .begun)
        try outbox.restart()
        let platform = try ScriptedPlatform()
        let carrier = Self.carrier(platform.port)
        let after = ManualSender(outbox, carrier)
        after.pass(at: 0)
        carrier.rest()
        #expect(after.told.deliveries == ["1-a"])
        #expect(platform.received == [Array(file[try Part10File(file).dataSetOffset...])])
    }
}
