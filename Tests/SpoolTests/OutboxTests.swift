import Testing

@testable import Spool

@Suite struct OutboxTests {
    let directory = TemporaryDirectory()
    let spool: Spool
    let study: StudyEntry

    init() throws {
        spool = try Spool(Spool.Configuration(directory: "\(directory.path)/spool"))
        try spool.store(arrival(header: syntheticHeader(0)))
        study = try #require(try spool.openStudies().first)
    }

    @Test func whatIsSettledIsPendingInItsOrderWithItsBytes() throws {
        try spool.settle(study.id, settlement(through: study.lastOpen, outgoing: [outgoing(1), outgoing(2)]))
        let pending = try spool.pending(for: "platform")
        #expect(pending.map(\.identity) == ["2.25.1", "2.25.2"])
        #expect(pending.map(\.study) == [study.id, study.id])
        #expect(pending.map(\.fileName) == ["1.dcm", "2.dcm"])
        #expect(pending.map(\.queuedAt.milliseconds) == [2_000, 2_000])
        #expect(try pending.map { try spool.content(of: $0.id) } == [outgoing(1).content, outgoing(2).content])
        #expect(try spool.pending(for: "elsewhere").isEmpty)
    }

    @Test func aPostponedDeliveryKeepsItsBytesAndItsReasonOverARestart() throws {
        let directory = TemporaryDirectory()
        let configuration = Spool.Configuration(directory: "\(directory.path)/spool")
        do {
            let spool = try Spool(configuration)
            try spool.store(arrival(header: syntheticHeader(0)))
            let study = try #require(try spool.openStudies().first)
            try spool.settle(study.id, settlement(through: study.lastOpen, outgoing: [outgoing(1)]))
            let delivery = try #require(try spool.pending(for: "platform").first)
            #expect(delivery.attempts == 0 && delivery.postponedUntil == nil && delivery.lastError == nil)
            try spool.postpone(delivery.id, until: Timestamp(milliseconds: 9_000), error: "refused")
        }
        let spool = try Spool(configuration)
        let delivery = try #require(try spool.pending(for: "platform").first)
        #expect(delivery.attempts == 1 && delivery.postponedUntil?.milliseconds == 9_000)
        #expect(delivery.lastError == "refused")
        #expect(try spool.content(of: delivery.id) == outgoing(1).content)
    }

    @Test func anAcknowledgedDocumentStaysUntilANewerOneAndAllDestinationsHaveIt() throws {
        try spool.settle(study.id, settlement(through: study.lastOpen, outgoing: [outgoing(1, to: ["a", "b"])]))
        try spool.acknowledge(try #require(try spool.pending(for: "a").first).id)
        #expect(try spool.pending(for: "a").isEmpty)
        #expect(try spool.manifest(of: study.id)?.identity == "2.25.1")
        try spool.settle(study.id, settlement(through: study.lastOpen, outgoing: [outgoing(2, to: ["a"])]))
        let old = try #require(try spool.pending(for: "b").first)
        #expect(try spool.content(of: old.id) == outgoing(1).content)
        try spool.acknowledge(old.id)
        try spool.acknowledge(try #require(try spool.pending(for: "a").first).id)
        let manifest = try #require(try spool.manifest(of: study.id))
        #expect(manifest.identity == "2.25.2" && manifest.content == outgoing(2).content)
        #expect(try documents(of: study.id, in: spool).count == 1)
    }

    @Test func acknowledgingTwiceChangesNothing() throws {
        try spool.settle(study.id, settlement(through: study.lastOpen, outgoing: [outgoing(1)]))
        let delivery = try #require(try spool.pending(for: "platform").first)
        let event = HistoryEvent(kind: "delivered", detail: "platform", at: Timestamp(milliseconds: 3_000))
        try spool.acknowledge(delivery.id, events: [event])
        try spool.acknowledge(delivery.id, events: [event])
        #expect(try spool.history(of: study.id) == [event])
        #expect(throws: SpoolError.unknown(what: "delivery \(delivery.id.value)")) {
            try spool.content(of: delivery.id)
        }
    }

    @Test func aWithdrawnDeliveryIsNotSent() throws {
        try spool.settle(study.id, settlement(through: study.lastOpen, outgoing: [outgoing(1)]))
        var next = settlement(through: study.lastOpen, outgoing: [outgoing(2)])
        next.withdrawn = try spool.pending(for: "platform").map(\.id)
        try spool.settle(study.id, next)
        #expect(try spool.pending(for: "platform").map(\.identity) == ["2.25.2"])
        #expect(try documents(of: study.id, in: spool).count == 1)
    }

    @Test func aHeldStudyTellsItsReasonUntilItIsReleased() throws {
        try spool.settle(study.id, settlement(through: study.lastOpen, hold: "no accession number"))
        #expect(try spool.heldStudies().map(\.hold) == ["no accession number"])
        #expect(try spool.record(of: study.id) == Array("state".utf8))
        var released = settlement(through: study.lastOpen)
        released.record = nil
        try spool.settle(study.id, released)
        #expect(try spool.heldStudies().isEmpty)
        #expect(try spool.record(of: study.id) == Array("state".utf8))
    }

    @Test func aSettlementOfAnUnknownStudyIsRefusedAndHarmsNobody() throws {
        #expect(throws: SpoolError.unknown(what: "study 77")) {
            try spool.settle(StudyEntry.ID(77), settlement(through: study.lastOpen, outgoing: [outgoing(1)]))
        }
        #expect(try spool.pending(for: "platform").isEmpty)
        #expect(spool.failure == nil)
        try spool.store(arrival(header: syntheticHeader(1)))
    }

    @Test func quarantinedBytesAreKeptUntilReleased() throws {
        let bytes = syntheticHeader(3, count: 9_000)
        try spool.quarantine(
            bytes, reason: "value length past the end at 812", sender: "CT1 (10.0.0.9)", attributes: "implicit",
            at: Timestamp(milliseconds: 5_000))
        let entry = try #require(try spool.quarantined().first)
        #expect(entry.reason == "value length past the end at 812" && entry.bytes == bytes.count)
        #expect(entry.sender == "CT1 (10.0.0.9)" && entry.attributes == "implicit" && entry.at.milliseconds == 5_000)
        #expect(try spool.content(of: entry.id) == bytes)
        try spool.release(entry.id)
        #expect(try spool.quarantined().isEmpty)
    }

    @Test func historyIsToldOldestFirst() throws {
        let events = (0..<5).map {
            HistoryEvent(kind: "k\($0)", detail: "", at: Timestamp(milliseconds: 100 - Int64($0)))
        }
        for event in events { try spool.append(event, to: study.id) }
        #expect(try spool.history(of: study.id) == events)
        #expect(try spool.history(of: StudyEntry.ID(99)).isEmpty)
    }

    @Test func whatIsCountedStandsInTheHistoryOnce() throws {
        try spool.store(arrival(study: "1.2", header: [1]))
        try spool.store(arrival(study: "1.3", header: [1]))
        let studies = try spool.openStudies().map(\.id)
        func count(_ subject: String, _ number: Int, _ detail: String, of study: StudyEntry.ID) throws {
            let at = Timestamp(milliseconds: Int64(number))
            try spool.append(
                counting: [HistoryCount(kind: "remark", subject: subject, count: number, detail: detail, at: at)],
                to: study)
        }
        try count("at a", 2, "first", of: studies[0])
        try count("at a%", 1, "other: 5", of: studies[0])
        try count("at a", 7, "other", of: studies[1])
        try spool.append(HistoryEvent(kind: "note", detail: "at a: 9, stays", at: .seconds(1)), to: studies[0])
        try count("at a", 3, "last", of: studies[0])
        let history = try spool.history(of: studies[0])
        #expect(history.map(\.detail) == ["at a%: 1, other: 5", "at a: 9, stays", "at a: 5, last"])
        #expect(history.last?.at == Timestamp(milliseconds: 3))
        #expect(try spool.history(of: studies[1]).map(\.detail) == ["at a: 7, other"])
        try count("at a", .max, "too many", of: studies[0])
        #expect(try spool.history(of: studies[0]).last?.detail == "at a: \(Int.max), too many")
    }
}
