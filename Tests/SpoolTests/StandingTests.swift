import Testing

@testable import Spool

@Suite struct StandingTests {
    let directory = TemporaryDirectory()
    let spool: Spool
    let study: StudyEntry

    init() throws {
        spool = try Spool(Spool.Configuration(directory: "\(directory.path)/spool"))
        try spool.store(arrival(header: syntheticHeader(0)))
        study = try #require(try spool.openStudies().first)
    }

    private func settle(
        _ outgoing: [Outgoing], _ standings: [StandingRecord] = [], withdrawn: [Delivery.ID] = [],
        expecting: [Delivery.ID: Delivery.State]? = nil
    ) throws {
        var settlement = settlement(through: study.lastOpen, outgoing: outgoing)
        settlement.standings = standings
        settlement.withdrawn = withdrawn
        settlement.expecting = expecting
        try spool.settle(study.id, settlement)
    }

    private var states: [Delivery.ID: Delivery.State] {
        get throws {
            Dictionary(uniqueKeysWithValues: try spool.deliveries(of: study.id).map { ($0.id, $0.state) })
        }
    }

    @Test func aStandingTakesThePlaceOfItsDestinationsFormerOne() throws {
        #expect(try spool.standings(of: study.id).isEmpty)
        try settle(
            [outgoing(1), outgoing(2, to: ["archive"])],
            [standing("platform", "1", ["2.25.1"]), standing("archive", "a")])
        try spool.updateStandings(
            of: study.id, [standing("platform", "2", ["2.25.1", "2.25.2", "2.25.77"])], at: .seconds(5))
        #expect(
            try spool.standings(of: study.id) == [
                standing("archive", "a"), standing("platform", "2", ["2.25.1", "2.25.2"]),
            ])
        #expect(try spool.study(study.id)?.changedAt == .seconds(5))
        #expect(try spool.study(study.id)?.settledAt == .seconds(2))
        try spool.updateStandings(of: study.id, [standing("platform", "")], at: .seconds(6))
        #expect(try spool.standings(of: study.id).last == standing("platform", ""))
    }

    @Test func aDocumentIsKeptWhileADeliveryOrAStandingNeedsIt() throws {
        try settle([outgoing(1)], [standing("platform", "1", ["2.25.1"])])
        try spool.acknowledge(try #require(try spool.pending(for: "platform").first).id)
        let document = try #require(try spool.document(identity: "2.25.1", of: study.id))
        #expect(document.content == outgoing(1).content && document.version == "1" && document.fileName == "1.dcm")
        try settle([outgoing(2)], [standing("platform", "2", ["2.25.1"])])
        #expect(try spool.manifest(of: study.id)?.identity == "2.25.2")
        try spool.updateStandings(of: study.id, [standing("platform", "3", [])], at: .seconds(1))
        #expect(try spool.document(identity: "2.25.1", of: study.id) == nil)
        try spool.acknowledge(try #require(try spool.pending(for: "platform").first).id)
        #expect(try spool.manifest(of: study.id) == nil)
    }

    @Test func twoDestinationsMayNeedTheSameDocument() throws {
        try settle([outgoing(1, to: ["a", "b"])], [standing("a", "", ["2.25.1"]), standing("b", "", ["2.25.1"])])
        for delivery in try spool.deliveries(of: study.id) { try spool.acknowledge(delivery.id) }
        try spool.updateStandings(of: study.id, [standing("a", "")], at: .seconds(1))
        #expect(try spool.document(identity: "2.25.1", of: study.id) != nil)
        try spool.updateStandings(of: study.id, [standing("b", "")], at: .seconds(1))
        #expect(try spool.document(identity: "2.25.1", of: study.id) == nil)
    }

    @Test func aDocumentOfTheSameIdentityInAnotherStudyIsAnother() throws {
        try spool.store(arrival(study: "1.3", header: [1]))
        let other = try #require(try spool.studies(uid: "1.3").first)
        try settle([outgoing(1)], [standing("platform", "", ["2.25.1"])])
        #expect(try spool.document(identity: "2.25.1", of: other.id) == nil)
        try spool.updateStandings(of: other.id, [standing("platform", "", ["2.25.1"])], at: .seconds(1))
        #expect(try spool.standings(of: other.id) == [standing("platform", "")])
        #expect(try spool.standings(of: study.id) == [standing("platform", "", ["2.25.1"])])
    }

    @Test func whatWasDecidedForOtherDeliveriesIsNotWritten() throws {
        try settle([outgoing(1), outgoing(2)], [standing("platform", "1")], expecting: [:])
        let seen = try states
        let first = try #require(seen.keys.min())
        #expect(try spool.begin(first) != nil)
        let before = try Picture(spool)
        #expect(throws: SpoolError.outdated) {
            try settle([outgoing(3)], [standing("platform", "2")], withdrawn: [first], expecting: seen)
        }
        #expect(throws: SpoolError.outdated) {
            try spool.updateStandings(
                of: study.id, [standing("platform", "2")], state: "x", expecting: seen, at: .seconds(9))
        }
        #expect(try Picture(spool) == before)
        #expect(spool.failure == nil)
        try settle([outgoing(3)], [standing("platform", "2")], withdrawn: [first], expecting: try states)
        #expect(try spool.deliveries(of: study.id).map(\.identity) == ["2.25.2", "2.25.3"])
    }

    @Test func eachChangeOfADeliveryMakesADecisionOutdated() throws {
        try settle([outgoing(1), outgoing(2)])
        let ids = try spool.deliveries(of: study.id).map(\.id)
        let changes: [(Spool) throws -> Void] = [
            { _ = try $0.begin(ids[0]) }, { try $0.bury(ids[0], error: "", answer: nil, at: .seconds(1)) },
            { _ = try $0.retry(ids[0]) }, { try $0.acknowledge(ids[1]) },
        ]
        for change in changes {
            let seen = try states
            try change(spool)
            #expect(throws: SpoolError.outdated) { try settle([], expecting: seen) }
        }
        // When it is tried is nobody's decision.
        let seen = try states
        try spool.postpone(ids[0], until: .seconds(9), error: "busy")
        try settle([], expecting: seen)
    }

    @Test func onlyTheStudysOwnDeliveriesAreWithdrawn() throws {
        try spool.store(arrival(study: "1.3", header: [1]))
        let other = try #require(try spool.studies(uid: "1.3").first)
        try spool.settle(other.id, settlement(through: other.lastOpen, outgoing: [outgoing(5)]))
        let foreign = try #require(try spool.deliveries(of: other.id).first).id
        try settle([outgoing(1)], withdrawn: [foreign, Delivery.ID(999)])
        #expect(try spool.pending(for: "platform").map(\.identity) == ["2.25.5", "2.25.1"])
    }

    @Test func anUnknownStudyHasNoStandings() throws {
        #expect(throws: SpoolError.unknown(what: "study 77")) {
            try spool.updateStandings(of: StudyEntry.ID(77), [standing("platform", "1")], at: .seconds(1))
        }
        #expect(try spool.standings(of: StudyEntry.ID(77)).isEmpty)
        #expect(try spool.deliveries(of: StudyEntry.ID(77)).isEmpty)
    }
}
