import Testing

@testable import Spool

@Suite struct TraceTests {
    let directory = TemporaryDirectory()
    var configuration: Spool.Configuration { Spool.Configuration(directory: "\(directory.path)/spool") }

    /// Stores one arrival of the study and settles it with these traces.
    private func leave(_ traces: Set<Int64>, _ study: String, source: String = "CT1", in spool: Spool) throws
        -> StudyEntry.ID
    {
        try spool.store(arrival(source: source, study: study, header: [1]))
        let entry = try #require(try spool.studies(uid: study).first { $0.source == source })
        var settlement = settlement(through: entry.lastOpen)
        settlement.traces = traces
        try spool.settle(entry.id, settlement)
        return entry.id
    }

    @Test func aStudyIsFoundByEachTraceThatItLeftWhateverItsSource() throws {
        let spool = try Spool(configuration)
        let first = try leave([1, 2, .max], "1.1", in: spool)
        let second = try leave([2, .min], "1.2", source: "CT2", in: spool)
        let third = try leave([9], "1.1", source: "CT2", in: spool)
        #expect(try spool.studies(withTraces: [2], besides: third).map(\.id) == [first, second])
        #expect(try spool.studies(withTraces: [1, 2, 9], besides: third).map(\.id) == [first, second])
        #expect(try spool.studies(withTraces: [.max], besides: second).map(\.source) == ["CT1"])
        #expect(try spool.studies(withTraces: [.min], besides: first).map(\.source) == ["CT2"])
        #expect(try spool.studies(withTraces: [1, .max], besides: first).isEmpty)
        #expect(try spool.studies(withTraces: [3], besides: first).isEmpty)
        #expect(try spool.studies(withTraces: [], besides: first).isEmpty)
    }

    @Test func tracesAddUpAndOutliveARestartAndASealing() throws {
        do {
            let spool = try Spool(configuration)
            _ = try leave([1], "1.1", in: spool)
            let study = try leave([1, 2], "1.1", in: spool)
            #expect(try spool.seal(study))
            _ = try leave([], "1.1", in: spool)
        }
        let spool = try Spool(configuration)
        for trace in [1, 2] as [Int64] {
            #expect(try spool.studies(withTraces: [trace], besides: StudyEntry.ID(0)).map(\.uid) == ["1.1"])
        }
    }

    @Test func aSettlementThatIsNotWrittenLeavesNoTrace() throws {
        let spool = try Spool(configuration)
        let study = try leave([1], "1.1", in: spool)
        var outdated = settlement(through: nil)
        outdated.traces = [2]
        outdated.expecting = [Delivery.ID(7): .waiting]
        #expect(throws: SpoolError.outdated) { try spool.settle(study, outdated) }
        #expect(try spool.studies(withTraces: [2], besides: StudyEntry.ID(0)).isEmpty)
    }
}
