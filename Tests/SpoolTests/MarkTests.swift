import TestSupport
import Testing

@testable import Spool

@Suite struct MarkTests {
    let directory = TemporaryDirectory()
    var configuration: Spool.Configuration { Spool.Configuration(directory: "\(directory.path)/spool") }

    private func store(_ spool: Spool, at milliseconds: Int64) throws -> ArrivalNumber {
        var one = arrival(header: [1])
        one.receivedAt = Timestamp(milliseconds: milliseconds)
        try spool.store(one)
        return try #require(try spool.studies(uid: "1.2").first?.lastOpen)
    }

    private func marks(_ spool: Spool) throws -> Int64 {
        try spool.readers.read { reader throws(SpoolError) in
            try reader.connection.integer("SELECT count(*) FROM mark")
        }
    }

    @Test func anEmptySpoolKnowsNoTime() throws {
        #expect(try Spool(configuration).receivedAt(ArrivalNumber(7)) == nil)
    }

    @Test func oneMarkIsMadeAMinute() throws {
        let spool = try Spool(configuration)
        for second in 0...180 { _ = try store(spool, at: Int64(second) * 1_000) }
        #expect(try marks(spool) == 4)
    }

    @Test func aRestartMarksNothingAgain() throws {
        for second in 0..<5 { _ = try store(try Spool(configuration), at: Int64(second) * 1_000) }
        #expect(try marks(try Spool(configuration)) == 1)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>) func everyTimeIsExactToAMinuteHoweverTheClockJumps(
        _ seed: UInt64
    ) throws {
        var random = SeededRandom(seed: seed)
        var spool = try Spool(configuration)
        var times: [(ArrivalNumber, Int64)] = []
        var now: Int64 = 1_000_000_000
        for _ in 0..<150 {
            switch Int.random(in: 0..<30, using: &random) {
            case 0: now += Int64.random(in: -86_400_000...86_400_000, using: &random)
            case 1:
                spool.close()
                spool = try Spool(configuration)
            case _: now += Int64.random(in: -2_000...50_000, using: &random)
            }
            times.append((try store(spool, at: now), now))
        }
        for (number, time) in times {
            let told = try #require(try spool.receivedAt(number))
            #expect(abs(told.milliseconds - time) < 60_000)
        }
    }

    @Test func aTimeOutOfRangeHarmsNothing() throws {
        let spool = try Spool(configuration)
        for time in [Int64.max, .min, 0, .max] {
            #expect(try spool.receivedAt(try store(spool, at: time)) == Timestamp(milliseconds: time))
        }
    }
}
