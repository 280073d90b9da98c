import Foundation
import Studies
import Testing

/// Whatever happens, a destination comes to hold the truth, and shows nothing wrong on its way there.
///
/// `KOSGATE_HISTORIES` says how many histories are tried (100,000 otherwise), `KOSGATE_HISTORY` replays one seed.
@Suite struct HistoryTests {
    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }

    struct Outcome: Sendable {
        var failing: [UInt64] = []
        var longest = 0
        var count = 0
    }

    private static func run(_ seeds: StrideTo<UInt64>) -> Outcome {
        var outcome = Outcome()
        for seed in seeds {
            var history = RandomHistory(seed: seed)
            outcome.count += 1
            if history.run() != nil { outcome.failing.append(seed) }
            outcome.longest = max(outcome.longest, history.sends)
            if outcome.failing.count == 3 { break }
        }
        return outcome
    }

    @Test func noHistoryShowsWhatIsNotTrue() async {
        let first = Self.number("KOSGATE_HISTORY")
        let seeds = first.map { $0..<($0 + 1) } ?? 0..<(Self.number("KOSGATE_HISTORIES") ?? 100_000)
        let outcomes = await withTaskGroup(of: Outcome.self, returning: [Outcome].self) { group in
            for offset in 0..<UInt64(2) {
                group.addTask { Self.run(stride(from: seeds.lowerBound + offset, to: seeds.upperBound, by: 2)) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for seed in outcomes.flatMap(\.failing).sorted().prefix(2) {
            let log = RandomHistory.Log()
            var history = RandomHistory(seed: seed, log: log)
            let fault = history.run() ?? "it does not fail again"
            Issue.record("history \(seed): \(fault)\n\(log.lines.joined(separator: "\n"))")
        }
        #expect(outcomes.map(\.longest).max() ?? 0 <= RandomHistory.longestConvergence)
        if outcomes.allSatisfy(\.failing.isEmpty) {
            #expect(outcomes.map(\.count).reduce(0, +) == seeds.count)
        }
    }
}
