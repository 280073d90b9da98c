import Associations
import DICOM
import DICOMNetwork
import Foundation
import Spool
import Studies
import TestSupport
import Testing

@testable import Gateway

/// The gateway takes images for a destination that nobody is at.
@Suite struct ImageIntakeTests {
    private func gateway(
        _ rule: (inout Configuration.ImageRule) -> Void = { _ in }, _ change: (inout Configuration) -> Void = { _ in }
    ) throws -> RunningGateway {
        try RunningGateway { configuration in
            var destination = Configuration.ImageDestination(
                name: "tele", aeTitle: AETitle("TELE"), host: "127.0.0.1", port: 1)
            var wanted = Configuration.ImageRule()
            rule(&wanted)
            destination.rules = [wanted]
            configuration.imageDestinations = [destination]
            configuration.defaults.quietPeriod = .seconds(3600)
            change(&configuration)
        }
    }

    /// What the gateway left in its spool.
    private func spool(of gateway: RunningGateway) throws -> Spool {
        gateway.stop()
        var settings = Spool.Configuration(directory: gateway.directory + "/spool")
        (settings.reserve, settings.imageReserve) = (0, 0)
        return try Spool(settings)
    }

    private func images(_ spool: Spool) throws -> [ImageDelivery] {
        try spool.images(of: try #require(spool.studies(uid: TestInstance().studyUID ?? "").first).id)
    }

    private func files(_ gateway: RunningGateway) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: gateway.directory + "/spool/images")
    }

    private func notForwarded(_ gateway: RunningGateway) -> String? {
        for case .images(.notForwarded(_, _, _, let reason)) in gateway.told { return reason }
        return nil
    }

    @Test func aWantedInstanceIsQueuedByteForByteUnderAHeadOfOurs() throws {
        let gateway = try gateway { $0.modalities = ["CT"] }
        #expect(try gateway.send(TestInstance.series(1)) == [.success])
        let spool = try spool(of: gateway)
        let image = try #require(try images(spool).first)
        #expect(image.instance == TestInstance().instanceUID)
        #expect(image.sopClass == SOPClassUID.ctImage.text)
        #expect(image.bytes == TestInstance().dataSet.count)
        #expect(image.arrival != nil)
        #expect(!image.isWithheld && !image.isBarrier && image.id.destination == "tele")
        let reader = try #require(try spool.begin(image.id))
        let path = try #require(reader.plainFile?.path)
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        let file = try Part10File(bytes)
        #expect(Array(bytes[file.dataSetOffset...]) == TestInstance().dataSet)
        #expect(file.mediaStorageSOPClassUID == .ctImage)
        #expect(file.mediaStorageSOPInstanceUID?.text == TestInstance().instanceUID)
        #expect(file.transferSyntax == .explicitVRLittleEndian)
        #expect(file.meta.string(.sourceApplicationEntityTitle) == "PACS")
    }

    @Test func noFileMadeAheadOutlivesItsAssociation() throws {
        let gateway = try gateway()
        #expect(try gateway.send(TestInstance.series(5)) == Array(repeating: .success, count: 5))
        gateway.stop()
        #expect(try files(gateway).count == 5)
    }

    @Test func whatNoRuleWantsLeavesNothingButItsHeader() throws {
        let gateway = try gateway { $0.modalities = ["MR"] }
        #expect(try gateway.send(TestInstance.series(2)) == [.success, .success])
        let spool = try spool(of: gateway)
        #expect(try images(spool).isEmpty)
        #expect(try files(gateway).isEmpty)
    }

    @Test func anInstanceOfNoStudyIsNotForwardedAndItsSenderIsToldSo() throws {
        let gateway = try gateway()
        var lost = TestInstance()
        lost.studyUID = nil
        var association = try gateway.associate()
        let answer = try association.store(
            sopClassUID: .ctImage, sopInstanceUID: InstanceUID(lost.instanceUID),
            transferSyntax: .explicitVRLittleEndian, dataSet: .bytes(lost.dataSet))
        try association.release()
        #expect(answer.status == .dataSetDoesNotMatchSOPClassWarning)
        #expect(answer.errorComment == "not forwarded: no Study Instance UID")
        #expect(notForwarded(gateway) == "its header has no Study Instance UID")
        let spool = try spool(of: gateway)
        #expect(try spool.imageSummary().isEmpty)
        #expect(try files(gateway).isEmpty)
    }

    @Test func aManifestOfThePACSIsNotForwardedAndAKeyImageNoteIs() throws {
        let gateway = try gateway()
        var manifest = TestInstance.note("113030", for: [TestInstance().instanceUID], number: 1)
        manifest.title = "113030"
        let keyImages = TestInstance.note("113000", for: [TestInstance().instanceUID], number: 2)
        try gateway.send([manifest, keyImages])
        let spool = try spool(of: gateway)
        #expect(try images(spool).map(\.instance) == [keyImages.instanceUID])
    }

    @Test func aNoteIsABarrierWhereSomethingMayHaveBeenSentAndOnlyThere() throws {
        let gateway = try gateway()
        let note = TestInstance.note("113001", for: [TestInstance().instanceUID])
        // What is paused has begun nothing.
        var spool = try spool(of: gateway)
        try spool.setMode(of: "tele", .paused, by: "alice", why: "a test", at: .now)
        spool.close()
        try gateway.start()
        try gateway.send([TestInstance(), note])
        spool = try self.spool(of: gateway)
        #expect(try images(spool).map(\.isBarrier) == [false])
        #expect(try images(spool).map(\.isWithheld) == [true])
        let study = try #require(try images(spool).first).study
        try spool.beginImages(of: study, at: "tele")
        spool.close()
        try gateway.start()
        try gateway.send([note])
        spool = try self.spool(of: gateway)
        let barrier = try #require(try images(spool).last)
        #expect(barrier.isBarrier && barrier.isWithheld)
        #expect(barrier.instance == note.instanceUID && barrier.bytes == note.dataSet.count)
    }

    @Test func whatComesAfterANoteIsWithheldAsItComesAfterARestartToo() throws {
        let gateway = try gateway()
        let note = TestInstance.note("113001", for: [TestInstance().instanceUID])
        try gateway.send([note, TestInstance()])
        try gateway.restart { _ in }
        try gateway.send(TestInstance.series(1, from: 2))
        let spool = try spool(of: gateway)
        #expect(try images(spool).map(\.isWithheld) == [true, true])
    }

    @Test func anUrgentSourceGoesFirst() throws {
        let gateway = try gateway { _ in
        } _: { configuration in
            var source = Configuration.Source(name: "emergency", settings: configuration.defaults)
            source.isUrgent = true
            configuration.sources = [source]
        }
        try gateway.send(TestInstance.series(1))
        let spool = try spool(of: gateway)
        #expect(try images(spool).map(\.isUrgent) == [true])
    }

    @Test func withoutRoomImagesAreRefusedAndHeadersAreNot() throws {
        let gateway = try gateway {
            $0.sopClasses = [.ctImage]
        } _: {
            $0.limits.imageBudget = 60_000
        }
        var statuses = try gateway.send(TestInstance.series(2))
        #expect(statuses == [.success, .outOfResources], "the second would be beyond the budget")
        var header = TestInstance(instanceUID: "1.2.826.0.1.3680043.10.999.1.1.50")
        header.sopClassUID = .mrImage
        statuses = try gateway.send([header])
        #expect(statuses == [.success])
        let spool = try spool(of: gateway)
        #expect(try images(spool).count == 1)
        #expect(try files(gateway).count == 1)
    }

    /// Neither later nor ever: a failure would come back for ever.
    @Test(arguments: [0, 1]) func anInstanceLargerThanAllRoomIsListedAndToldAndNotAskedForAgain(_ before: Int) throws {
        let gateway = try gateway {
            $0.sopClasses = [.ctImage]
        } _: {
            ($0.limits.imageBudget, $0.imageCompression) = (60_000, .none)
        }
        #expect(try gateway.send(TestInstance.series(before)) == Array(repeating: .success, count: before))
        var large = TestInstance.series(1, from: 7)[0]
        large.pixels = 70_000
        #expect(try gateway.send([large]) == [.elementsDiscarded])
        #expect(notForwarded(gateway)?.contains("limits.image_budget") == true)
        let spool = try spool(of: gateway)
        let study = try #require(spool.studies(uid: large.studyUID ?? "").first)
        #expect(try spool.images(of: study.id).count == before && files(gateway).count == before)
        var headers = 0
        try spool.headers(of: study.id) { _, _ in headers += 1 }
        #expect(headers == before + 1)
        #expect(try spool.omittedImages(for: "tele").map(\.images) == [1])
    }

    /// Nobody knows what it would come to where it has all the room.
    @Test func whatMayBeCompressedIsAskedForAgainWhileOthersHoldRoom() throws {
        let gateway = try gateway {
            $0.sopClasses = [.ctImage]
        } _: {
            ($0.limits.imageBudget, $0.imageCompression) = (6_000, .level(3))
        }
        let statuses = try gateway.send(TestInstance.series(20))
        #expect(statuses.first == .success, "40,000 bytes of pixels come to far less")
        #expect(statuses.last == .outOfResources && !statuses.contains(.elementsDiscarded))
    }

    @Test func whatComesWhileADestinationDrainsIsCountedUntilItsStudyIsSentAgain() throws {
        let gateway = try gateway { _ in
        } _: { configuration in
            var second = configuration.imageDestinations[0]
            second.name = "other"
            configuration.imageDestinations.append(second)
        }
        var spool = try spool(of: gateway)
        for time in [Timestamp(milliseconds: 0), .now] {
            try spool.setMode(of: "tele", .draining, by: "alice", why: "a test", at: time)
            spool.close()
            try gateway.restart()
            #expect(try gateway.send(TestInstance.series(3) + TestInstance.series(1)).count == 4)
            spool = try self.spool(of: gateway)
        }
        let omitted = try #require(try spool.omittedImages(for: "tele").first)
        #expect(try spool.omittedImages(for: "tele").map(\.images) == [4, 4], "what came twice is counted twice")
        let history = try spool.history(of: omitted.study).map(\.detail).filter { $0.contains("not kept") }
        #expect(history.count == 2, "one for each drain")
        #expect(history.allSatisfy { $0.hasPrefix("4 images not kept for tele: it takes nothing new") })
        #expect(try spool.omittedImages(for: "other").isEmpty)
        try spool.setMode(of: "tele", .running, by: "alice", why: "a test", at: .now)
        spool.close()
        try gateway.restart()
        #expect(try gateway.send(TestInstance.series(2)).count == 2)
        spool = try self.spool(of: gateway)
        #expect(try spool.omittedImages(for: "tele").isEmpty)
        try spool.setMode(of: "tele", .draining, by: "alice", why: "a test", at: .now)
        spool.close()
        try gateway.restart()
        #expect(try gateway.send(TestInstance.series(3)).count == 3)
        spool = try self.spool(of: gateway)
        #expect(try spool.omittedImages(for: "tele").map(\.images) == [1], "two wait for it already")
    }

    @Test func pastTheWatermarkOnlySourcesThatSomeRuleMayWantAreRefused() throws {
        let gateway = try gateway {
            $0.sources = ["ct"]
        } _: { configuration in
            configuration.limits.imageBudget = 43_000
            configuration.sources = ["ct", "us"].map { name in
                var source = Configuration.Source(name: name, settings: configuration.defaults)
                source.aeTitles = [AETitle(name.uppercased())]
                return source
            }
        }
        #expect(try gateway.send(TestInstance.series(1), calling: "CT") == [.success])
        let error = #expect(throws: AssociationError.self) { _ = try gateway.associate(calling: "CT") }
        #expect(error == .rejected(.temporaryCongestion))
        #expect(try gateway.send(TestInstance.series(1, from: 2), calling: "US") == [.success])
        #expect(gateway.told.contains { if case .images(.unwritable) = $0 { true } else { false } })
    }

    @Test func aNoteIsTakenAndFollowsWhereImagesHaveNoRoom() throws {
        let gateway = try gateway()
        #expect(try gateway.send(TestInstance.series(1)) == [.success])
        var spool = try spool(of: gateway)
        let bytes = spool.imageBytes
        try spool.beginImages(of: try #require(try images(spool).first).study, at: "tele")
        spool.close()
        try gateway.restart { $0.limits.imageBudget = bytes * 2 + 300 }
        let rest = TestInstance.series(1, from: 2) + [.note("113001", for: [TestInstance().instanceUID])]
        #expect(try gateway.send(rest) == [.success, .success])
        spool = try self.spool(of: gateway)
        #expect(try images(spool).map(\.isBarrier) == [false, false, true])
        #expect(try images(spool).map(\.isWithheld) == [true, true, true])
    }

    private func twoSources(_ configuration: inout Configuration) {
        configuration.sources = ["ct", "us"].map { name in
            var source = Configuration.Source(name: name, settings: configuration.defaults)
            source.aeTitles = [AETitle(name.uppercased())]
            return source
        }
    }

    private func settleAll(_ gateway: RunningGateway) throws {
        try gateway.restart { configuration in
            for index in configuration.sources.indices {
                configuration.sources[index].settings.quietPeriod = .milliseconds(40)
            }
        }
    }

    @Test func aNoteWithholdsTheCopiesOfOtherSourcesUntilItIsApplied() throws {
        let gateway = try gateway { _ in
        } _: {
            twoSources(&$0)
        }
        try gateway.send(TestInstance.series(1), calling: "CT")
        try gateway.send([.note("113001", for: [TestInstance().instanceUID])], calling: "US")
        try gateway.send(TestInstance.series(1, from: 2), calling: "CT")
        var spool = try spool(of: gateway)
        #expect(try images(spool).map(\.isWithheld) == [true, true])
        spool.close()
        try settleAll(gateway)
        #expect(gateway.wait { if case .images(.dropped) = $0 { true } else { nil } } == true)
        spool = try self.spool(of: gateway)
        let left = try images(spool).filter { !$0.isBarrier }
        #expect(left.map(\.instance) == TestInstance.series(1, from: 2).map(\.instanceUID))
        #expect(left.map(\.isWithheld) == [false])
    }

    /// What one source keeps no longer another one may.
    @Test func aNoteThatDoesNotMeanTheCopiesOfOtherSourcesLetsThemGo() throws {
        let gateway = try gateway { _ in
        } _: {
            twoSources(&$0)
        }
        for calling in ["CT", "US"] { try gateway.send(TestInstance.series(1), calling: calling) }
        try settleAll(gateway)
        // Settled before, it is looked at for the note alone.
        #expect(gateway.wait(2) { if case .studySettled = $0 { true } else { nil } } == true)
        try gateway.send([.note("113039", for: [TestInstance().instanceUID])], calling: "US")
        #expect(
            gateway.wait { if case .studyUnchanged(let key) = $0, key.source == "ct" { true } else { nil } } == true)
        let spool = try spool(of: gateway)
        #expect(try images(spool).map(\.isWithheld) == [false])
    }

    /// It opens an association of its own to say what it committed to keep (PS3.4 Annex J).
    @Test func aDestinationThatCommitsIsLetInAndMayStoreNothing() throws {
        let gateway = try gateway {
            $0.sources = ["ct"]
        } _: { configuration in
            var source = Configuration.Source(name: "ct", settings: configuration.defaults)
            source.aeTitles = [AETitle("CT")]
            configuration.sources = [source]
            configuration.imageDestinations[0].aeTitle = AETitle("TELEMED")
            configuration.imageDestinations[0].commits = true
        }
        #expect(try gateway.send(TestInstance.series(1), calling: "TELEMED") == [.notAuthorized])
        let error = #expect(throws: AssociationError.self) { _ = try gateway.associate(calling: "OTHER") }
        #expect(error == .rejected(.callingAETitleNotRecognized))
    }

    /// What it commits to keep is what makes room.
    @Test func aDestinationThatCommitsIsLetInWhereImagesHaveNoRoomThoughItIsASource() throws {
        let gateway = try gateway { _ in
        } _: { configuration in
            configuration.limits.imageBudget = 43_000
            configuration.imageDestinations[0].aeTitle = AETitle("TELEMED")
            configuration.imageDestinations[0].commits = true
        }
        #expect(try gateway.send(TestInstance.series(1), calling: "CT") == [.success])
        let error = #expect(throws: AssociationError.self) { _ = try gateway.associate(calling: "CT") }
        #expect(error == .rejected(.temporaryCongestion))
        let association = try gateway.associate(calling: "TELEMED")
        try association.release()
    }
}
