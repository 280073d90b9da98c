import Testing

@testable import Spool

@Suite struct SeveralArrivalsTests {
    let directory = TemporaryDirectory()
    let spool: Spool

    init() throws { spool = try Spool(Spool.Configuration(directory: "\(directory.path)/spool")) }

    private func numbers(_ study: String) throws -> [ArrivalNumber] {
        let entry = try #require(try spool.studies(uid: study).first)
        var numbers: [ArrivalNumber] = []
        try spool.headers(of: entry.id) { header, _ in numbers.append(header.number) }
        return numbers
    }

    @Test func theyAreStoredInTheirOrderUnderEachStudy() throws {
        let arrivals = (0..<12).map { arrival(study: "1.\($0 % 3)", header: syntheticHeader($0)) }
        try spool.store(arrivals)
        var order: [(ArrivalNumber, Told)] = []
        for study in ["1.0", "1.1", "1.2"] {
            let entry = try #require(try spool.studies(uid: study).first)
            order += zip(try numbers(study), try stored(entry.id, in: spool))
        }
        order.sort { $0.0 < $1.0 }
        #expect(order.map(\.1) == arrivals.map { Told($0, isSealed: false) })
    }

    @Test func noneIsStoredWhenOneIsTooLarge() throws {
        var configuration = Spool.Configuration(directory: "\(directory.path)/small")
        configuration.largestContent = 1_000
        let spool = try Spool(configuration)
        #expect(throws: SpoolError.tooLarge(bytes: 1_001, limit: 1_000)) {
            try spool.store([arrival(header: [1]), arrival(header: [UInt8](repeating: 0, count: 1_001))])
        }
        #expect(try spool.openStudies().isEmpty)
        try spool.store([])
        #expect(try spool.studies().isEmpty)
    }

    @Test func groupsOfManyThreadsDoNotMix() throws {
        let spool = spool
        let failures = onThreads(12) { thread -> Int in
            (0..<20).reduce(0) { failures, round in
                let group = (0..<5).map {
                    arrival(study: "1.\($0)", series: "1.\($0).\(thread)", header: syntheticHeader(round * 5 + $0))
                }
                return (try? spool.store(group)) == nil ? failures + 1 : failures
            }
        }
        #expect(failures == Array(repeating: 0, count: 12))
        var order: [(number: ArrivalNumber, study: Int, series: String)] = []
        for study in 0..<5 {
            let entry = try #require(try spool.studies(uid: "1.\(study)").first)
            try spool.headers(of: entry.id) { header, _ in order.append((header.number, study, header.series)) }
        }
        order.sort { $0.number < $1.number }
        #expect(order.count == 12 * 20 * 5)
        // Five by five: one group's, in its order, nothing of another's between.
        for (index, found) in order.enumerated() {
            let first = order[index - index % 5]
            #expect(found.study == index % 5)
            #expect(found.series.split(separator: ".").last == first.series.split(separator: ".").last)
            #expect(found.number.value == first.number.value + Int64(index % 5))
        }
    }

    @Test func aStudyThatIsBeingSealedTakesGroupsToo() throws {
        let spool = spool
        try spool.store(arrival(study: "1.0", header: syntheticHeader(0)))
        let failures = onThreads(3) { thread -> String? in
            do {
                for round in 0..<40 {
                    if thread == 0 {
                        guard let entry = try spool.studies(uid: "1.0").first else { return "gone" }
                        try spool.settle(entry.id, settlement(through: entry.lastOpen))
                        try spool.seal(entry.id)
                    } else {
                        try spool.store(
                            (0..<2).map { arrival(study: "1.\($0)", header: syntheticHeader(round * 2 + $0)) })
                    }
                }
                return nil
            } catch {
                return "\(error)"
            }
        }
        #expect(failures == [nil, nil, nil])
        for (study, count) in [("1.0", 81), ("1.1", 80)] {
            let entry = try #require(try spool.studies(uid: study).first)
            #expect(try stored(entry.id, in: spool).count == count)
        }
    }
}
