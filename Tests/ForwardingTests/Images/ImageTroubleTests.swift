import Associations
import DICOM
import DICOMNetwork
import Foundation
import Spool
import TestSupport
import Testing
import Threads

@testable import Forwarding

/// Destinations that are away, full, picky or rude; files that cannot be read.
@Suite struct ImageTroubleTests {
    @Test func aBusyDestinationIsLeftAloneAndThenGetsEverything() throws {
        let images = try TestImages((0..<10).map { "1-\($0)" })
        let pacs = try ImagePACS(
            .init(react: { _, count in .answer(count < 7 ? .outOfResources : .success) }))
        try forwarding(images, to: pacs.port) { forwarder, told in
            #expect(told.waitForForwarded(10))
            #expect(told.changes == ["down", "up"])
            #expect(Set(pacs.taken).count == 10 && pacs.taken.count == 10)
            #expect(forwarder.condition.lastFailure?.reason.contains("A700") == true)
        }
    }

    @Test func anImageThatIsRefusedAgainAndAgainIsGivenUpAndTheOthersGoOn() throws {
        let images = try TestImages((0..<10).map { "1-\($0)" })
        let bad = TestImages.uid("1-4")
        let pacs = try ImagePACS(
            .init(react: { stored, _ in .answer(stored.instance == bad ? .cannotUnderstand : .success) }))
        try forwarding(images, to: pacs.port) { _, told in
            #expect(told.wait { ImageTold.buried($0) == [bad] && ImageTold.forwarded($0) == 9 })
            #expect(pacs.stored.filter { $0.instance == bad }.count == 3)
            #expect(told.all.filter { if case .refused = $0 { true } else { false } }.count == 1)
            let dead = try images.image("1-4")
            #expect(dead.answer?.contains("C000") == true)
            let history = try images.spool.history(of: images.study("1"))
            #expect(history.contains { $0.kind == "dead letter" && $0.detail.contains(bad) })
            #expect(told.changes.isEmpty)
        }
        #expect(images.files.count == 1)
    }

    @Test func anImageThatIsRefusedForGoodIsADeadLetterAtOnceAndARetryFindsIt() throws {
        let images = try TestImages(["1-a", "1-b", "1-c"])
        let bad = TestImages.uid("1-a")
        let pacs = try ImagePACS(
            .init(react: { stored, _ in
                .answer(stored.instance == bad ? .dataSetDoesNotMatchSOPClass : .success)
            }))
        try forwarding(images, to: pacs.port) { forwarder, told in
            #expect(told.wait { ImageTold.buried($0) == [bad] && ImageTold.forwarded($0) == 2 })
            #expect(pacs.stored.filter { $0.instance == bad }.count == 1)
            pacs.change { $0.react = { _, _ in .answer(.success) } }
            try images.spool.retryImages([images.image("1-a").id])
            forwarder.probe()
            #expect(told.waitForForwarded(3))
        }
        #expect(images.files.isEmpty)
    }

    @Test func aDeadBarrierStopsWhatLiesBehindItUntilItIsWithdrawn() throws {
        let images = try TestImages(["1-a"])
        try images.spool.beginImages(of: images.study("1"), at: "pacs")
        try images.put("1-note", isBarrier: true)
        try images.put("1-b")
        try images.put("2-a")
        let note = TestImages.uid("1-note")
        let pacs = try ImagePACS(
            .init(react: { stored, _ in
                .answer(stored.instance == note ? .dataSetDoesNotMatchSOPClass : .success)
            }))
        try forwarding(images, to: pacs.port) { forwarder, told in
            #expect(told.wait { ImageTold.buried($0) == [note] })
            #expect(pacs.wait { Set($0.taken) == [TestImages.uid("1-a"), TestImages.uid("2-a")] })
            #expect(!pacs.stored.contains { $0.instance == TestImages.uid("1-b") })
            try images.spool.dropImages([images.image("1-note").id])
            forwarder.wake()
            #expect(told.waitForForwarded(3))
            #expect(pacs.taken.last == TestImages.uid("1-b"))
        }
    }

    @Test func aDestinationThatRefusesTheAssociationIsDownUntilAProbe() throws {
        let images = try TestImages(["1-a", "1-b"])
        let pacs = try ImagePACS(.init(reject: { _ in .calledAETitleNotRecognized }))
        let forever = RetrySchedule(first: .seconds(3600), ceiling: .seconds(3600))
        // One: a second one's failure might come after the probe.
        let alone: (inout ImageForwarder.Configuration) -> Void = { ($0.schedule, $0.associations) = (forever, 1) }
        try forwarding(images, to: pacs.port, alone) { forwarder, told in
            #expect(told.wait { !$0.isEmpty })
            guard case .down(_, let reason, _) = told.all[0] else { return #expect(Bool(false), "\(told.all)") }
            #expect(reason.contains("called AE title not recognized"))
            guard case .waiting(_, let shown) = forwarder.condition.activity else {
                return #expect(Bool(false), "it does not wait")
            }
            #expect(shown == reason)
            pacs.change { $0.reject = { _ in nil } }
            forwarder.wake()
            #expect(pacs.stored.isEmpty, "news do not shorten the wait")
            forwarder.probe()
            #expect(told.waitForForwarded(2))
            #expect(told.changes == ["down", "up"])
            try #require(try images.queued("1").isEmpty)
        }
    }

    @Test(arguments: [true, false])
    func aDestinationThatRefusesEverythingForAWhileMakesNoDeadLetters(isByContext: Bool) throws {
        let images = try TestImages((0..<8).map { "1-\($0)" })
        let pacs = try ImagePACS()
        pacs.change { script in
            if isByContext {
                script.accept = { _, _ in nil }
            } else {
                script.react = { _, _ in .answer(.cannotUnderstand) }
            }
        }
        try forwarding(images, to: pacs.port) { _, told in
            // Each would have been refused more often than is borne.
            #expect(pacs.wait { $0.associations > 60 })
            pacs.change { $0 = ImagePACS.Script() }
            #expect(told.waitForForwarded(8))
            #expect(told.changes == ["down", "up"])
            #expect(ImageTold.buried(told.all).isEmpty)
        }
    }

    @Test func imagesPostponedByAClockThatWasSetBackDoNotWaitForIt() throws {
        let (images, pacs) = (try TestImages(["1-a"]), try ImagePACS())
        let ahead = Timestamp(milliseconds: Timestamp.now.milliseconds + 3 * 3_600_000)
        try images.spool.postponeImages([images.image("1-a").id], until: ahead, error: "busy")
        try forwarding(images, to: pacs.port) { _, told in #expect(told.waitForForwarded(1)) }
    }

    @Test func aProbeEndsTheWaitOfARefusedImage() throws {
        let images = try TestImages(["1-a"])
        let pacs = try ImagePACS(.init(react: { _, count in .answer(count == 0 ? .cannotUnderstand : .success) }))
        let forever = RetrySchedule(first: .seconds(3600), ceiling: .seconds(3600))
        try forwarding(images, to: pacs.port, { $0.refusalSchedule = forever }) { forwarder, told in
            #expect(told.wait { $0.contains { if case .refused = $0 { true } else { false } } })
            forwarder.probe()
            #expect(told.waitForForwarded(1))
        }
    }

    @Test func nobodyListeningIsNoMoreThanAWait() throws {
        let images = try TestImages(["1-a"])
        let port = ScriptedPeer.Listener().port
        try forwarding(images, to: port) { forwarder, told in
            #expect(told.wait { !$0.isEmpty })
            guard case .down(_, let reason, _) = told.all[0] else { return #expect(Bool(false), "\(told.all)") }
            #expect(reason.contains("connect"))
            try #require(try images.image("1-a").state == .waiting)
        }
    }

    @Test func aDestinationThatTakesFewerAssociationsGetsFewer() throws {
        let images = try TestImages((0..<60).map { "1-\($0)" })
        let pacs = try ImagePACS(.init(reject: { open in open > 0 ? .localLimitExceeded : nil }))
        try forwarding(images, to: pacs.port, { $0.associations = 4 }) { _, told in
            #expect(told.waitForForwarded(60))
            #expect(pacs.state.withLock { $0.mostOpen } == 1)
            #expect(told.changes.isEmpty)
            let limits = told.all.compactMap { if case .limited(_, let count, _) = $0 { count } else { nil } }
            #expect(limits.last == 1)
        }
    }

    @Test func anAssociationThatEndsAfterSomeImagesIsOpenedAgain() throws {
        let images = try TestImages((0..<20).map { "1-\($0)" })
        let pacs = try ImagePACS(.init(react: { _, count in count % 4 == 3 ? .abort : .answer(.success) }))
        try forwarding(images, to: pacs.port, { $0.associations = 1 }) { _, told in
            #expect(told.waitForForwarded(20))
            #expect(Set(pacs.taken).count == 20)
            #expect(told.changes.isEmpty, "it is no trouble of the destination")
        }
    }

    @Test func aDestinationThatStopsAnsweringIsToldThoughItTakesTheImageAtTheNextAssociation() throws {
        let images = try TestImages((0..<4).map { "1-\($0)" })
        let pacs = try ImagePACS(.init(react: { _, count in count == 1 ? .hold : .answer(.success) }))
        let impatient: (inout ImageForwarder.Configuration) -> Void = {
            $0.associations = 1
            $0.association.deadlines.response = .milliseconds(300)
        }
        try forwarding(images, to: pacs.port, impatient) { forwarder, told in
            #expect(told.waitForForwarded(4))
            pacs.letGo()
            #expect(told.all.contains { if case .refused = $0 { true } else { false } })
            #expect(forwarder.condition.lastFailure?.reason.contains("in time") == true)
        }
    }

    @Test func anImageThatEndsEveryAssociationDoesNotStopTheOthers() throws {
        let images = try TestImages((0..<10).map { "1-\($0)" })
        let poison = TestImages.uid("1-0")
        let pacs = try ImagePACS(
            .init(react: { stored, _ in stored.instance == poison ? .abort : .answer(.success) }))
        try forwarding(images, to: pacs.port, { $0.associations = 1 }) { _, told in
            #expect(pacs.wait { $0.taken.count == 9 })
            let left = try images.image("1-0")
            #expect(left.state == .waiting)
            pacs.change { $0.react = { _, _ in .answer(.success) } }
            #expect(told.waitForForwarded(10))
        }
    }

    @Test func whatTheDestinationDoesNotTakeIsADeadLetterThatNamesTheTransferSyntax() throws {
        let images = try TestImages(["1-a"])
        try images.put("1-b", transferSyntax: TestImages.jpeg)
        try images.put("1-c", transferSyntax: TestImages.jpeg)
        let pacs = try ImagePACS(
            .init(accept: { _, syntaxes in syntaxes.first { $0.text != TestImages.jpeg } }))
        try forwarding(images, to: pacs.port) { forwarder, told in
            #expect(told.waitForForwarded(1))
            #expect(told.wait { ImageTold.dead($0) == 2 })
            let error = try #require(try images.image("1-b").lastError)
            #expect(error.contains("JPEG Lossless") && error.contains("CT Image Storage"))
            #expect(told.changes.isEmpty)
            pacs.change { $0.accept = { $1.first } }
            try images.spool.retryImages(images.queued("1").map(\.id))
            forwarder.probe()
            #expect(told.waitForForwarded(3))
        }
    }

    @Test func aDestinationThatIsAwayIsNotUpForWhatItRefusedBefore() throws {
        let images = try TestImages(["1-b"])
        try images.put("1-a", transferSyntax: TestImages.jpeg)
        let pacs = try ImagePACS(
            .init(accept: { _, syntaxes in syntaxes.first { $0.text != TestImages.jpeg } }))
        try forwarding(images, to: pacs.port, { ($0.associations, $0.idleTime) = (1, .zero) }) { forwarder, told in
            #expect(told.wait { ImageTold.buried($0).count == 1 })
            #expect(pacs.wait { $0.open == 0 })
            pacs.change { $0.reject = { _ in .calledAETitleNotRecognized } }
            try images.put("2-a")
            forwarder.wake()
            #expect(told.wait { $0.contains { if case .down = $0 { true } else { false } } })
            try images.put("3-a", transferSyntax: TestImages.jpeg, isUrgent: true)
            forwarder.wake(isUrgent: true)
            #expect(told.wait { ImageTold.buried($0).count == 2 })
            #expect(told.changes == ["down"])
        }
    }

    @Test func anImageThatIsDroppedWhileAnAssociationIsOpenedForItIsNoDeadLetter() throws {
        let images = try TestImages(["1-a", "2-a"])
        let (file, id) = (images.files[0], try images.image("1-a").id)
        let spool = images.spool
        let pacs = try ImagePACS()
        pacs.change { script in
            script.accept = { _, syntaxes in
                try? spool.dropImages([id])
                try? FileManager.default.removeItem(atPath: file)
                return syntaxes.first
            }
        }
        try forwarding(images, to: pacs.port, { $0.associations = 1 }) { _, told in
            #expect(told.waitForForwarded(1))
            #expect(pacs.taken == [TestImages.uid("2-a")])
            #expect(told.all.count == 1, "\(told.all)")
        }
    }

    @Test(arguments: [Wire.explicitVR, Wire.implicitVR])
    func anUncompressedImageIsReencodedWhereTheDestinationForcesIt(kept: String) throws {
        let images = try TestImages()
        try images.put("1-a", transferSyntax: kept, compression: .zstd(level: 1))
        let other = kept == Wire.explicitVR ? Wire.implicitVR : Wire.explicitVR
        let pacs = try ImagePACS(.init(accept: { _, syntaxes in syntaxes.first { $0.text == other } }))
        try forwarding(images, to: pacs.port) { _, told in
            #expect(told.waitForForwarded(1))
            #expect(pacs.stored.first?.dataSet == TestImages.dataSet("1-a", transferSyntax: other))
        }
    }

    @Test func aFileThatCannotBeReadIsADeadLetterAndTheOthersGoOn() throws {
        let images = try TestImages(["1-a", "1-b", "1-c"])
        try FileManager.default.removeItem(atPath: images.files[1])
        let pacs = try ImagePACS()
        try forwarding(images, to: pacs.port) { _, told in
            #expect(told.wait { ImageTold.buried($0) == [TestImages.uid("1-b")] && ImageTold.forwarded($0) == 2 })
            #expect(told.changes.isEmpty)
            try #require(try images.image("1-b").lastError != nil)
        }
    }

    @Test func aDamagedFileIsADeadLetterAndTheOthersGoOn() throws {
        let images = try TestImages(["1-a"])
        try images.put("1-b", pixels: 400_000, compression: .zstd(level: 1))
        try images.put("1-c")
        let path = images.files[1]
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[bytes.count / 2] ^= 0x55
        try bytes.write(to: URL(fileURLWithPath: path))
        let pacs = try ImagePACS()
        try forwarding(images, to: pacs.port) { _, told in
            #expect(told.wait { ImageTold.buried($0) == [TestImages.uid("1-b")] && ImageTold.forwarded($0) == 2 })
            #expect(!pacs.taken.contains(TestImages.uid("1-b")))
            #expect(told.changes.isEmpty)
        }
    }

    @Test func aSpoolThatFailsForAWhileLosesNothing() throws {
        let (images, pacs) = (try TestImages(["1-a", "1-b"]), try ImagePACS())
        let database = images.directory + "/spool.db"
        try FileManager.default.moveItem(atPath: database, toPath: database + ".away")
        try forwarding(images, to: pacs.port) { forwarder, told in
            #expect(told.wait { $0.contains { if case .stuck = $0 { true } else { false } } })
            try FileManager.default.moveItem(atPath: database + ".away", toPath: database)
            #expect(told.waitForForwarded(2))
            #expect(told.wait { $0.contains { if case .freed = $0 { true } else { false } } })
            let news = told.all.compactMap { event -> String? in
                switch event {
                case .stuck(_, _, _, let isNews): isNews ? "stuck" : nil
                case .freed: "freed"
                default: nil
                }
            }
            #expect(news == ["stuck", "freed"])
        }
    }

    @Test func aThrottledImageDoesNotHoldUpTheEnd() throws {
        let (images, pacs) = (try TestImages(), try ImagePACS())
        try images.put("1-a", pixels: 500_000)
        try forwarding(images, to: pacs.port, { $0.throttle = 10 }) { forwarder, _ in
            #expect(pacs.wait { $0.open == 1 })
            #expect(forwarder.condition.transfers.map(\.instance) == [TestImages.uid("1-a")])
        }
        #expect(pacs.taken.isEmpty)
        try #require(try images.image("1-a").state == .waiting)
        try forwarding(images, to: pacs.port) { _, told in #expect(told.waitForForwarded(1)) }
    }
}
