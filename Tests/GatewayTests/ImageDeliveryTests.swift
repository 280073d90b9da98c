import Associations
import DICOM
import DICOMNetwork
import Foundation
import Gateway
import KeyObjects
import Spool
import TestSupport
import Testing
import Threads

/// A telemedicine PACS that keeps every data set as it came.
private final class TelemedicinePACS: AssociationHandler {
    private final class Taker: DataSetTaker {
        var bytes: [UInt8] = []

        func take(_ bytes: RawSpan, of instance: borrowing ArrivingInstance) -> Bool {
            bytes.withUnsafeBytes { self.bytes += $0 }
            return true
        }
    }

    struct Received {
        let instance: String
        let dataSet: [UInt8]
    }

    private let received = Monitor<[Received]>([])
    /// It keeps the first copy of an instance, and says so.
    private let keepsFirst: Bool

    init(keepsFirst: Bool) { self.keepsFirst = keepsFirst }

    func accept(_ request: AssociationRequest) -> Admission { .accept }

    func begin(_ instance: ArrivingInstance, of association: AssociationIdentity) -> (any DataSetTaker)? { Taker() }

    func store(_ instance: ReceivedInstance) -> StoreStatus {
        let taker = instance.taker as? Taker
        let uid = instance.sopInstanceUID.text
        return received.update { received in
            defer { received.append(Received(instance: uid, dataSet: taker?.bytes ?? [])) }
            return keepsFirst && received.contains { $0.instance == uid }
                ? StoreStatus(.duplicateSOPInstance) : .success
        }
    }

    func ended(_ summary: AssociationSummary) {}

    /// The first so many data sets; nil: they did not come in twenty seconds.
    func wait(for count: Int) -> [Received]? {
        received.wait(until: .now + .seconds(20)) { $0.count >= count ? $0 : nil }
    }

    var count: Int { received.withLock { $0.count } }
}

/// The whole gateway over loopback: images in, images out.
@Suite struct ImageDeliveryTests {
    private func withPACS(
        keepsFirst: Bool = false, _ change: (inout Configuration) -> Void = { _ in },
        _ body: (TelemedicinePACS, RunningGateway) throws -> Void
    ) throws {
        let pacs = TelemedicinePACS(keepsFirst: keepsFirst)
        try pacs.serve { port in
            let gateway = try RunningGateway { configuration in
                var destination = Configuration.ImageDestination(
                    name: "tele", aeTitle: AETitle("TELE"), host: "127.0.0.1", port: port)
                destination.rules = [Configuration.ImageRule()]
                (destination.retryDelay, destination.retryCeiling) = (.milliseconds(5), .milliseconds(20))
                configuration.imageDestinations = [destination]
                change(&configuration)
            }
            try body(pacs, gateway)
            gateway.stop()
        }
    }

    private func isEmpty(_ gateway: RunningGateway) throws -> Bool {
        try FileManager.default.contentsOfDirectory(atPath: gateway.directory + "/spool/images").isEmpty
    }

    @Test func imagesArriveByteForByteWhileTheStudyIsStillOpen() throws {
        try withPACS {
            $0.defaults.quietPeriod = .seconds(3600)
        } _: { pacs, gateway in
            #expect(try gateway.send(TestInstance.series(3)).allSatisfy { $0 == .success })
            let received = try #require(pacs.wait(for: 3), "told: \(gateway.told)")
            #expect(Set(received.map(\.instance)) == Set(TestInstance.series(3).map(\.instanceUID)))
            for instance in TestInstance.series(3) {
                #expect(received.first { $0.instance == instance.instanceUID }?.dataSet == instance.dataSet)
            }
            gateway.stop()
            #expect(try isEmpty(gateway), "what is acknowledged is not kept")
        }
    }

    @Test func aNoteFollowsWhatWasSentToTheByte() throws {
        try withPACS { pacs, gateway in
            try gateway.send(TestInstance.series(2))
            _ = try #require(pacs.wait(for: 2))
            let note = TestInstance.note("113001", for: [TestInstance().instanceUID])
            try gateway.send([note])
            let received = try #require(pacs.wait(for: 3), "told: \(gateway.told)")
            #expect(received[2].instance == note.instanceUID)
            #expect(received[2].dataSet == note.dataSet)
        }
    }

    /// It means the copy before: at a destination, which knows but its SOP Instance UID, it would hide the one that stands.
    @Test func aNoteThatMeansAnEarlierCopyDoesNotHideTheOneThatStands() throws {
        try withPACS {
            $0.defaults.quietPeriod = .seconds(3600)
        } _: { pacs, gateway in
            var corrected = TestInstance()
            corrected.accessionNumber = "B2026002"
            let series = TestInstance.series(2)
            try gateway.send(series)
            _ = try #require(pacs.wait(for: 2))
            try gateway.send([corrected])
            _ = try #require(pacs.wait(for: 3))
            try gateway.send([TestInstance.note("113001", for: series.map(\.instanceUID))])
            #expect(pacs.count == 3, "the note is judged first")
            try gateway.restart { $0.defaults.quietPeriod = .milliseconds(40) }
            let note = try #require(pacs.wait(for: 4), "told: \(gateway.told)")[3]
            let document = try KeyObjectDocument(
                DataSet(parsing: note.dataSet, transferSyntax: .explicitVRLittleEndian))
            #expect(document.evidence.map(\.sopInstanceUID.text) == [series[1].instanceUID], "what is rejected alone")
            #expect(try gateway.manifest().references == [corrected.instanceUID])
        }
    }

    /// Nothing else makes the forwarder look.
    @Test func whatAnOperatorWithdrawsIsWithdrawnThereToo() throws {
        try withPACS { pacs, gateway in
            try gateway.send(TestInstance.series(2))
            _ = try #require(pacs.wait(for: 2))
            _ = try gateway.manifest()
            let withdrawn = try Command.run([
                "withdraw", TestInstance().studyUID ?? "", "--title", "113037", "--why", "wrong side", "--socket",
                gateway.directory + "/control.sock",
            ])
            #expect(withdrawn.status == 0, "\(withdrawn.errors)")
            let note = try #require(pacs.wait(for: 3), "told: \(gateway.told)")[2]
            let document = try KeyObjectDocument(
                DataSet(parsing: note.dataSet, transferSyntax: .explicitVRLittleEndian))
            #expect(document.evidence.map(\.sopInstanceUID.text) == TestInstance.series(2).map(\.instanceUID))
        }
    }

    @Test func aNoteFromAnotherSourceFollowsWhatWasSentOfTheStudy() throws {
        try withPACS { configuration in
            configuration.sources = ["ct", "us"].map { name in
                var source = Configuration.Source(name: name, settings: configuration.defaults)
                source.aeTitles = [AETitle(name.uppercased())]
                return source
            }
        } _: { pacs, gateway in
            try gateway.send(TestInstance.series(2), calling: "CT")
            _ = try #require(pacs.wait(for: 2))
            _ = try gateway.manifest()
            let note = TestInstance.note("113037", for: [TestInstance().instanceUID])
            try gateway.send([note], calling: "US")
            #expect(try #require(pacs.wait(for: 3), "told: \(gateway.told)")[2].dataSet == note.dataSet)
        }
    }

    @Test func anImageDestinationThatIsGoneIsNamedWhereANoteShouldReachIt() throws {
        try withPACS { pacs, gateway in
            try gateway.send(TestInstance.series(2))
            _ = try #require(pacs.wait(for: 2))
            try gateway.restart { $0.imageDestinations[0].name = "other" }
            try gateway.send([TestInstance.note("113001", for: [TestInstance().instanceUID])])
            let missing = gateway.wait { event -> [String]? in
                if case .images(.noteMissing(_, "113001", let destinations, _)) = event { destinations } else { nil }
            }
            #expect(missing == ["tele"])
            // A second one is counted on the same line.
            try gateway.send([TestInstance.note("113001", for: [TestInstance.series(2)[1].instanceUID])])
            gateway.stop()
            #expect(
                try gateway.history.filter { $0.kind == "note missing" }.map(\.detail) == [
                    "rejection notes (113001) that tele was not sent: 2, it is no longer configured"
                ])
        }
    }

    @Test func whatIsNotDeliveredIsSentAfterARestart() throws {
        try withPACS { pacs, gateway in
            let port = gateway.configuration.imageDestinations[0].port
            try gateway.restart { $0.imageDestinations[0].port = 1 }
            try gateway.send(TestInstance.series(2))
            #expect(pacs.count == 0)
            try gateway.restart { $0.imageDestinations[0].port = port }
            #expect(try #require(pacs.wait(for: 2)).count == 2)
            #expect(gateway.told.contains { if case .images(.waiting("tele", 2, _)) = $0 { true } else { false } })
        }
    }

    @Test func whatCameAfterANoteWaitsForTheSettlingAndThenGoes() throws {
        try withPACS { pacs, gateway in
            try gateway.send(TestInstance.series(2))
            _ = try #require(pacs.wait(for: 2))
            try gateway.send([TestInstance.note("113001", for: [TestInstance().instanceUID])])
            var corrected = TestInstance()
            corrected.accessionNumber = "B2026002"
            try gateway.send([corrected])
            let received = try #require(pacs.wait(for: 4), "told: \(gateway.told)")
            #expect(received[3].dataSet == corrected.dataSet, "the corrected copy follows the note")
        }
    }

    @Test func aDestinationThatHasTheUIDOfACorrectedCopyIsToldOnceForTheStudy() throws {
        try withPACS(keepsFirst: true) { pacs, gateway in
            try gateway.send(TestInstance.series(3))
            _ = try #require(pacs.wait(for: 3))
            var corrected = TestInstance.series(2)
            for place in corrected.indices { corrected[place].accessionNumber = "B2026002" }
            // The third says the same as before.
            try gateway.send(corrected + [TestInstance.series(3)[2]])
            _ = try #require(pacs.wait(for: 6), "told: \(gateway.told)")
            gateway.stop()
            let kept = gateway.told.compactMap { event in
                if case .images(let images) = event, case .formerCopiesKept(_, let count, let first, _) = images {
                    "\(count) \(first) \(images)"
                } else {
                    nil
                }
            }
            #expect(kept.count == 1)
            #expect(kept.first?.hasPrefix("2 \(corrected[0].instanceUID) ") == true, "\(kept)")
            #expect(kept.first?.contains("may have kept the former copy") == true)
            #expect(
                try gateway.history.filter { $0.kind == "former copies" }.map(\.detail) == [
                    "corrected instances of which tele may have kept the former copy: 2, the last "
                        + corrected[1].instanceUID
                ])
        }
    }

    @Test func whatADestinationHasAlreadyAndIsTheSameIsNothingToTell() throws {
        try withPACS(keepsFirst: true) { pacs, gateway in
            try gateway.send(TestInstance.series(2))
            _ = try #require(pacs.wait(for: 2))
            try gateway.send(TestInstance.series(2))
            _ = try #require(pacs.wait(for: 4), "told: \(gateway.told)")
            gateway.stop()
            #expect(!gateway.told.contains { if case .images(.formerCopiesKept) = $0 { true } else { false } })
        }
    }
}
