import Testing

@testable import Spool

/// What a failing disk may do: refuse, but never lose what was acknowledged nor acknowledge what is lost
/// (`ingest.md` case 50, R1).
@Suite struct FaultyDiskTests {
    let directory = TemporaryDirectory()

    private func configuration(_ disk: FaultyDisk) -> Spool.Configuration {
        var configuration = Spool.Configuration(directory: "\(directory.path)/spool")
        configuration.vfs = disk.name
        return configuration
    }

    @Test(arguments: 1...8) func afterAnErrorOfTheDiskNothingIsStoredUntilItIsRecovered(_ failing: Int) throws {
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
}
