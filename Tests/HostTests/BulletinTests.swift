import Testing
import Threads

@testable import Host

struct BulletinTests {
    private static func at(_ seconds: Int64) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: seconds * 1_000_000_000)
    }

    private static func serving() -> Bulletin {
        var bulletin = Bulletin(startingAt: at(0))
        _ = bulletin.serving(status: "idle")
        return bulletin
    }

    @Test func aLongStartAsksForMoreTimeButNotForEver() {
        var bulletin = Bulletin(startingAt: Self.at(0))
        #expect(bulletin.tick(.healthy, at: Self.at(10)) == [.extendTimeout(.seconds(30)), .ping])
        #expect(bulletin.tick(.healthy, at: Self.at(1_790)) == [.extendTimeout(.seconds(30)), .ping])
        #expect(bulletin.tick(.healthy, at: Self.at(1_800)) == [])
        #expect(bulletin.news("recovering") == [])
    }

    /// systemd counts from the last extension: it must be longer than what lies between two.
    @Test func anExtensionOutlastsALateTick() {
        #expect(Bulletin.more >= Bulletin.interval * 2)
    }

    @Test func itIsReadyOnceAndThenWell() {
        var bulletin = Bulletin(startingAt: Self.at(0))
        #expect(bulletin.serving(status: "idle") == [.ready(status: "idle")])
        #expect(bulletin.tick(.healthy, at: Self.at(10)) == [.ping])
        #expect(bulletin.tick(.healthy, at: Self.at(20)) == [.ping])
    }

    @Test func aStatusIsToldWhenItChanges() {
        var bulletin = Self.serving()
        #expect(bulletin.news("idle") == [])
        #expect(bulletin.news("1 association") == [.status("1 association")])
        #expect(bulletin.news("1 association") == [])
    }

    @Test func aStuckStageWithholdsThePingAndIsToldOnce() {
        var bulletin = Self.serving()
        let stuck = Watchdog.Verdict.stuck(stage: "curation", for: .seconds(121))
        #expect(bulletin.tick(stuck, at: Self.at(10)) == [.tell(stage: "curation", for: .seconds(121))])
        #expect(bulletin.tick(stuck, at: Self.at(20)) == [])
        #expect(bulletin.tick(.healthy, at: Self.at(30)) == [.ping])
        #expect(bulletin.tick(stuck, at: Self.at(40)) == [.tell(stage: "curation", for: .seconds(121))])
    }

    @Test func aStopIsToldOnceAndAsksForTheTimeThatItMayTake() {
        var bulletin = Self.serving()
        #expect(bulletin.stopping(at: Self.at(100)).first == .stopping)
        #expect(bulletin.stopping(at: Self.at(101)) == [])
        #expect(bulletin.tick(.healthy, at: Self.at(110)) == [.extendTimeout(.seconds(30)), .ping])
        #expect(bulletin.tick(.healthy, at: Self.at(120)) == [])
        #expect(bulletin.news("1 association") == [])
    }

    @Test func whoIsAskedToStopWhileItStartsIsNeverReady() {
        var bulletin = Bulletin(startingAt: Self.at(0))
        _ = bulletin.stopping(at: Self.at(1))
        #expect(bulletin.serving(status: "idle") == [])
        #expect(bulletin.reloading() == [])
    }

    @Test func onlyWhoServesReloads() {
        #expect(Bulletin(startingAt: Self.at(0)).reloading() == [])
        #expect(Self.serving().reloading() == [.reloading])
    }
}
