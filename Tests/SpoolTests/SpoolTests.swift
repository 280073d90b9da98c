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
}
