import TestSupport
import Testing

@testable import Spool

/// Random lives of an outbox, against a model in memory: a document is there exactly while somebody needs it.
@Suite struct DocumentHistoriesTests {
    private struct Letter: Equatable {
        var id: Delivery.ID
        var identity: String
        var destination: String
        var isBegun = false
        var isDead = false
        var attempts = 0

        var state: Delivery.State { isDead ? .dead : isBegun ? .begun : .waiting }
    }

    private struct Model {
        /// In the order they were written.
        var documents: [String] = []
        var letters: [Letter] = []
        var standings: [String: Set<String>] = [:]
        var state: String?

        mutating func put(_ standing: StandingRecord) {
            standings[standing.destination] = standing.documents.intersection(documents)
        }

        /// Without any standing, the latest document is the only word of what was sent.
        mutating func removeStale() {
            var needed = Set(letters.map(\.identity))
            for documents in standings.values { needed.formUnion(documents) }
            if standings.isEmpty, let latest = documents.last { needed.insert(latest) }
            documents.removeAll { !needed.contains($0) }
        }
    }

    private static let destinations = ["platform", "archive"]

    @Test(arguments: 1...12 as ClosedRange<UInt64>) func documentsAreKeptExactlyWhileSomebodyNeedsThem(
        _ seed: UInt64
    ) throws {
        var random = SeededRandom(seed: seed)
        let directory = TemporaryDirectory()
        // It syncs nothing, which is not what this is about.
        let disk = FaultyDisk(name: "documents-\(seed)")
        var configuration = Spool.Configuration(directory: "\(directory.path)/spool")
        configuration.vfs = disk.name
        var spool = try Spool(configuration)
        var ids: [StudyEntry.ID] = []
        for index in 0..<3 {
            try spool.store(arrival(study: "1.\(index)", header: [1]))
            ids.append(try #require(try spool.studies(uid: "1.\(index)").first).id)
        }
        var models = Array(repeating: Model(), count: ids.count)
        var written = 0
        for _ in 0..<250 {
            let index = ids.indices.randomElement(using: &random) ?? 0
            if Int.random(in: 0..<15, using: &random) == 0 {
                spool.close()
                spool = try Spool(configuration)
            } else {
                try step(spool, ids[index], &models[index], &written, &random)
            }
            for (id, model) in zip(ids, models) { try compare(spool, id, model) }
        }
        #expect(written > 30)
        #expect(try spool.deadLetters().count == models.reduce(0) { $0 + $1.letters.count { $0.isDead } })
    }

    private func step(
        _ spool: Spool, _ study: StudyEntry.ID, _ model: inout Model, _ written: inout Int,
        _ random: inout SeededRandom
    ) throws {
        let letter = model.letters.indices.randomElement(using: &random)
        switch (Int.random(in: 0..<12, using: &random), letter) {
        case (0..<3, _): try settle(spool, study, &model, &written, &random)
        case (3..<5, _), (_, nil):
            let standings = standings(model, &random)
            let isOutdated = random.chance(0.2)
            let expecting = isOutdated ? [Delivery.ID(9_999): .waiting] : expectation(model, &random)
            let update = {
                try spool.updateStandings(of: study, standings, state: "s", expecting: expecting, at: .seconds(3))
            }
            if isOutdated {
                #expect(throws: SpoolError.outdated) { try update() }
                return
            }
            try update()
            model.state = "s"
            for standing in standings { model.put(standing) }
            model.removeStale()
        case (5..<7, let index?):
            let isDead = model.letters[index].isDead
            #expect((try spool.begin(model.letters[index].id) == nil) == isDead)
            if !isDead {
                model.letters[index].isBegun = true
                model.letters[index].attempts += 1
            }
        case (7..<10, let index?):
            try spool.acknowledge(model.letters[index].id)
            model.letters.remove(at: index)
            model.removeStale()
        case (10, let index?):
            try spool.bury(model.letters[index].id, error: "no", answer: "C000", at: .seconds(4))
            model.letters[index].isDead = true
        case (_, let index?):
            try spool.retry(model.letters[index].id)
            model.letters[index].isDead = false
        }
    }

    private func settle(
        _ spool: Spool, _ study: StudyEntry.ID, _ model: inout Model, _ written: inout Int,
        _ random: inout SeededRandom
    ) throws {
        var next = model
        var settlement = settlement(through: ArrivalNumber(1))
        let withdrawn = model.letters.filter { _ in random.chance(0.3) }
        settlement.withdrawn = withdrawn.map(\.id)
        next.letters.removeAll { withdrawn.contains($0) }
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            written += 1
            let destinations = Self.destinations.filter { _ in random.chance(0.6) }
            settlement.outgoing.append(outgoing(written, to: destinations, count: 300))
            next.documents.append("2.25.\(written)")
        }
        settlement.standings = standings(next, &random)
        settlement.expecting = expectation(model, &random)
        try spool.settle(study, settlement)
        let known = Set(next.letters.map(\.id))
        for delivery in try spool.deliveries(of: study) where !known.contains(delivery.id) {
            next.letters.append(
                Letter(id: delivery.id, identity: delivery.identity, destination: delivery.destination))
        }
        let queued = settlement.outgoing.flatMap { outgoing in outgoing.destinations.map { outgoing.identity + $0 } }
        #expect(next.letters.suffix(queued.count).map { $0.identity + $0.destination } == queued)
        #expect(next.letters.count == known.count + queued.count)
        for standing in settlement.standings { next.put(standing) }
        next.removeStale()
        model = next
    }

    private func standings(_ model: Model, _ random: inout SeededRandom) -> [StandingRecord] {
        Self.destinations.filter { _ in random.chance(0.4) }.map { destination in
            var documents = Set(model.documents.filter { _ in random.chance(0.4) })
            if random.chance(0.1) { documents.insert("2.25.999999") }
            return standing(destination, "\(documents.count)", documents)
        }
    }

    private func expectation(_ model: Model, _ random: inout SeededRandom) -> [Delivery.ID: Delivery.State]? {
        random.chance(0.5) ? nil : Dictionary(uniqueKeysWithValues: model.letters.map { ($0.id, $0.state) })
    }

    private func compare(_ spool: Spool, _ study: StudyEntry.ID, _ model: Model) throws {
        #expect(try documents(of: study, in: spool) == model.documents)
        let deliveries = try spool.deliveries(of: study)
        #expect(deliveries.map(\.id) == model.letters.map(\.id))
        #expect(deliveries.map(\.state) == model.letters.map(\.state))
        #expect(deliveries.map(\.attempts) == model.letters.map(\.attempts))
        let standings = try spool.standings(of: study)
        #expect(standings.map(\.destination) == model.standings.keys.sorted())
        for standing in standings { #expect(standing.documents == model.standings[standing.destination]) }
        #expect(try spool.study(study)?.state == model.state)
        for delivery in deliveries {
            let version = try #require(Int(delivery.version))
            #expect(try spool.content(of: delivery.id) == syntheticHeader(version, count: 300))
        }
    }
}
