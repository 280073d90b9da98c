import Testing
import Threads

@testable import Gateway
@testable import Host

struct VitalityTests {
    /// What is said, and what is looked at; the clock is the test's.
    private final class Scene: Sendable {
        struct State {
            var words: [Bulletin.Word] = []
            var status = "idle"
            var curationSince: MonotonicInstant?
            var lastCommit: MonotonicInstant?
            var probes = 0
            /// The disk answers nothing.
            var hangs = false
        }

        let state = Monitor(State())
        let vitality: Vitality

        init(patience: Duration? = .seconds(30)) {
            vitality = Vitality(
                watchdog: patience.map { Watchdog(patience: $0) }, isHeard: true, at: VitalityTests.at(0),
                say: { [state] word in state.withLock { $0.words.append(word) } })
        }

        var signs: Vitality.Signs {
            Vitality.Signs(
                pulses: { [state] in
                    let since = state.withLock { $0.curationSince }
                    return [Pulse.State(stage: "curation", limit: .seconds(120), since: since)]
                },
                status: { [state] in state.withLock { $0.status } },
                lastCommit: { [state] in state.withLock { $0.lastCommit } },
                probe: { [state] in
                    state.update { $0.probes += 1 }
                    _ = state.wait { $0.hangs ? nil : true }
                })
        }

        /// What a tick says.
        func tick(_ seconds: Int64) -> [Bulletin.Word] {
            state.withLock { $0.words = [] }
            vitality.tick(at: VitalityTests.at(seconds))
            return state.withLock { $0.words }
        }
    }

    static func at(_ seconds: Int64) -> MonotonicInstant {
        // Far ahead of the clock: what a probe's thread notes is always earlier.
        MonotonicInstant(nanoseconds: (1_000_000_000 + seconds) * 1_000_000_000)
    }

    @Test func whileItStartsItAsksForTime() {
        let scene = Scene()
        #expect(scene.tick(10) == [.extendTimeout(.seconds(30)), .ping])
    }

    @Test func commitsKeepItWell() {
        let scene = Scene()
        scene.vitality.serve(scene.signs, at: Self.at(0))
        #expect(scene.state.withLock { $0.words } == [.ready(status: "idle")])
        for second in stride(from: Int64(10), to: 200, by: 10) {
            scene.state.withLock { $0.lastCommit = Self.at(second - 5) }
            #expect(scene.tick(second) == [.ping])
        }
        #expect(scene.state.withLock { $0.probes } == 0)
    }

    @Test func aStageThatIsStuckIsToldAndThePingWithheld() {
        let scene = Scene()
        scene.vitality.serve(scene.signs, at: Self.at(0))
        scene.state.withLock {
            $0.curationSince = Self.at(1)
            $0.lastCommit = Self.at(130)
        }
        #expect(scene.tick(130) == [.tell(stage: "curation", for: .seconds(129))])
        #expect(scene.tick(131) == [])
        scene.state.withLock { $0.curationSince = nil }
        #expect(scene.tick(132) == [.ping])
    }

    @Test func withoutCommitsTheSpoolIsProbedAndADiskThatHangsIsStuck() {
        let scene = Scene()
        scene.vitality.serve(scene.signs, at: Self.at(0))
        scene.state.withLock { $0.hangs = true }
        #expect(scene.tick(9) == [.ping])
        #expect(scene.tick(10) == [.ping])
        _ = scene.state.wait { $0.probes == 1 ? true : nil }
        #expect(scene.tick(20) == [.ping])
        #expect(scene.tick(31) == [.tell(stage: "spool", for: .seconds(31))])
        // Not one more thread for each tick.
        #expect(scene.state.withLock { $0.probes } == 1)
        scene.state.update { $0.hangs = false }
    }

    @Test func aStatusIsToldWhenItChangesAndNotWhileSomethingIsStuck() {
        let scene = Scene()
        scene.vitality.serve(scene.signs, at: Self.at(0))
        scene.state.withLock { $0.status = "1 association" }
        #expect(scene.tick(5) == [.ping, .status("1 association")])
        scene.state.withLock {
            $0.status = "2 associations"
            $0.curationSince = Self.at(-200)
        }
        #expect(scene.tick(6) == [.tell(stage: "curation", for: .seconds(206))])
    }

    @Test func withoutAWatchdogNothingIsProbed() {
        let scene = Scene(patience: nil)
        scene.vitality.serve(scene.signs, at: Self.at(0))
        scene.state.withLock { $0.curationSince = Self.at(1) }
        #expect(scene.tick(10_000) == [.ping])
        #expect(scene.state.withLock { $0.probes } == 0)
    }

    @Test func aReloadIsReadyAgainWhenItIsDone() {
        let scene = Scene()
        scene.vitality.serve(scene.signs, at: Self.at(0))
        scene.vitality.reload { scene.state.withLock { $0.status = "another" } }
        #expect(
            scene.state.withLock { $0.words } == [.ready(status: "idle"), .reloading, .ready(status: "another")])
    }
}
