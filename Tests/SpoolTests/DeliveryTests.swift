import Testing

@testable import Spool

@Suite struct DeliveryTests {
    let directory = TemporaryDirectory()
    let spool: Spool
    let study: StudyEntry

    init() throws {
        spool = try Spool(Spool.Configuration(directory: "\(directory.path)/spool"))
        try spool.store(arrival(header: syntheticHeader(0)))
        study = try #require(try spool.openStudies().first)
    }

    private func queue(_ outgoing: [Outgoing]) throws -> [Delivery.ID] {
        let before = Set(try spool.deliveries(of: study.id).map(\.id))
        try spool.settle(study.id, settlement(through: study.lastOpen, outgoing: outgoing))
        return try spool.deliveries(of: study.id).map(\.id).filter { !before.contains($0) }
    }

    private func delivery(_ id: Delivery.ID) throws -> Delivery {
        try #require(try spool.deliveries(of: study.id).first { $0.id == id })
    }

    @Test func whatIsBegunStaysBegunWithTheSameBytes() throws {
        let id = try queue([outgoing(1)])[0]
        #expect(try delivery(id).state == .waiting)
        #expect(try spool.begin(id) == outgoing(1).content)
        try spool.postpone(id, until: .seconds(50), error: "busy")
        #expect(try delivery(id).state == .begun && delivery(id).attempts == 1)
        #expect(try delivery(id).postponedUntil == .seconds(50))
        #expect(try spool.begin(id) == outgoing(1).content)
        #expect(try delivery(id).attempts == 2 && delivery(id).postponedUntil == nil)
        #expect(try delivery(id).lastError == "busy")
    }

    @Test func whatFailedBeforeItCouldBeginStillWaits() throws {
        let id = try queue([outgoing(1)])[0]
        try spool.postpone(id, until: .seconds(50), error: "unreachable")
        #expect(try delivery(id).state == .waiting && delivery(id).attempts == 1)
    }

    @Test func whatIsGoneIsNotBegun() throws {
        let ids = try queue([outgoing(1), outgoing(2), outgoing(3)])
        try spool.acknowledge(ids[0])
        var next = settlement(through: study.lastOpen)
        next.withdrawn = [ids[1]]
        try spool.settle(study.id, next)
        try spool.bury(ids[2], error: "refused", answer: nil, at: .seconds(1))
        for id in ids { #expect(try spool.begin(id) == nil) }
        #expect(try delivery(ids[2]).attempts == 0)
        try spool.postpone(ids[2], until: .seconds(50), error: "late")
        #expect(try delivery(ids[2]).lastError == "refused")
    }

    /// Who still sends a withdrawn document acknowledges that one and no other.
    @Test func theNumberOfADeliveryIsNeverGivenAgain() throws {
        let old = try queue([outgoing(1)])[0]
        _ = try spool.begin(old)
        var next = settlement(through: study.lastOpen, outgoing: [outgoing(2)])
        next.withdrawn = [old]
        try spool.settle(study.id, next)
        try spool.acknowledge(old)
        #expect(try spool.pending(for: "platform").map(\.identity) == ["2.25.2"])
        try spool.acknowledge(try #require(try spool.pending(for: "platform").first).id)
        spool.close()
        let reopened = try Spool(spool.configuration)
        try reopened.settle(study.id, settlement(through: study.lastOpen, outgoing: [outgoing(3)]))
        #expect(try #require(try reopened.deliveries(of: study.id).first).id.value == 3)
    }

    @Test func aDeadLetterKeepsItsBytesItsReasonAndTheAnswer() throws {
        let ids = try queue([outgoing(1), outgoing(2, to: ["archive"]), outgoing(3)])
        _ = try spool.begin(ids[1])
        let event = HistoryEvent(kind: "refused", detail: "C000", at: .seconds(4))
        try spool.bury(ids[1], error: "cannot understand", answer: "C000 \"no\"", events: [event], at: .seconds(4))
        try spool.bury(ids[0], error: "damaged", answer: nil, at: .seconds(5))
        let dead = try spool.deadLetters()
        #expect(dead.map(\.id) == [ids[1], ids[0]] && dead.map(\.state) == [.dead, .dead])
        #expect(dead.map(\.destination) == ["archive", "platform"] && dead.map(\.study) == [study.id, study.id])
        #expect(dead.map(\.lastError) == ["cannot understand", "damaged"])
        #expect(dead.map(\.answer) == ["C000 \"no\"", nil] && dead.map(\.deadSince) == [.seconds(4), .seconds(5)])
        #expect(try spool.content(of: ids[1]) == outgoing(2).content)
        #expect(try spool.history(of: study.id) == [event])
        #expect(try spool.pending(for: "platform").map(\.state) == [.dead, .waiting])
    }

    @Test func aRetriedDeadLetterKnowsWhetherItWasTried() throws {
        let ids = try queue([outgoing(1), outgoing(2)])
        _ = try spool.begin(ids[0])
        for id in ids { try spool.bury(id, error: "refused", answer: "C000", at: .seconds(4)) }
        for id in ids { #expect(try spool.retry(id)) }
        #expect(try ids.map { try delivery($0).state } == [.begun, .waiting])
        #expect(try delivery(ids[0]).answer == nil && delivery(ids[0]).deadSince == nil)
        #expect(try delivery(ids[0]).attempts == 1 && delivery(ids[0]).lastError == "refused")
        #expect(try spool.begin(ids[0]) == outgoing(1).content)
        #expect(try !spool.retry(Delivery.ID(999)))
    }

    @Test func whatIsRetriedIsDueAtOnce() throws {
        let id = try queue([outgoing(1)])[0]
        try spool.postpone(id, until: .seconds(99), error: "busy")
        #expect(try spool.retry(id))
        #expect(try delivery(id).postponedUntil == nil)
    }

    @Test func theSummaryTellsDepthAgeAndDeadLettersOfEachDestination() throws {
        #expect(try spool.outboxSummary().isEmpty)
        let ids = try queue([outgoing(1), outgoing(2, to: ["archive", "platform"])])
        try spool.settle(
            study.id,
            Settlement(through: ArrivalNumber(1), record: nil, outgoing: [outgoing(3)], at: .seconds(60)))
        #expect(
            try spool.outboxSummary() == [
                "platform": OutboxSummary(depth: 3, oldest: .seconds(2), dead: 0),
                "archive": OutboxSummary(depth: 1, oldest: .seconds(2), dead: 0),
            ])
        for id in ids { try spool.bury(id, error: "", answer: nil, at: .seconds(9)) }
        #expect(
            try spool.outboxSummary() == [
                "platform": OutboxSummary(depth: 1, oldest: .seconds(60), dead: 2),
                "archive": OutboxSummary(depth: 0, oldest: nil, dead: 1),
            ])
    }

    @Test func whatIsPendingCanBeReadPageByPage() throws {
        _ = try queue((1...10).map { outgoing($0, to: [$0 % 3 == 0 ? "archive" : "platform"], count: 300) })
        let all = try spool.pending(for: "platform")
        var pages: [[Delivery]] = []
        var last: Delivery.ID?
        while case let page = try spool.pending(for: "platform", after: last, limit: 3), !page.isEmpty {
            pages.append(page)
            // What is gone meanwhile does not move the next page.
            try spool.acknowledge(page[page.count - 1].id)
            last = page.last?.id
        }
        #expect(pages.map(\.count) == [3, 3, 1] && Array(pages.joined()) == all)
    }
}
