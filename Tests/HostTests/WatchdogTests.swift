import Host
import Testing
import Threads

struct WatchdogTests {
    private let watchdog = Watchdog(patience: .seconds(30))

    private static func at(_ seconds: Int64) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: seconds * 1_000_000_000)
    }

    private static func pulse(_ stage: String, limit: Int, since: Int64?) -> Pulse.State {
        Pulse.State(stage: stage, limit: .seconds(limit), since: since.map(at))
    }

    @Test func stagesThatWaitAreWellHoweverLong() {
        let idle = [Self.pulse("curation", limit: 1, since: nil), Self.pulse("ingest", limit: 1, since: nil)]
        #expect(watchdog.verdict(idle, spoolAnswered: Self.at(1_000_000), at: Self.at(1_000_010)) == .healthy)
    }

    @Test func aStageAtWorkIsWellUntilItsLimit() {
        let pulses = [Self.pulse("curation", limit: 120, since: 100)]
        #expect(watchdog.verdict(pulses, spoolAnswered: Self.at(219), at: Self.at(220)) == .healthy)
        #expect(
            watchdog.verdict(pulses, spoolAnswered: Self.at(219), at: Self.at(221))
                == .stuck(stage: "curation", for: .seconds(121)))
    }

    @Test func aSpoolThatDoesNotAnswerIsStuck() {
        #expect(watchdog.verdict([], spoolAnswered: Self.at(100), at: Self.at(130)) == .healthy)
        #expect(
            watchdog.verdict([], spoolAnswered: Self.at(100), at: Self.at(131))
                == .stuck(stage: "spool", for: .seconds(31)))
    }

    @Test func ofSeveralTheOneThatHasBeenStuckLongestIsTold() {
        let pulses = [
            Self.pulse("control", limit: 10, since: 70), Self.pulse("ingest", limit: 10, since: 50),
            Self.pulse("curation", limit: 600, since: 1),
        ]
        #expect(
            watchdog.verdict(pulses, spoolAnswered: Self.at(60), at: Self.at(100))
                == .stuck(stage: "ingest", for: .seconds(50)))
    }
}
