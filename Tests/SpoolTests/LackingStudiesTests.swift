import Testing

@testable import Spool

@Suite struct LackingStudiesTests {
    let directory = TemporaryDirectory()
    let spool: Spool

    init() throws { spool = try Spool(Spool.Configuration(directory: "\(directory.path)/spool")) }

    private func settle(
        _ study: String, _ state: String, at seconds: Int64, hold: String? = nil, knows destination: String? = nil
    ) throws {
        try spool.store(arrival(source: "CT1", study: study, series: "\(study).1", header: [1]))
        let id = try #require(try spool.studies(uid: study).first).id
        var settlement = Settlement(
            through: ArrivalNumber(1), record: nil, state: state, hold: hold, at: .seconds(seconds))
        settlement.standings = destination.map { [StandingRecord(destination: $0, record: [1], documents: [])] } ?? []
        try spool.settle(id, settlement)
    }

    private func lacking(_ window: Int, since: Int64 = 0) throws -> [String] {
        var found: [String] = []
        var after: StudyEntry.ID?
        while true {
            let page = try spool.studies(
                lacking: "new", in: ["published"], since: .seconds(since), after: after, window: window)
            #expect(page.studies.count <= window)
            found += page.studies.map(\.uid)
            guard let next = page.next else { return found }
            after = next
        }
    }

    @Test(arguments: [1, 2, 1000])
    func aDestinationLacksWhatItHasNoStandingOf(window: Int) throws {
        #expect(try lacking(window).isEmpty)
        try settle("1.1", "published", at: 10, knows: "old")
        try settle("1.2", "published", at: 11, knows: "new")
        try settle("1.3", "held", at: 12, hold: "by hand")
        try settle("1.4", "withdrawn", at: 13)
        try settle("1.5", "published", at: 14)
        #expect(try lacking(window) == ["1.1", "1.5"])
        #expect(try lacking(window, since: 14) == ["1.5"])
        #expect(try lacking(window, since: 15).isEmpty)
    }

    @Test func aLineOfHistoryIsWrittenForAllOfSeveralStudies() throws {
        try settle("1.1", "published", at: 10)
        try settle("1.2", "published", at: 10)
        let ids = try spool.studies().map(\.id)
        try spool.append(HistoryEvent(kind: "command", detail: "publish", at: .seconds(20)), to: ids)
        for id in ids { #expect(try spool.history(of: id).last?.detail == "publish") }
    }
}
