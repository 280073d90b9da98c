import Testing

@testable import Spool

/// Random lives of a few studies, against a list in memory.
@Suite struct HistoriesTests {
    private struct Known {
        var number: ArrivalNumber
        var told: Told
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64]) func whateverHappensTheSpoolTellsWhatItWasGiven(
        _ seed: UInt64
    ) throws {
        var random = Random(state: seed)
        let directory = TemporaryDirectory()
        var configuration = Spool.Configuration(directory: "\(directory.path)/spool")
        configuration.keyBudget = 12_000
        var spool: Spool? = try Spool(configuration)
        var model: [String: [Known]] = [:]
        for step in 0..<300 {
            if random.next(20) == 0 {
                spool = nil
                spool = try Spool(configuration)
            }
            let current = try #require(spool)
            let study = "1.\(random.next(3))"
            switch random.next(20) {
            case 0..<14:
                let size = random.next(60) == 0 ? 300_000 : 500 + random.next(3) * 1_000
                let header = random.next(30) == 0 ? [] : syntheticHeader(step, count: size)
                let arrival = arrival(
                    study: study, series: "\(study).\(random.next(3))", attributes: "a\(random.next(2))",
                    header: header)
                try current.store(arrival)
                let number = try #require(try current.studies(uid: study).first?.lastOpen)
                #expect(model.values.joined().allSatisfy { $0.number < number })
                model[study, default: []].append(Known(number: number, told: Told(arrival, isSealed: false)))
            case 14..<17:
                guard let entry = try current.studies(uid: study).first else { continue }
                try current.settle(entry.id, settlement(through: entry.lastOpen ?? entry.settledThrough))
                let dropped = (model[study] ?? []).filter { _ in random.next(8) == 0 }.map(\.number)
                #expect(try current.seal(entry.id, dropping: Set(dropped)))
                model[study]?.removeAll { dropped.contains($0.number) }
                for index in (model[study] ?? []).indices { model[study]?[index].told.isSealed = true }
            case 17: try current.recover()
            case _:
                guard let entry = try current.studies(uid: study).first else { continue }
                let known = model[study] ?? []
                let after = known.isEmpty ? nil : known[random.next(known.count)].number
                let rest = known.filter { known in after.map { known.number > $0 } ?? true }
                #expect(try stored(entry.id, in: current, after: after) == rest.map(\.told))
            }
        }
        let last = try #require(spool)
        for (study, known) in model {
            let entry = try #require(try last.studies(uid: study).first)
            #expect(try stored(entry.id, in: last) == known.map(\.told))
        }
        let open = model.filter { $0.value.contains { !$0.told.isSealed } }.keys.sorted()
        #expect(try last.openStudies().map(\.uid).sorted() == open)
    }
}

/// xorshift64*: the same seed gives the same history.
private struct Random {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return Int((state &* 0x2545_F491_4F6C_DD1D) >> 33) % bound
    }
}
