import Foundation
import Spool
import Testing
import Threads

@testable import Forwarding

/// What an operator, or the time of day, lets be sent.
@Suite struct ImageModeTests {
    @Test func nothingIsSentToAPausedDestinationThroughARestartUntilItIsResumed() throws {
        let (images, pacs) = (try TestImages(["1-a"]), try ImagePACS())
        try forwarding(images, to: pacs.port) { forwarder, told in
            #expect(told.waitForForwarded(1))
            try set(.paused, forwarder)
            try images.put("1-b")
            forwarder.wake()
            #expect(pacs.wait { $0.open == 0 }, "it lets go")
            #expect(forwarder.condition.activity == .paused)
        }
        try images.restart()
        try forwarding(images, to: pacs.port) { forwarder, told in
            #expect(told.all.isEmpty)
            #expect(forwarder.condition.activity == .paused || forwarder.condition.activity == .idle)
            try set(.running, forwarder)
            #expect(told.waitForForwarded(1))
            #expect(pacs.stored.count == 2)
            #expect(forwarder.condition.mode == .running)
        }
    }

    @Test func outsideItsWindowsNothingBegins() throws {
        let (images, pacs) = (try TestImages(["1-a"]), try ImagePACS())
        let minute = Monitor(12 * 60)
        let zone = LocalTime { _ in minute.withLock { $0 } }
        try forwarding(
            images, to: pacs.port, zone: zone, { $0.windows = [TimeWindow("20:00-06:00")].compactMap(\.self) }
        ) { forwarder, told in
            #expect(forwarder.condition.activity == .closed(until: nil))
            forwarder.wake()
            minute.withLock { $0 = 20 * 60 }
            forwarder.wake()
            #expect(told.waitForForwarded(1))
        }
    }

    @Test func whatWaitsIsDrainedOutsideTheWindowsToo() throws {
        let (images, pacs) = (try TestImages(["1-a"]), try ImagePACS())
        let noon = LocalTime { _ in 12 * 60 }
        try forwarding(
            images, to: pacs.port, zone: noon, { $0.windows = [TimeWindow("20:00-06:00")].compactMap(\.self) }
        ) { forwarder, told in
            #expect(forwarder.condition.activity == .closed(until: nil))
            try set(.draining, forwarder)
            #expect(told.waitForForwarded(1))
        }
    }

    private func set(_ mode: DestinationMode, _ forwarder: ImageForwarder) throws {
        try forwarder.setMode(mode, by: "anna", why: "maintenance")
    }
}
