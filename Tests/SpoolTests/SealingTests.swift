import Foundation
import Testing

@testable import Spool

@Suite struct SealingTests {
    let directory = TemporaryDirectory()
    let spool: Spool

    init() throws { spool = try Spool(Spool.Configuration(directory: "\(directory.path)/spool")) }

    private func store(_ indices: Range<Int>, series: String = "1.2.1") throws {
        for index in indices { try spool.store(arrival(series: series, header: syntheticHeader(index))) }
    }

    private func settleAndSeal(dropping: Set<ArrivalNumber> = []) throws -> StudyEntry.ID {
        let study = try #require(try spool.studies(uid: "1.2").first)
        try spool.settle(study.id, settlement(through: study.lastOpen ?? study.settledThrough))
        #expect(try spool.seal(study.id, dropping: dropping))
        return study.id
    }

    private func blockCounts() throws -> [Int64] {
        try spool.readers.read { reader throws(SpoolError) in
            let statement = try reader.connection.statement("SELECT count FROM block ORDER BY last")
            defer { statement.reset() }
            var counts: [Int64] = []
            while try statement.step() { counts.append(statement.integer(0)) }
            return counts
        }
    }

    @Test func nothingIsSealedThatIsNotSettled() throws {
        try store(0..<3)
        let study = try #require(try spool.openStudies().first)
        #expect(try !spool.seal(study.id))
        try spool.settle(study.id, settlement(through: study.lastOpen))
        try store(3..<4)
        #expect(try !spool.seal(study.id))
        #expect(try stored(study.id, in: spool).map(\.isSealed) == [false, false, false, false])
    }

    @Test func aLateArrivalOpensASmallPartThatTheNextSealingMerges() throws {
        try store(0..<5)
        let id = try settleAndSeal()
        try store(5..<6)
        #expect(try spool.openStudies().map(\.isUnsettled) == [true])
        #expect(try stored(id, in: spool).map(\.isSealed) == [true, true, true, true, true, false])
        _ = try settleAndSeal()
        #expect(try stored(id, in: spool).map(\.header) == (0..<6).map { syntheticHeader($0) })
        #expect(try blockCounts() == [6])
    }

    @Test func fullBlocksStayAsTheyAre() throws {
        try store(0..<260)
        _ = try settleAndSeal()
        #expect(try blockCounts() == [256, 4])
        try store(260..<270)
        let id = try settleAndSeal()
        #expect(try blockCounts() == [256, 14])
        #expect(try stored(id, in: spool).map(\.header) == (0..<270).map { syntheticHeader($0) })
    }

    @Test func droppedArrivalsAreForgottenSealedOrOpen() throws {
        try store(0..<260)
        let id = try settleAndSeal()
        var numbers: [ArrivalNumber] = []
        try spool.headers(of: id) { header, _ in numbers.append(header.number) }
        try store(260..<262)
        try spool.headers(of: id, after: numbers.last) { header, _ in numbers.append(header.number) }
        _ = try settleAndSeal(dropping: [numbers[3], numbers[259], numbers[260]])
        let kept = (0..<262).filter { ![3, 259, 260].contains($0) }
        #expect(try stored(id, in: spool).map(\.header) == kept.map { syntheticHeader($0) })
        _ = try settleAndSeal(dropping: Set(numbers))
        #expect(try stored(id, in: spool).isEmpty)
    }

    @Test func aDroppedNumberIsNeverGivenAgain() throws {
        try store(0..<4)
        let before = try #require(try spool.openStudies().first?.lastOpen)
        _ = try settleAndSeal(dropping: [before])
        try store(4..<5)
        #expect(try #require(try spool.openStudies().first?.lastOpen) > before)
    }

    @Test func whatArrivesWhileAStudyIsSealedIsNeitherLostNorUnreadable() throws {
        let spool = spool
        try store(0..<50)
        let study = try #require(try spool.openStudies().first)
        let failures = onThreads(4) { thread -> String? in
            do {
                for index in 0..<60 {
                    if thread == 0 {
                        let last = try spool.study(study.id)?.lastOpen
                        try spool.settle(study.id, settlement(through: last))
                        try spool.seal(study.id)
                    } else {
                        try spool.store(arrival(series: "1.2.\(thread)", header: syntheticHeader(index)))
                    }
                }
                return nil
            } catch {
                return "\(error)"
            }
        }
        #expect(failures == [nil, nil, nil, nil])
        let all = try stored(study.id, in: spool)
        for thread in 2...3 {
            #expect(all.filter { $0.series == "1.2.\(thread)" }.map(\.header) == (0..<60).map { syntheticHeader($0) })
        }
        #expect(all.count == 50 + 180)
    }

    @Test func sealingManyStudiesDoesNotLetTheLogGrow() throws {
        let directory = TemporaryDirectory()
        var configuration = Spool.Configuration(directory: "\(directory.path)/spool")
        configuration.checkpointPages = 40
        let spool = try Spool(configuration)
        for index in 0..<40 { try spool.store(arrival(study: "1.\(index)", header: syntheticHeader(index))) }
        for study in try spool.openStudies() {
            try spool.settle(study.id, settlement(through: study.lastOpen))
            #expect(try spool.seal(study.id))
        }
        let log = try FileManager.default.attributesOfItem(atPath: "\(configuration.directory)/spool.db-wal")
        #expect(try #require(log[.size] as? Int) < 100 * 4_120)
    }

    @Test func sealedHeadersTakeLessRoomAndTheFileShrinks() throws {
        try store(0..<600)
        let before = try pages()
        _ = try settleAndSeal()
        #expect(try pages() < before)
    }

    private func pages() throws -> Int64 {
        try spool.readers.read { reader throws(SpoolError) in
            let all = try reader.connection.integer("PRAGMA page_count")
            return all - (try reader.connection.integer("PRAGMA freelist_count"))
        }
    }
}
