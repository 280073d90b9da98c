import Foundation
import Testing

@testable import Spool

@Suite struct SpoolTests {
    let directory = TemporaryDirectory()
    var configuration: Spool.Configuration { Spool.Configuration(directory: "\(directory.path)/spool") }

    @Test func whatIsStoredReadsBackByteForByteInTheOrderOfArrival() throws {
        let spool = try Spool(configuration)
        let arrivals = (0..<40).map { arrival(series: "1.2.\($0 % 3)", header: syntheticHeader($0)) }
        for arrival in arrivals { try spool.store(arrival) }
        let study = try #require(try spool.openStudies().first)
        #expect(study.uid == "1.2" && study.source == "CT1" && study.isUnsettled)
        #expect(try stored(study.id, in: spool) == arrivals.map { Told($0, isSealed: false) })
    }

    @Test func aSealedStudyReadsBackTheSame() throws {
        let spool = try Spool(configuration)
        let arrivals = (0..<300).map { arrival(series: "1.2.\($0 % 3)", header: syntheticHeader($0)) }
        for arrival in arrivals { try spool.store(arrival) }
        let study = try #require(try spool.openStudies().first)
        try spool.settle(study.id, settlement(through: study.lastOpen))
        #expect(try spool.seal(study.id))
        #expect(try spool.openStudies().isEmpty)
        #expect(try stored(study.id, in: spool) == arrivals.map { Told($0, isSealed: true) })
    }

    @Test func twentyThreadsEachFindTheirOwnInTheirOrder() throws {
        let spool = try Spool(configuration)
        let failures = onThreads(20) { thread -> Int in
            (0..<40).reduce(0) { failures, index in
                let header = syntheticHeader(index + thread, count: 400)
                let arrival = arrival(study: "1.\(thread % 3)", series: "1.\(thread)", header: header)
                return (try? spool.store(arrival)) == nil ? failures + 1 : failures
            }
        }
        #expect(failures == Array(repeating: 0, count: 20))
        var kept: [String: [[UInt8]]] = [:]
        var numbers: [ArrivalNumber] = []
        for study in try spool.openStudies() {
            for told in try stored(study.id, in: spool) { kept[told.series, default: []].append(told.header) }
            try spool.headers(of: study.id) { header, _ in numbers.append(header.number) }
        }
        for thread in 0..<20 {
            #expect(kept["1.\(thread)"] == (0..<40).map { syntheticHeader($0 + thread, count: 400) })
        }
        #expect(Set(numbers).count == 800)
    }

    @Test func theSameStudyFromTwoSourcesIsTwo() throws {
        let spool = try Spool(configuration)
        try spool.store(arrival(source: "CT1", header: syntheticHeader(0)))
        try spool.store(arrival(source: "CT2", header: syntheticHeader(1)))
        let studies = try spool.studies(uid: "1.2")
        #expect(studies.map(\.source) == ["CT1", "CT2"])
        #expect(
            try studies.map { try stored($0.id, in: spool).map(\.header) } == [
                [syntheticHeader(0)], [syntheticHeader(1)],
            ])
    }

    @Test func identifiersAreNotInterpreted() throws {
        let spool = try Spool(configuration)
        for text in ["", "'; DROP TABLE study; --", "../../etc/passwd", "a\0b", "a", "é", "%s"] {
            try spool.store(
                arrival(source: text, study: text, series: text, attributes: text, header: Array(text.utf8)))
            let study = try #require(try spool.studies(uid: text).first)
            #expect(study.source == text && study.uid == text)
            let told = Told(series: text, attributes: text, header: Array(text.utf8), isSealed: false)
            #expect(try stored(study.id, in: spool) == [told])
        }
        #expect(try spool.openStudies().count == 7)
    }

    @Test func aHeaderTooLargeIsRefusedBeforeItCostsAnything() throws {
        var configuration = configuration
        configuration.largestContent = 1_000
        let spool = try Spool(configuration)
        #expect(throws: SpoolError.tooLarge(bytes: 1_001, limit: 1_000)) {
            try spool.store(arrival(header: [UInt8](repeating: 0, count: 1_001)))
        }
        try spool.store(arrival(header: [UInt8](repeating: 0, count: 1_000)))
    }

    @Test func belowTheReserveArrivalsAreRefusedAndStudiesStillSettle() throws {
        do {
            let spool = try Spool(configuration)
            try spool.store(arrival(header: syntheticHeader(0)))
        }
        var configuration = configuration
        configuration.reserve = .max
        let spool = try Spool(configuration)
        do throws(SpoolError) {
            try spool.store(arrival(header: syntheticHeader(1)))
            Issue.record("stored below the reserve")
        } catch {
            guard case .full(let path, let free, .max) = error else { throw error }
            #expect(path == configuration.directory && free != nil)
        }
        #expect(throws: SpoolError.self) {
            try spool.quarantine([1], reason: "", sender: "", attributes: "", at: Timestamp(milliseconds: 0))
        }
        #expect(spool.failure == nil)
        #expect(spool.obstacle != nil)
        let study = try #require(try spool.openStudies().first)
        try spool.settle(study.id, settlement(through: study.lastOpen))
        #expect(try spool.seal(study.id))
    }

    @Test func whenItsFolderIsDeletedNothingIsAcknowledgedAndNothingOfAnotherIsTouched() throws {
        let spool = try Spool(configuration)
        try spool.store(arrival(header: syntheticHeader(0)))
        try FileManager.default.removeItem(atPath: configuration.directory)
        #expect(throws: SpoolError.self) { try spool.store(arrival(header: syntheticHeader(1))) }
        #expect(spool.failure != nil)
        let other = try Spool(configuration)
        #expect(throws: SpoolError.self) { try spool.recover() }
        try other.store(arrival(header: syntheticHeader(2)))
        #expect(try other.openStudies().count == 1)
    }

    @Test func aDatabaseThatMayNotGrowRefusesAndKeepsWhatItHas() throws {
        var configuration = configuration
        configuration.largestFilePages = 60
        let spool = try Spool(configuration)
        var kept: [[UInt8]] = []
        var refusal: SpoolError?
        for index in 0..<400 where refusal == nil {
            let header = syntheticHeader(index)
            do throws(SpoolError) {
                try spool.store(arrival(series: "1.2.\(index)", header: header))
                kept.append(header)
            } catch {
                refusal = error
            }
        }
        guard case .full = refusal else {
            Issue.record("not full after \(kept.count): \(String(describing: refusal))")
            return
        }
        let study = try #require(try spool.openStudies().first)
        #expect(try stored(study.id, in: spool).map(\.header) == kept)
    }

    @Test func aDamagedHeaderIsToldAndNotPassedOn() throws {
        let spool = try Spool(configuration)
        for index in 0..<3 { try spool.store(arrival(header: syntheticHeader(index))) }
        let study = try #require(try spool.openStudies().first)
        try spool.writer.write { ledger throws(SpoolError) in
            let sql =
                "UPDATE arrival SET header = CAST(substr(header, 1, length(header) - 1) || 'x' AS BLOB) WHERE id = 2"
            try ledger.connection.execute(sql)
        }
        var told = 0
        #expect(throws: SpoolError.self) { try spool.headers(of: study.id) { _, _ in told += 1 } }
        #expect(told == 1)
    }

    @Test func theLogIsCopiedIntoTheDatabaseAndUsedAgain() throws {
        var configuration = configuration
        configuration.checkpointPages = 30
        let spool = try Spool(configuration)
        for index in 0..<120 { try spool.store(arrival(header: syntheticHeader(index))) }
        let log = try FileManager.default.attributesOfItem(atPath: "\(configuration.directory)/spool.db-wal")
        let size = try #require(log[.size] as? Int)
        #expect(size < 60 * 4_120)
    }
}
