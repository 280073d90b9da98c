import Foundation
import Testing

@testable import Spool

@Suite struct ImageOutcomeTests {
    let directory = TemporaryDirectory()
    var configuration: Spool.Configuration { Spool.Configuration(directory: "\(directory.path)/spool") }

    /// One study with so many images for each of these destinations.
    private func store(
        _ count: Int, to destinations: [String] = ["a"], in spool: Spool
    ) throws -> [ImageDelivery] {
        for index in 0..<count {
            var arrival = arrival(header: [1])
            arrival.image = queuedImage(
                try spool.writeImage(syntheticDataSet(index, count: 100)), instance: "\(index)", to: destinations)
            arrival.receivedAt = .seconds(Int64(index))
            try spool.store(arrival)
        }
        return try spool.images(of: StudyEntry.ID(1))
    }

    private func summary(
        depth: Int, stored: Int, oldest: Int64?, withheld: Int = 0, sent: Int = 0, dead: Int = 0
    ) -> ImageSummary {
        ImageSummary(
            depth: depth, bytes: depth * 100, storedBytes: stored * (100 + imageHead.count),
            oldest: oldest.map { .seconds($0) }, withheld: withheld, sent: sent, dead: dead)
    }

    @Test func aFileIsRemovedWithItsLastDelivery() throws {
        let spool = try Spool(configuration)
        let images = try store(1, to: ["a", "b"], in: spool)
        let event = HistoryEvent(kind: "forwarded", detail: "to a", at: .seconds(3))
        #expect(try spool.acknowledgeImages([images[0].id], events: [(images[0].study, event)]) == [images[0].study])
        #expect(try spool.imageFiles().count == 1)
        #expect(try spool.dataSet(of: images[1].id)?.count == 100)
        #expect(try spool.acknowledgeImages([images[0].id]).isEmpty, "it is gone")
        try spool.dropImages([images[1].id])
        #expect(try spool.imageFiles().isEmpty && spool.imageBytes == 0)
        #expect(try spool.history(of: images[0].study) == [event])
    }

    @Test func aQueueIsEmptyWhenNothingButDeadLettersIsLeft() throws {
        let spool = try Spool(configuration)
        let ids = try store(3, in: spool).map(\.id)
        #expect(try spool.acknowledgeImages([ids[0]]).isEmpty)
        try spool.buryImages([ids[1]], error: "no", answer: "A900", at: .seconds(8))
        #expect(try spool.acknowledgeImages([ids[2]]) == [StudyEntry.ID(1)])
    }

    @Test func whatWasSentWaitsForItsCommitment() throws {
        let spool = try Spool(configuration)
        let ids = try store(3, to: ["a"], in: spool).map(\.id)
        try spool.markSent([ids[0], ids[1]], transaction: "2.25.1", at: .seconds(10))
        try spool.markSent([ids[2]], transaction: "2.25.2", at: .seconds(5))
        #expect(try spool.imagesDue(for: "a", at: .seconds(99), limit: 9).images.isEmpty)
        #expect(try spool.begin(ids[0]) == nil)
        #expect(try spool.sentImages(transaction: "2.25.1").map(\.id) == [ids[0], ids[1]])
        #expect(try spool.sentImages(for: "a", askedBefore: .seconds(11)).map(\.id) == [ids[2], ids[0], ids[1]])
        #expect(try spool.sentImages(for: "a", askedBefore: .seconds(10)).map(\.id) == [ids[2]])
        #expect(try spool.sentImages(for: "b", askedBefore: .seconds(99)).isEmpty)
        #expect(try spool.images(of: StudyEntry.ID(1)).first?.state == .sent(transaction: "2.25.1", at: .seconds(10)))
        #expect(try spool.imageSummary() == ["a": summary(depth: 0, stored: 3, oldest: 0, sent: 3)])
        // Not committed to: once more.
        try spool.retryImages([ids[0]])
        try spool.postponeImages([ids[1]], until: .seconds(50), error: "not committed")
        #expect(try spool.imagesDue(for: "a", at: .seconds(49), limit: 9).images.map(\.id) == [ids[0]])
        #expect(try spool.sentImages(transaction: "2.25.1").isEmpty)
        try spool.acknowledgeImages([ids[2]])
        #expect(try spool.imageFiles().count == 2)
    }

    @Test func aDeadImageStaysUntilSomebodyActs() throws {
        let spool = try Spool(configuration)
        let ids = try store(2, in: spool).map(\.id)
        try spool.buryImages([ids[1]], error: "refused", answer: "C123", at: .seconds(8))
        try spool.buryImages([ids[0]], error: "refused", answer: nil, at: .seconds(9))
        try spool.buryImages([ids[1]], error: "again", answer: "C124", at: .seconds(10))
        let dead = try spool.deadImages()
        #expect(
            dead.map(\.id) == [ids[1], ids[0]]
                && dead.map(\.state) == [.dead(since: .seconds(8)), .dead(since: .seconds(9))])
        #expect(dead.map(\.answer) == ["C124", nil] && dead.map(\.lastError) == ["again", "refused"])
        try spool.postponeImages([ids[0]], until: .seconds(0), error: "")
        #expect(try spool.imagesDue(for: "a", at: .seconds(99), limit: 9).images.isEmpty)
        #expect(try spool.imageSummary() == ["a": summary(depth: 0, stored: 2, oldest: nil, dead: 2)])
        try spool.retryImages([ids[0]])
        #expect(try spool.imagesDue(for: "a", at: .seconds(0), limit: 9).images.map(\.id) == [ids[0]])
        try spool.dropImages([ids[1]])
        #expect(try spool.deadImages().isEmpty)
        #expect(try spool.imageFiles().count == 1)
    }

    /// Against a count of the rows, over a random life.
    @Test(arguments: 1...4 as ClosedRange<UInt64>) func theSummaryIsWhatTheRowsSay(_ seed: UInt64) throws {
        let spool = try Spool(configuration)
        let ids = try store(12, to: ["a", "b"], in: spool).map(\.id)
        var random = seed &* 0x9E37_79B9_7F4A_7C15
        for _ in 0..<80 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let some = ids.enumerated().filter { (random >> (8 + UInt64($0.offset))) & 1 == 1 }.map(\.element)
            switch random >> 60 {
            case 0...3: try spool.postponeImages(some, until: .seconds(Int64(random % 9)), error: "")
            case 4...6: try spool.buryImages(some, error: "", answer: nil, at: .seconds(1))
            case 7, 8: try spool.markSent(some, transaction: "1", at: .seconds(1))
            case 9, 10: try spool.retryImages(some)
            case 11: try spool.storeNote()
            case 12, 13: try spool.releaseImages(some)
            case 14: _ = try spool.imagesDue(for: "a", at: .seconds(5), limit: 2)
            case _: try spool.acknowledgeImages(Array(some.prefix(1)))
            }
            let rows = try spool.images(of: StudyEntry.ID(1))
            var expected: [String: ImageSummary] = [:]
            for name in ["a", "b"] {
                let mine = rows.filter { $0.id.destination == name }
                let waiting = mine.filter { $0.state == .waiting }
                let dead = mine.filter { if case .dead = $0.state { true } else { false } }
                let oldest = mine.filter { !dead.contains($0) }.map(\.queuedAt).min()
                guard !mine.isEmpty else { continue }
                expected[name] = summary(
                    depth: waiting.count, stored: mine.count, oldest: oldest.map { $0.milliseconds / 1_000 },
                    withheld: waiting.filter(\.isWithheld).count, sent: mine.count - waiting.count - dead.count,
                    dead: dead.count)
            }
            #expect(try spool.imageSummary() == expected)
            let due = rows.filter { $0.id.destination == "b" && $0.state == .waiting && !$0.isWithheld }
            let told = try spool.imagesDue(for: "b", at: .seconds(99), limit: 99).images
            #expect(told.map(\.id) == due.map(\.id))
        }
    }

    @Test func anOperatorsModeOutlivesARestart() throws {
        do {
            let spool = try Spool(configuration)
            #expect(try spool.mode(of: "a") == .running)
            try spool.setMode(of: "a", .paused, by: "anna", why: "network", at: .seconds(3))
            try spool.setMode(of: "b", .draining, by: "bert", why: "", at: .seconds(4))
            try spool.setMode(of: "b", .running, by: "bert", why: "done", at: .seconds(5))
        }
        let spool = try Spool(configuration)
        #expect(try spool.mode(of: "a") == .paused && spool.mode(of: "b") == .running)
        #expect(
            try spool.destinationSettings() == [
                "a": DestinationSetting(mode: .paused, by: "anna", why: "network", since: .seconds(3)),
                "b": DestinationSetting(mode: .running, by: "bert", why: "done", since: .seconds(5)),
            ])
        #expect(try spool.imageSummary().isEmpty)
    }
}
