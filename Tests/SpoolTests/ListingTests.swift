import Testing

@testable import Spool

@Suite struct ListingTests {
    let directory = TemporaryDirectory()
    let spool: Spool

    init() throws { spool = try Spool(Spool.Configuration(directory: "\(directory.path)/spool")) }

    private func store(_ study: String, source: String = "CT1", series: [String] = ["1.9"]) throws -> StudyEntry.ID {
        for uid in series { try spool.store(arrival(source: source, study: study, series: uid, header: [1])) }
        return try #require(try spool.studies(uid: study).first { $0.source == source }).id
    }

    private func settle(_ study: StudyEntry.ID, _ state: String?, at seconds: Int64) throws {
        try spool.settle(
            study, Settlement(through: ArrivalNumber(1), record: nil, state: state, at: .seconds(seconds)))
    }

    @Test func studiesAreListedByStateThoseChangedLastFirst() throws {
        let ids = try (0..<6).map { try store("1.\($0)") }
        for (index, id) in ids.enumerated() {
            try settle(id, index % 2 == 0 ? "held" : "published", at: 10 + Int64(index))
        }
        try settle(ids[0], "held", at: 99)
        let held = try spool.studies(state: "held")
        #expect(held.map(\.id) == [ids[0], ids[4], ids[2]])
        #expect(held.map(\.state) == ["held", "held", "held"])
        #expect(held[0].changedAt == .seconds(99) && held[0].settledAt == .seconds(99))
        #expect(try spool.studies(state: "held", limit: 2).map(\.id) == [ids[0], ids[4]])
        #expect(try spool.studies(state: "held", since: .seconds(14)).map(\.id) == [ids[0], ids[4]])
        #expect(try spool.studies(since: .seconds(14)).map(\.id) == [ids[0], ids[5], ids[4]])
        #expect(try spool.studies(state: "unheard of").isEmpty)
        #expect(try spool.studies(limit: 0).isEmpty)
    }

    @Test func studiesAreListedBySource() throws {
        let one = try store("1.1", source: "CT1")
        let two = try store("1.1", source: "CT2")
        try settle(one, "held", at: 3)
        try settle(two, "held", at: 4)
        let new = try store("1.2", source: "CT2")
        #expect(try spool.studies(state: "held", source: "CT1").map(\.id) == [one])
        #expect(try spool.studies(source: "CT2").map(\.id) == [two, new])
        #expect(try spool.studies(source: "CT3").isEmpty)
    }

    @Test func countsFollowEveryChangeOfState() throws {
        #expect(try spool.studyCounts().isEmpty)
        let ids = try (0..<5).map { try store("1.\($0)") }
        #expect(try spool.studyCounts() == [nil: 5])
        for id in ids[..<3] { try settle(id, "held", at: 1) }
        #expect(try spool.studyCounts() == [nil: 2, "held": 3])
        try settle(ids[0], nil, at: 2)
        #expect(try spool.study(ids[0])?.state == "held")
        try spool.updateStandings(of: ids[1], [], state: "published", at: .seconds(3))
        try settle(ids[4], "", at: 4)
        #expect(try spool.studyCounts() == [nil: 1, "held": 2, "published": 1, "": 1])
        #expect(try spool.study(ids[4])?.state == "" && spool.study(ids[3])?.state == nil)
    }

    @Test func studiesThatShareASeriesFindEachOtherWithinTheirSource() throws {
        let one = try store("1.1", series: ["1.9", "1.8"])
        let other = try store("1.2", series: ["1.8", "1.9", "1.7"])
        let third = try store("1.3", series: ["1.7"])
        let foreign = try store("1.4", source: "CT2", series: ["1.8"])
        let alone = try store("1.5", series: ["1.6"])
        #expect(try spool.studies(sharingSeriesWith: one).map(\.id) == [other])
        #expect(try spool.studies(sharingSeriesWith: other).map(\.id) == [one, third])
        #expect(try spool.studies(sharingSeriesWith: third).map(\.id) == [other])
        #expect(try spool.studies(sharingSeriesWith: foreign).isEmpty)
        #expect(try spool.studies(sharingSeriesWith: alone).isEmpty)
        #expect(try spool.studies(sharingSeriesWith: StudyEntry.ID(99)).isEmpty)
    }

    /// What is asked of two million studies does not walk through them.
    @Test func everyListingIsARangeOfAnIndex() throws {
        let sharing = "study WHERE id IN (SELECT other.study FROM series JOIN series AS other ON other.uid = series.uid"
        for query in [
            "study WHERE state = 1 AND source = 'a' AND changed_at >= 0 ORDER BY changed_at DESC, id DESC LIMIT 9",
            "study WHERE hold IS NOT NULL ORDER BY id", "study WHERE uid = '1'", "study WHERE id = 1",
            "\(sharing) WHERE series.study = 1 AND other.study <> 1) AND source = '' ORDER BY id",
            "delivery WHERE destination = 'a' AND id > 7 ORDER BY id LIMIT 9",
            "document WHERE study = 1 AND identity = '1' ORDER BY id DESC LIMIT 1",
            "delivery JOIN document ON document.id = delivery.document WHERE document.study = 1 ORDER BY delivery.id",
            "delivery WHERE dead_since IS NOT NULL ORDER BY dead_since, id",
            "mark WHERE arrival <= 7 ORDER BY arrival DESC LIMIT 1",
        ] {
            let plan = try plan("SELECT * FROM \(query)")
            #expect(!plan.contains { $0.hasPrefix("SCAN study") && !$0.contains("study_hold") }, "\(query): \(plan)")
            #expect(
                !plan.contains { $0 == "SCAN delivery" || $0.hasPrefix("SCAN series") || $0.hasPrefix("SCAN document") }
            )
        }
    }

    private func plan(_ query: String) throws -> [String] {
        try spool.readers.read { reader throws(SpoolError) in
            let statement = try reader.connection.statement("EXPLAIN QUERY PLAN \(query)")
            defer { statement.reset() }
            var steps: [String] = []
            while try statement.step() { steps.append(statement.text(3)) }
            return steps
        }
    }
}
