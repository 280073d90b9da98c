import Foundation
import Testing

@testable import Spool

@Suite struct RecoveryTests {
    let directory = TemporaryDirectory()

    @Test(arguments: 1...6) func aKilledProcessLosesNothingThatWasAcknowledged(_ round: Int) async throws {
        let path = directory.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, round = round as Int] in
            let spool = try Spool(Spool.Configuration(directory: "\(path)/spool"))
            let log = open("\(path)/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
            _ = onThreads(4) { thread in
                for index in 0..<100_000 {
                    guard (try? spool.store(arrival(series: "1.2.\(thread)", header: syntheticHeader(index)))) != nil
                    else { return }
                    var line = Array("\(thread) \(index)\n".utf8)
                    write(log, &line, line.count)
                    // Another thread is in the middle of a commit meanwhile.
                    if thread == 0, index == round * 17 { kill(getpid(), SIGKILL) }
                }
            }
        }
        let lines = try String(contentsOfFile: "\(path)/acknowledged", encoding: .utf8).split(separator: "\n")
        #expect(lines.count > round * 17)
        let spool = try Spool(Spool.Configuration(directory: "\(path)/spool"))
        let study = try #require(try spool.openStudies().first)
        var kept: [String: [[UInt8]]] = [:]
        for told in try stored(study.id, in: spool) { kept[told.series, default: []].append(told.header) }
        for line in lines {
            let parts = line.split(separator: " ").compactMap { Int($0) }
            #expect(kept["1.2.\(parts[0])"]?[parts[1]] == syntheticHeader(parts[1]))
        }
        // Nothing half-written, nothing twice: each thread has at most one that it did not hear of.
        #expect(kept.values.reduce(0) { $0 + $1.count } <= lines.count + 4)
    }

    @Test func whereverTheLogIsCutWhatWasSyncedBeforeIsThereAndNothingHalf() throws {
        let original = "\(directory.path)/spool"
        let spool = try Spool(Spool.Configuration(directory: original))
        var acknowledged: [(logSize: Int, header: [UInt8])] = []
        for index in 0..<24 {
            let header = syntheticHeader(index, count: 600)
            try spool.store(arrival(series: "1.2.\(index % 2)", header: header))
            acknowledged.append((try fileSize("\(original)/spool.db-wal"), header))
        }
        let database = try #require(FileManager.default.contents(atPath: "\(original)/spool.db"))
        let log = try #require(FileManager.default.contents(atPath: "\(original)/spool.db-wal"))
        // Around each frame's start and end (32 bytes of head, then 24 + 4096 a frame), and in between.
        let frame = 24 + 4_096
        let cuts = stride(from: 32, through: log.count, by: frame).flatMap { start in
            [-1, 0, 1, 12, 24, 25, 700, 4_000].map { start + $0 }
        }
        for cut in cuts + [0, 1, 31] where cut <= log.count {
            let copy = "\(directory.path)/cut-\(cut)"
            try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
            try database.write(to: URL(fileURLWithPath: "\(copy)/spool.db"))
            try log.prefix(cut).write(to: URL(fileURLWithPath: "\(copy)/spool.db-wal"))
            let torn = try Spool(Spool.Configuration(directory: copy))
            let kept = try torn.openStudies().first.map { try stored($0.id, in: torn).map(\.header) } ?? []
            let synced = acknowledged.filter { $0.logSize <= cut }.count
            #expect(kept == acknowledged.prefix(synced).map(\.header), "cut at \(cut)")
            try torn.store(arrival(header: syntheticHeader(99)))
        }
    }

    @Test func afterARestartNumbersGoOnAndDeltasStillFindTheirKey() throws {
        let configuration = Spool.Configuration(directory: "\(directory.path)/spool")
        var last = ArrivalNumber(0)
        for index in 0..<4 {
            let spool = try Spool(configuration)
            for part in 0..<5 { try spool.store(arrival(header: syntheticHeader(index * 5 + part))) }
            let study = try #require(try spool.openStudies().first)
            let lastOpen = try #require(study.lastOpen)
            #expect(lastOpen > last)
            last = lastOpen
            #expect(try stored(study.id, in: spool).map(\.header) == (0..<(index + 1) * 5).map { syntheticHeader($0) })
            if index == 1 {
                try spool.settle(study.id, settlement(through: last))
                #expect(try spool.seal(study.id))
            }
        }
    }

    @Test func whatWasStoredUnderALargerLimitIsStillRead() throws {
        var configuration = Spool.Configuration(directory: "\(directory.path)/spool")
        do { try Spool(configuration).store(arrival(header: syntheticHeader(0, count: 5_000))) }
        configuration.largestContent = 1_000
        let spool = try Spool(configuration)
        let study = try #require(try spool.openStudies().first)
        #expect(try stored(study.id, in: spool).map(\.header) == [syntheticHeader(0, count: 5_000)])
    }

    private func fileSize(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    }
}
