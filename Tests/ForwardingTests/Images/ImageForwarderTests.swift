import Associations
import DICOM
import DICOMNetwork
import Foundation
import Spool
import TestSupport
import Testing
import Threads

@testable import Forwarding

/// Images on their way to a destination that takes them.
@Suite struct ImageForwarderTests {
    @Test func aStudyIsSentWhileItIsStillArriving() throws {
        let (images, pacs) = (try TestImages(), try ImagePACS())
        try forwarding(images, to: pacs.port) { forwarder, told in
            for name in ["1-a", "1-b", "1-c"] {
                try images.put(name)
                forwarder.wake()
                #expect(pacs.wait { $0.taken.contains(TestImages.uid(name)) }, "before the next one comes")
            }
            #expect(told.waitForForwarded(3))
        }
        #expect(try images.queued("1").isEmpty)
        #expect(images.files.isEmpty)
        #expect(try images.spool.imageLineages(of: images.study("1")) == ["pacs"])
    }

    @Test(arguments: [ImageCompression.none, .zstd(level: 1)])
    func theDataSetArrivesToTheByteHoweverItWasKept(compression: ImageCompression) throws {
        let (images, pacs) = (try TestImages(), try ImagePACS())
        let syntaxes = [Wire.explicitVR, Wire.implicitVR, TestImages.jpeg, "1.2.840.10008.1.2.1.99"]
        for (place, syntax) in syntaxes.enumerated() {
            try images.put(
                "1-\(place)", pixels: 150_000, transferSyntax: syntax, compression: compression)
        }
        try forwarding(images, to: pacs.port) { _, told in
            #expect(told.waitForForwarded(4))
            for (place, syntax) in syntaxes.enumerated() {
                let stored = try #require(pacs.stored.first { $0.instance == TestImages.uid("1-\(place)") })
                #expect(stored.transferSyntax.text == syntax)
                let sent = TestImages.dataSet("1-\(place)", pixels: 150_000, transferSyntax: syntax)
                #expect(stored.dataSet == sent, "\(syntax)")
            }
        }
    }

    @Test func urgentImagesGoFirstThenStudyByStudy() throws {
        let (images, pacs) = (try TestImages(), try ImagePACS())
        for name in ["2-a", "1-a", "2-b", "1-b"] { try images.put(name) }
        try images.put("3-a", isUrgent: true)
        try forwarding(images, to: pacs.port, { $0.associations = 1 }) { _, told in
            #expect(told.waitForForwarded(5))
            #expect(pacs.taken == ["3-a", "2-a", "2-b", "1-a", "1-b"].map(TestImages.uid))
        }
    }

    @Test func anUrgentImageOvertakesWhatWasFoundBefore() throws {
        let images = try TestImages((0..<20).map { "1-\($0)" })
        let pacs = try ImagePACS(.init(react: { _, count in count == 0 ? .hold : .answer(.success) }))
        try forwarding(images, to: pacs.port, { $0.associations = 1 }) { forwarder, told in
            #expect(pacs.wait { $0.stored.count == 1 })
            try images.put("2-a", isUrgent: true)
            forwarder.wake(isUrgent: true)
            pacs.letGo()
            #expect(told.waitForForwarded(21))
            #expect(pacs.taken[1] == TestImages.uid("2-a"))
        }
    }

    @Test func aBarrierWaitsForAllBeforeItAndAllBehindItWaitsForTheBarrier() throws {
        let images = try TestImages((0..<10).map { "1-\($0)" })
        let pacs = try ImagePACS(
            .init(react: { stored, _ in .answer(stored.instance == TestImages.uid("1-3") ? .outOfResources : .success) }
            ))
        try images.spool.beginImages(of: images.study("1"), at: "pacs")
        try images.put("1-note", isBarrier: true)
        for place in 10..<15 { try images.put("1-\(place)") }
        try images.put("2-a")
        try forwarding(images, to: pacs.port, { $0.associations = 4 }) { _, told in
            // One before the barrier is not taken yet: another study goes on.
            #expect(pacs.wait { $0.taken.contains(TestImages.uid("2-a")) && $0.taken.count == 10 })
            #expect(!pacs.stored.contains { $0.instance == TestImages.uid("1-note") })
            pacs.change { $0.react = { _, _ in .answer(.success) } }
            #expect(told.waitForForwarded(17))
            let order = pacs.taken.filter { $0 != TestImages.uid("2-a") }
            #expect(order.firstIndex(of: TestImages.uid("1-note")) == 10)
            #expect(Set(order.prefix(10)) == Set((0..<10).map { TestImages.uid("1-\($0)") }))
        }
    }

    @Test(arguments: [true, false], [true, false])
    func aNoteDoesNotOvertakeAnImageThatIsOnItsWay(isDropped: Bool, isTaken: Bool) throws {
        let images = try TestImages(["1-a"])
        let note = TestImages.uid("1-note")
        let pacs = try ImagePACS(.init(react: { stored, count in count == 0 ? .hold : .answer(.success) }))
        // Without an answer to it, it is a failure.
        if !isTaken { pacs.change { $0.react = { _, count in count == 0 ? .holdAndAbort : .answer(.success) } } }
        try forwarding(images, to: pacs.port) { forwarder, told in
            #expect(pacs.wait { $0.stored.count == 1 })
            try images.put("1-note", isBarrier: true)
            if isDropped {
                try images.spool.dropImages([images.image("1-a").id])
            } else {
                try images.storeNote(study: "1")
            }
            try images.put("2-a")
            forwarder.wake()
            // Whoever could send the note is seen to be there.
            #expect(pacs.wait { $0.taken == [TestImages.uid("2-a")] })
            try images.put("2-b")
            forwarder.wake()
            #expect(pacs.wait { $0.taken.contains(TestImages.uid("2-b")) })
            #expect(!pacs.stored.contains { $0.instance == note })
            pacs.letGo()
            #expect(pacs.wait { $0.taken.last == note })
            #expect(told.waitForForwarded(isTaken ? 4 : 3))
        }
    }

    @Test func withheldImagesDoNotLeaveUntilTheyAreReleased() throws {
        let (images, pacs) = (try TestImages(), try ImagePACS())
        try images.put("1-a", isWithheld: true)
        try images.put("2-a")
        try forwarding(images, to: pacs.port) { forwarder, told in
            #expect(told.waitForForwarded(1))
            #expect(pacs.taken == [TestImages.uid("2-a")])
            try images.spool.releaseImages([images.image("1-a").id])
            forwarder.wake()
            #expect(told.waitForForwarded(2))
        }
    }

    @Test func whatTheDestinationHasAlreadyIsTakenAndARemarkIsToldOncePerStudy() throws {
        let images = try TestImages(["1-a", "1-b", "1-c", "2-a"])
        let pacs = try ImagePACS(
            .init(react: { stored, _ in
                .answer(stored.instance == TestImages.uid("1-a") ? .duplicateSOPInstance : Status(rawValue: 0xB006))
            }))
        try forwarding(images, to: pacs.port) { _, told in
            #expect(told.waitForForwarded(4))
            let warned = told.all.compactMap { event -> String? in
                guard case .warned(let image, _, let remark) = event else { return nil }
                #expect(remark.contains("B006"))
                return image.studyUID
            }
            #expect(warned.sorted() == ["1", "2"])
        }
        // However often the study goes on, its history has one line.
        let remarks = try images.spool.history(of: images.study("1")).filter { $0.kind == "remark" }.map(\.detail)
        #expect(remarks.count == 1)
        #expect(remarks.first?.hasPrefix("instances that pacs took with a remark: 2, the last 1.2.1.") == true)
        #expect(remarks.first?.contains("B006") == true)
        #expect(images.files.isEmpty)
    }

    @Test func whatWentThereOfAStudyIsToldAndInItsHistory() throws {
        let (images, pacs) = (try TestImages(["1-a", "1-b"]), try ImagePACS())
        try forwarding(images, to: pacs.port) { forwarder, told in
            #expect(told.waitForForwarded(2))
            let studies = told.all.compactMap { if case .studyForwarded(let study, _) = $0 { study } else { nil } }
            #expect(studies.map(\.studyUID).allSatisfy { $0 == "1" })
            #expect(studies.map(\.source).allSatisfy { $0 == "pacs" })
            #expect(studies.reduce(0) { $0 + $1.bytes } == 2 * TestImages.dataSet("1-a").count)
            let history = try images.spool.history(of: images.study("1"))
            #expect(history.contains { $0.kind == "images delivered" && $0.detail.hasSuffix("to the PACS") })
            let condition = forwarder.condition
            #expect(condition.lastSuccess != nil)
            #expect(condition.bytesPerSecond > 0)
            #expect(condition.transfers.isEmpty)
        }
    }

    @Test func anAssociationIsKeptWhileThereIsWorkAndReleasedAfterwards() throws {
        let images = try TestImages((0..<200).map { "1-\($0)" })
        let pacs = try ImagePACS()
        try forwarding(
            images, to: pacs.port,
            {
                $0.associations = 1
                $0.idleTime = .milliseconds(1)
            }
        ) { _, told in
            #expect(told.waitForForwarded(200))
            #expect(pacs.wait { $0.open == 0 })
            #expect(pacs.state.withLock { $0.associations } == 1)
        }
    }

    @Test func severalAssociationsShareTheWork() throws {
        let images = try TestImages((0..<40).map { "1-\($0)" })
        let pacs = try ImagePACS(.init(react: { _, count in count < 4 ? .hold : .answer(.success) }))
        try forwarding(images, to: pacs.port, { $0.associations = 4 }) { forwarder, told in
            #expect(pacs.wait { $0.stored.count == 4 })
            #expect(forwarder.condition.transfers.count == 4)
            #expect(forwarder.condition.activity == .sending)
            pacs.letGo()
            #expect(told.waitForForwarded(40))
            #expect(pacs.taken.count == 40)
            #expect(Set(pacs.stored.map(\.association)).count == 4)
        }
    }

    @Test func aNewKindOfImageGetsAnAssociationThatTakesIt() throws {
        let (images, pacs) = (try TestImages(["1-a"]), try ImagePACS())
        try forwarding(images, to: pacs.port, { $0.associations = 1 }) { forwarder, told in
            #expect(told.waitForForwarded(1))
            try images.put("1-b", sopClass: TestImages.mr, transferSyntax: TestImages.jpeg)
            try images.put("1-c")
            forwarder.wake()
            #expect(told.waitForForwarded(3))
            #expect(pacs.stored.map(\.association) == [1, 2, 2], "the second is for both kinds")
        }
    }

    @Test func afterACrashEverythingArrivesAgainOrForTheFirstTime() throws {
        let images = try TestImages((0..<30).map { "1-\($0)" })
        let pacs = try ImagePACS(.init(react: { _, count in count < 12 ? .answer(.success) : .hold }))
        try forwarding(images, to: pacs.port, { $0.association.deadlines.response = .milliseconds(200) }) { _, _ in
            #expect(pacs.wait { $0.stored.count >= 13 })
            try images.restart()
        }
        pacs.change { $0.react = { stored, _ in .answer(.success) } }
        try forwarding(images, to: pacs.port) { _, told in
            #expect(told.waitForEmpty(images, "1"))
            #expect(Set(pacs.taken).count == 30)
        }
        #expect(images.files.isEmpty)
    }
}
