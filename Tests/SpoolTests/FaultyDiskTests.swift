import Foundation
import Testing
import Threads

@testable import Spool

/// What a failing disk may do: refuse, but never lose what was acknowledged nor acknowledge what is lost
/// (`ingest.md` case 50, R1).
@Suite struct FaultyDiskTests {
    let directory = TemporaryDirectory()

    private func configuration(_ disk: FaultyDisk) -> Spool.Configuration {
        var configuration = Spool.Configuration(directory: "\(directory.path)/spool")
        configuration.vfs = disk.name
        configuration.checkpointPages = 6
        return configuration
    }

    @Test(arguments: 1...24) func afterAnErrorOfTheDiskNothingIsStoredUntilItIsRecovered(_ failing: Int) throws {
        let disk = FaultyDisk(name: "faulty-\(failing)")
        let spool = try Spool(configuration(disk))
        var acknowledged: [Arrival] = []
        for index in 0..<5 {
            let arrival = arrival(header: syntheticHeader(index))
            try spool.store(arrival)
            acknowledged.append(arrival)
        }
        disk.fail(at: failing, .inputOutput)
        var index = 5
        while spool.failure == nil {
            let arrival = arrival(header: syntheticHeader(index))
            do {
                try spool.store(arrival)
                acknowledged.append(arrival)
            } catch {
                guard case .unwritable = error else { throw error }
            }
            index += 1
            try #require(index < 50, "the disk never failed")
        }
        #expect(throws: SpoolError.self) { try spool.store(arrival(header: syntheticHeader(100))) }
        #expect(throws: SpoolError.self) { try spool.recover() }
        #expect(throws: SpoolError.self) { try spool.store(arrival(header: syntheticHeader(101))) }

        disk.heal()
        try spool.recover()
        #expect(spool.failure == nil)
        let last = arrival(header: syntheticHeader(102))
        try spool.store(last)
        acknowledged.append(last)
        let study = try #require(try spool.openStudies().first)
        // What was refused may be there all the same (its sender sends it again); what was acknowledged must be.
        let kept = try stored(study.id, in: spool).map(\.header)
        #expect(acknowledged.allSatisfy { kept.contains($0.header) })
        #expect(kept.filter { $0 == last.header }.count == 1)
    }

    @Test(arguments: 1...4) func aFullDiskRefusesAndStoresAgainOnceThereIsRoom(_ failing: Int) throws {
        let disk = FaultyDisk(name: "full-\(failing)")
        let spool = try Spool(configuration(disk))
        var acknowledged = [arrival(header: syntheticHeader(0))]
        try spool.store(acknowledged[0])
        disk.fail(at: failing, .full)
        var refused = 0
        for index in 1...6 {
            let arrival = arrival(header: syntheticHeader(index))
            do {
                try spool.store(arrival)
                acknowledged.append(arrival)
            } catch {
                guard spool.failure == nil else { break }
                guard case .full = error else { throw error }
                refused += 1
            }
        }
        disk.heal()
        if spool.failure != nil { try spool.recover() } else { #expect(refused > 0) }
        let last = arrival(series: "1.2.9", header: syntheticHeader(9))
        try spool.store(last)
        let study = try #require(try spool.openStudies().first)
        let kept = try stored(study.id, in: spool).map(\.header)
        #expect((acknowledged + [last]).allSatisfy { kept.contains($0.header) })
    }

    @Test func everyThreadThatWaitsHearsOfTheFailure() throws {
        let disk = FaultyDisk(name: "faulty-many")
        let spool = try Spool(configuration(disk))
        try spool.store(arrival(header: syntheticHeader(0)))
        disk.fail(at: 30, .inputOutput)
        let outcomes = onThreads(20) { thread -> Int in
            for index in 0..<200 {
                do throws(SpoolError) {
                    try spool.store(arrival(series: "1.2.\(thread)", header: syntheticHeader(index)))
                } catch {
                    return index
                }
            }
            return 200
        }
        #expect(outcomes.allSatisfy { $0 < 200 })
        disk.heal()
        try spool.recover()
        let study = try #require(try spool.openStudies().first)
        let kept = try stored(study.id, in: spool)
        for (thread, acknowledged) in outcomes.enumerated() {
            let headers = kept.filter { $0.series == "1.2.\(thread)" }.map(\.header)
            #expect((0..<acknowledged).allSatisfy { headers.contains(syntheticHeader($0)) })
        }
    }

    @Test func aFailedSettlementLeavesNothingBehind() throws {
        let disk = FaultyDisk(name: "faulty-settle")
        let spool = try Spool(configuration(disk))
        try spool.store(arrival(header: syntheticHeader(0)))
        let study = try #require(try spool.openStudies().first)
        let outgoing = Outgoing(
            destinations: ["platform"], identity: "2.25.1", version: "1", fileName: "1.dcm", content: [1, 2, 3])
        disk.fail(at: 1, .inputOutput)
        #expect(throws: SpoolError.self) {
            try spool.settle(study.id, settlement(through: study.lastOpen, outgoing: [outgoing]))
        }
        disk.heal()
        try spool.recover()
        #expect(try spool.pending(for: "platform").isEmpty)
        #expect(try #require(try spool.study(study.id)).isUnsettled)
        #expect(try spool.manifest(of: study.id) == nil)
    }

    /// The power is cut before each operation in turn of a life of stores, checkpoints, a settlement and a sealing.
    @Test(arguments: [1, 2] as [UInt64]) func aPowerCutLosesNothingThatWasAcknowledged(_ seed: UInt64) throws {
        var cut = 1
        while try lifeReaches(cut, seed: seed) { cut += 5 }
        #expect(cut > 60)
    }

    /// False: the life was over before.
    private func lifeReaches(_ cut: Int, seed: UInt64) throws -> Bool {
        let disk = FaultyDisk(name: "power-\(seed)-\(cut)")
        let path = "\(directory.path)/\(seed)-\(cut)"
        var configuration = Spool.Configuration(directory: path)
        configuration.vfs = disk.name
        configuration.checkpointPages = 6
        let spool = try Spool(configuration)
        let acknowledged = Monitor(0)
        let atCut = Monitor<Int?>(nil)
        disk.cutPower(before: cut) { unsynced in
            atCut.withLock { $0 = acknowledged.withLock { $0 } }
            copyAfterPowerCut(path, unsynced, to: "\(path)-cut", seed: seed &+ UInt64(cut) &* 77)
        }
        let arrivals = (0..<24).map { arrival(header: syntheticHeader($0, count: 700)) }
        for (index, arrival) in arrivals.enumerated() {
            try spool.store(arrival)
            acknowledged.withLock { $0 += 1 }
            guard index == 15, let study = try spool.openStudies().first else { continue }
            try spool.settle(study.id, settlement(through: study.lastOpen))
            try spool.seal(study.id)
        }
        guard let promised = atCut.withLock({ $0 }) else { return false }
        let survivor = try Spool(Spool.Configuration(directory: "\(path)-cut"))
        let kept = try survivor.studies(uid: "1.2").first.map { try stored($0.id, in: survivor).map(\.header) } ?? []
        #expect(kept.count >= promised, "before operation \(cut)")
        #expect(kept == arrivals.prefix(kept.count).map(\.header), "before operation \(cut)")
        try survivor.store(arrival(header: syntheticHeader(99)))
        return true
    }
}
