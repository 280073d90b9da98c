import Foundation
import Testing
import Threads

@testable import Spool

/// The power is cut, or the disk fails, before each operation of the disk in turn, while the spool does one thing: then
/// all of it is there or nothing, and all of it once the caller was told so.
@Suite struct CommitPointTests {
    enum Act: CaseIterable, Sendable {
        case storeSeveral, settle, updateStandings, begin, acknowledge, postpone, bury, retry, seal
    }

    let directory = TemporaryDirectory()
    /// Never fails.
    private let disk = FaultyDisk(name: "commit-\(UUID().uuidString)")
    private var template: String { "\(directory.path)/template" }

    init() throws {
        let spool = try Spool(configuration("template", disk))
        try prepare(spool)
    }

    /// A spool as it was prepared.
    private func prepared(_ name: String, _ disk: FaultyDisk) throws -> Spool {
        let configuration = configuration(name, disk)
        try copySpool(template, to: configuration.directory)
        return try Spool(configuration)
    }

    private func configuration(_ name: String, _ disk: FaultyDisk) -> Spool.Configuration {
        var configuration = Spool.Configuration(directory: "\(directory.path)/\(name)")
        configuration.vfs = disk.name
        // At each commit: the copying of the log into the database is cut too.
        configuration.checkpointPages = 1
        return configuration
    }

    /// A study with a standing, a begun, a waiting and a dead delivery, and a document that only the standing needs.
    private func prepare(_ spool: Spool) throws {
        for index in 0..<3 { try spool.store(arrival(header: syntheticHeader(index))) }
        let study = try #require(try spool.openStudies().first)
        var first = settlement(through: study.lastOpen, outgoing: [0, 1, 2, 3].map { outgoing($0) })
        first.standings = [standing("platform", "one", ["2.25.0", "2.25.1"])]
        first.state = "sending"
        try spool.settle(study.id, first)
        let deliveries = try spool.deliveries(of: study.id).map(\.id)
        _ = try spool.begin(deliveries[0])
        try spool.acknowledge(deliveries[0])
        _ = try spool.begin(deliveries[1])
        try spool.bury(deliveries[3], error: "refused", answer: "C000", at: .seconds(5))
    }

    private func perform(_ act: Act, _ spool: Spool) throws {
        let study = try #require(try spool.studies(uid: "1.2").first)
        let deliveries = try spool.deliveries(of: study.id)
        let ids = deliveries.map(\.id)
        let expected = Dictionary(uniqueKeysWithValues: deliveries.map { ($0.id, $0.state) })
        let event = HistoryEvent(kind: "act", detail: "", at: .seconds(7))
        switch act {
        case .storeSeveral:
            try spool.store((0..<4).map { arrival(study: "1.\($0 % 3 + 2)", header: syntheticHeader($0 + 10)) })
        case .settle:
            var next = settlement(through: study.lastOpen, outgoing: [outgoing(9), outgoing(10, to: ["a", "b"])])
            next.record = Array("next".utf8)
            next.state = "published"
            next.standings = [standing("platform", "two", ["2.25.9"]), standing("a", "new")]
            next.withdrawn = Array(ids.dropFirst())
            next.expecting = expected
            next.events = [event]
            try spool.settle(study.id, next)
        case .updateStandings:
            try spool.updateStandings(
                of: study.id, [standing("platform", "none")], state: "published", expecting: expected, events: [event],
                at: .seconds(8))
        case .begin: _ = try spool.begin(ids[1])
        case .acknowledge: try spool.acknowledge(ids[1], events: [event])
        case .postpone: try spool.postpone(ids[0], until: .seconds(99), error: "busy")
        case .bury: try spool.bury(ids[0], error: "no", answer: nil, events: [event], at: .seconds(8))
        case .retry: try spool.retry(ids[2], events: [event])
        case .seal: try spool.seal(study.id)
        }
    }

    @Test(arguments: Act.allCases) func aPowerCutLeavesAllOfItOrNothing(_ act: Act) throws {
        var cut = 1
        while try powerCut(before: cut, act) { cut += 1 }
        #expect(cut > 3, "operations of the disk")
    }

    /// False: the act and what came after it were over before.
    private func powerCut(before cut: Int, _ act: Act) throws -> Bool {
        let name = "\(act)-\(cut)"
        let disk = FaultyDisk(name: "\(name)-cut")
        let spool = try prepared(name, disk)
        let before = try Picture(spool)
        let hasReturned = Monitor(false)
        let hadReturned = Monitor<Bool?>(nil)
        let path = "\(directory.path)/\(name)"
        disk.cutPower(before: cut) { unsynced in
            hadReturned.withLock { $0 = hasReturned.withLock { $0 } }
            copyAfterPowerCut(path, unsynced, to: "\(path)-cut", seed: UInt64(cut) &* 77)
        }
        try perform(act, spool)
        hasReturned.withLock { $0 = true }
        let after = try Picture(spool)
        #expect(after != before)
        // Something that the picture does not show: the cut falls into it when the act is over.
        if hadReturned.withLock({ $0 }) == nil {
            try spool.quarantine([1], reason: "", sender: "", attributes: "", at: .seconds(9))
        }
        guard let wasPromised = hadReturned.withLock({ $0 }) else { return false }
        let survivor = try Spool(configuration("\(name)-cut", self.disk))
        let kept = try Picture(survivor)
        #expect(kept == after || (!wasPromised && kept == before), "before operation \(cut)")
        try survivor.store(arrival(header: syntheticHeader(99)))
        return true
    }

    @Test(arguments: Act.allCases) func aFailingDiskLeavesAllOfItOrNothing(_ act: Act) throws {
        var operation = 1
        while try failure(at: operation, act) { operation += 1 }
        #expect(operation > 1, "operations of the disk")
    }

    /// False: the act was over before.
    private func failure(at operation: Int, _ act: Act) throws -> Bool {
        let name = "\(act)-\(operation)"
        let disk = FaultyDisk(name: "\(name)-failing")
        let spool = try prepared(name, disk)
        let before = try Picture(spool)
        disk.fail(at: operation, .inputOutput)
        let hasReturned: Bool
        do {
            try perform(act, spool)
            hasReturned = true
        } catch is SpoolError {
            hasReturned = false
        }
        let hasFailed = spool.failure != nil
        disk.heal()
        if hasFailed { try spool.recover() }
        let kept = try Picture(spool)
        if hasReturned {
            #expect(kept != before, "at operation \(operation)")
        } else if kept != before {
            // Reported as failed and there all the same: then whole. Done once more, it changes nothing of the studies.
            try #require(hasFailed)
            let reference = try prepared("\(name)-reference", disk)
            try perform(act, reference)
            #expect(kept == (try Picture(reference)), "at operation \(operation)")
        }
        try spool.store(arrival(header: syntheticHeader(99)))
        return disk.operations >= operation
    }
}
