import Testing
import Threads

@testable import Spool

struct ProbeTests {
    let directory = TemporaryDirectory()
    var configuration: Spool.Configuration { Spool.Configuration(directory: "\(directory.path)/spool") }

    /// A write that SQLite leaves out, since no byte changes, would tell nothing of the disk.
    @Test func aProbeReachesTheDiskAndChangesNothing() throws {
        let spool = try Spool(configuration)
        try spool.store(arrival(header: syntheticHeader(0)))
        let before = try look(at: spool)
        try spool.probe()
        let after = try look(at: spool)
        #expect(after.pages > before.pages)
        #expect(after.numbers == before.numbers)
    }

    private func look(at spool: Spool) throws -> (pages: Int, numbers: [Int64]) {
        try spool.writer.write { ledger throws(SpoolError) in
            (ledger.connection.pagesInLog, try ledger.connection.lastNumbers())
        }
    }

    @Test func whatIsCommittedIsNoted() throws {
        let spool = try Spool(configuration)
        let opened = try #require(spool.lastCommit)
        try spool.store(arrival(header: syntheticHeader(0)))
        let stored = try #require(spool.lastCommit)
        #expect(stored > opened)
        try spool.probe()
        #expect(try #require(spool.lastCommit) > stored)
    }

    @Test func whatIsRefusedIsNoCommit() throws {
        var configuration = configuration
        configuration.reserve = .max
        let spool = try Spool(configuration)
        let opened = spool.lastCommit
        #expect(throws: SpoolError.self) { try spool.store(arrival(header: syntheticHeader(0))) }
        #expect(spool.lastCommit == opened)
    }

    @Test func aClosedSpoolAnswersAProbe() throws {
        let spool = try Spool(configuration)
        spool.close()
        #expect(throws: SpoolError.self) { try spool.probe() }
    }
}

extension Connection {
    fileprivate func lastNumbers() throws(SpoolError) -> [Int64] {
        [try integer("SELECT last_arrival FROM counter"), try integer("SELECT last_image FROM counter")]
    }
}
