import DICOM
import DICOMNetwork
import Foundation
import Spool
import Testing
import Threads

@testable import Forwarding

/// An image is deleted only when the destination has committed to keep it.
@Suite struct ImageCommitmentTests {
    @Test func whatIsCommittedIsDeletedAndNothingBefore() throws {
        let images = try TestImages((0..<5).map { "1-\($0)" })
        let pacs = try ImagePACS(.init(commit: { _ in .silence }))
        try forwarding(images, to: pacs.port, { $0.commit = true }) { forwarder, told in
            #expect(pacs.wait { $0.requests.reduce(0) { $0 + $1.instances.count } == 5 })
            #expect(images.files.count == 5)
            for image in try images.queued("1") {
                guard case .sent = image.state else { return #expect(Bool(false), "\(image.state)") }
            }
            let requests = pacs.state.withLock { $0.requests }
            try #require(try !forwarder.committed(result("2.25.1", requests[0].instances)), "not ours")
            #expect(images.files.count == 5)
            for request in requests {
                try #require(try forwarder.committed(result(request.transaction, request.instances)))
                try #require(try forwarder.committed(result(request.transaction, request.instances)), "told again")
            }
            #expect(told.waitForForwarded(5))
        }
        #expect(images.files.isEmpty)
    }

    @Test func theResultMayComeOnTheSameAssociation() throws {
        let (images, pacs) = (try TestImages(["1-a", "1-b"]), try ImagePACS())
        try forwarding(images, to: pacs.port, { $0.commit = true }) { _, told in
            #expect(told.waitForForwarded(2))
        }
        #expect(images.files.isEmpty)
        #expect(pacs.stored.count == 2)
    }

    @Test func theResultMayComeOnTheSameAssociationWhenNobodyWaitsForIt() throws {
        let images = try TestImages(["1-a", "1-b"])
        let pacs = try ImagePACS(.init(commit: { _ in .reportLater }))
        try forwarding(
            images, to: pacs.port,
            {
                $0.commit = true
                $0.associations = 1
                $0.commitmentPatience = .zero
            }
        ) { _, told in
            #expect(pacs.wait { $0.requests.reduce(0) { $0 + $1.instances.count } == 2 })
            pacs.letGo()
            #expect(told.waitForForwarded(2))
        }
        #expect(images.files.isEmpty)
    }

    @Test func anArchiveThatCommitsAfterHoursIsUnderstood() throws {
        let (images, pacs) = (try TestImages(["1-a"]), try ImagePACS(.init(commit: { _ in .silence })))
        let isLater = Monitor(false)
        var clock = DeliveryClock()
        clock.date = {
            Timestamp(milliseconds: Timestamp.now.milliseconds + (isLater.withLock { $0 } ? 12 * 3_600_000 : 0))
        }
        try forwarding(images, to: pacs.port, clock: clock, { $0.commit = true }) { forwarder, _ in
            #expect(pacs.wait { $0.requests.count == 1 })
            isLater.withLock { $0 = true }
            try images.put("1-b")
            forwarder.wake()
            #expect(pacs.wait { $0.requests.count == 2 })
            let requests = pacs.state.withLock { $0.requests }
            #expect(requests[1].instances == [TestImages.uid("1-b")], "the other one is not asked for again")
            try #require(try forwarder.committed(result(requests[0].transaction, requests[0].instances)))
            try #require(try images.queued("1").count == 1)
        }
    }

    /// The answer may have come while nobody listened.
    @Test func whatWasNotCommittedToIsAskedForAgainAfterARestart() throws {
        let (images, pacs) = (try TestImages(["1-a"]), try ImagePACS(.init(commit: { _ in .silence })))
        try forwarding(images, to: pacs.port, { $0.commit = true }) { _, _ in
            #expect(pacs.wait { $0.requests.count == 1 })
        }
        try images.restart()
        try forwarding(images, to: pacs.port, { $0.commit = true }) { forwarder, told in
            #expect(pacs.wait { $0.requests.count == 2 })
            let request = try #require(pacs.state.withLock { $0.requests }.last)
            #expect(request.instances == [TestImages.uid("1-a")])
            let former = try #require(pacs.state.withLock { $0.requests }.first)
            try #require(
                try forwarder.committed(result(former.transaction, former.instances)),
                "the answer to the former request is no mistake of the archive's")
            #expect(try images.queued("1").count == 1, "and counts no more")
            try #require(try forwarder.committed(result(request.transaction, request.instances)))
            #expect(try images.queued("1").isEmpty)
            #expect(told.all.isEmpty, "nothing came too late: \(told.all)")
        }
    }

    /// Killed between the answer of the destination and the request, it is sent again.
    @Test func whatIsThereAlreadyIsAskedForLikeTheRest() throws {
        let (images, pacs) = (try TestImages(["1-a", "1-b"]), try ImagePACS())
        pacs.change {
            $0.react = { stored, _ in
                .answer(stored.instance == TestImages.uid("1-a") ? .duplicateSOPInstance : .success)
            }
        }
        try forwarding(images, to: pacs.port, { $0.commit = true }) { _, told in
            #expect(told.waitForForwarded(2))
            let asked = pacs.state.withLock { $0.requests.flatMap(\.instances) }
            #expect(Set(asked) == [TestImages.uid("1-a"), TestImages.uid("1-b")])
            #expect(told.changes.isEmpty && ImageTold.buried(told.all).isEmpty)
        }
        #expect(images.files.isEmpty)
    }

    @Test func whatIsNotCommittedIsSentAgainAndGivenUpInTheEnd() throws {
        let (images, pacs) = (try TestImages(["1-a", "1-b"]), try ImagePACS())
        let bad = TestImages.uid("1-b")
        pacs.change { $0.commit = { _ in .report(failed: [bad: 0x0112]) } }
        try forwarding(images, to: pacs.port, { $0.commit = true }) { _, told in
            #expect(told.wait { ImageTold.buried($0) == [bad] })
            #expect(pacs.stored.filter { $0.instance == bad }.count == 3)
            #expect(pacs.stored.filter { $0.instance != bad }.count == 1)
            let error = try #require(try images.image("1-b").lastError)
            #expect(error.contains("no such SOP instance"))
            #expect(images.files.count == 1)
            let transactions = pacs.state.withLock { $0.requests.map(\.transaction) }
            #expect(Set(transactions).count == transactions.count)
            #expect(transactions.allSatisfy { $0.hasPrefix("2.25.") && $0.count <= 64 })
        }
    }

    @Test func withoutAResultInTimeItIsAskedAgainUnderAnotherTransaction() throws {
        let (images, pacs) = (try TestImages(["1-a"]), try ImagePACS())
        pacs.change { $0.commit = { count in count == 0 ? .silence : .report(failed: [:]) } }
        try forwarding(
            images, to: pacs.port,
            {
                $0.commit = true
                $0.commitmentTimeout = .milliseconds(30)
            }
        ) { _, told in
            #expect(told.waitForForwarded(1))
            let requests = pacs.state.withLock { $0.requests }
            #expect(requests.count >= 2 && requests[0].transaction != requests[1].transaction)
            #expect(pacs.stored.count == 1, "it is not sent again")
            #expect(told.all.contains { if case .uncommitted = $0 { true } else { false } })
        }
    }

    @Test func aDestinationThatCannotCommitKeepsItsImagesHere() throws {
        let (images, pacs) = (try TestImages(["1-a"]), try ImagePACS())
        pacs.change { $0.accept = { $0 == .storageCommitmentPushModel ? nil : $1.first } }
        try forwarding(images, to: pacs.port, { $0.commit = true }) { forwarder, told in
            #expect(
                told.wait { events in
                    events.contains {
                        if case .uncommitted(_, 1, let reason, _) = $0 {
                            reason.contains("Storage Commitment")
                        } else {
                            false
                        }
                    }
                })
            #expect(images.files.count == 1)
            #expect(pacs.stored.count == 1)
            #expect(pacs.wait { $0.associations > 6 }, "it is asked again")
            #expect(told.all.count == 1, "and told once")
            #expect(forwarder.condition.commitmentFailure?.contains("Storage Commitment") == true)
            pacs.change { $0.accept = { $1.first } }
            #expect(told.waitForForwarded(1))
            #expect(forwarder.condition.commitmentFailure == nil)
        }
        #expect(images.files.isEmpty)
    }

    @Test func afterARestartTheResultIsStillUnderstood() throws {
        let images = try TestImages((0..<3).map { "1-\($0)" })
        let pacs = try ImagePACS(.init(commit: { _ in .silence }))
        try forwarding(images, to: pacs.port, { $0.commit = true }) { _, _ in
            #expect(pacs.wait { $0.requests.reduce(0) { $0 + $1.instances.count } == 3 })
        }
        try images.restart()
        try forwarding(images, to: pacs.port, { $0.commit = true }) { forwarder, _ in
            for request in pacs.state.withLock({ $0.requests }) {
                try #require(try forwarder.committed(result(request.transaction, request.instances)))
            }
            #expect(pacs.stored.count == 3, "nothing is sent again")
        }
        #expect(images.files.isEmpty)
    }

    @Test func whatWasSentIsTakenWhenCommitmentIsNotAskedForAnyMore() throws {
        let (images, pacs) = (try TestImages(["1-a", "1-b"]), try ImagePACS(.init(commit: { _ in .silence })))
        try forwarding(images, to: pacs.port, { $0.commit = true }) { _, _ in
            #expect(pacs.wait { $0.requests.reduce(0) { $0 + $1.instances.count } == 2 })
        }
        #expect(images.files.count == 2)
        try images.restart()
        try images.put("2-a")
        try forwarding(images, to: pacs.port) { _, told in
            #expect(told.waitForForwarded(1))
            #expect(images.files.isEmpty)
            try #require(try images.queued("1").isEmpty)
            #expect(pacs.stored.count == 3, "nothing is sent again")
        }
    }

    private func result(_ transaction: String, _ instances: [String]) -> CommitmentResult {
        CommitmentResult(
            transaction: TransactionUID(transaction), committed: instances.map { InstanceUID($0) }, failed: [])
    }
}
