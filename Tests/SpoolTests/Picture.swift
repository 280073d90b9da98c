import Testing

@testable import Spool

/// All that a spool tells of its studies and their deliveries.
struct Picture: Equatable {
    struct Study: Equatable {
        var entry: StudyEntry
        var headers: [Told]
        var record: [UInt8]?
        var history: [HistoryEvent]
        var standings: [StandingRecord]
        var deliveries: [Delivery]
        var contents: [[UInt8]]
        var documents: [Manifest]
    }

    var studies: [Study]
    var counts: [String?: Int]
    var summary: [String: OutboxSummary]
    var deadLetters: [Delivery]

    init(_ spool: Spool) throws {
        studies = try spool.studies().sorted { $0.id < $1.id }.map { entry in
            let deliveries = try spool.deliveries(of: entry.id)
            return Study(
                entry: entry, headers: try stored(entry.id, in: spool), record: try spool.record(of: entry.id),
                history: try spool.history(of: entry.id), standings: try spool.standings(of: entry.id),
                deliveries: deliveries, contents: try deliveries.map { try spool.content(of: $0.id) },
                documents: try documents(of: entry.id, in: spool).map {
                    try #require(try spool.document(identity: $0, of: entry.id))
                })
        }
        counts = try spool.studyCounts()
        summary = try spool.outboxSummary()
        deadLetters = try spool.deadLetters()
    }
}

/// Identities of the documents that are kept for a study, in the order they were written.
func documents(of study: StudyEntry.ID, in spool: Spool) throws -> [String] {
    try spool.readers.read { reader throws(SpoolError) in
        let statement = try reader.connection.statement("SELECT identity FROM document WHERE study = ?1 ORDER BY id")
        statement.bind(1, study.value)
        defer { statement.reset() }
        var identities: [String] = []
        while try statement.step() { identities.append(statement.text(0)) }
        return identities
    }
}

func outgoing(_ version: Int, to destinations: [String] = ["platform"], count: Int = 5_000) -> Outgoing {
    Outgoing(
        destinations: destinations, identity: "2.25.\(version)", version: "\(version)", fileName: "\(version).dcm",
        content: syntheticHeader(version, count: count))
}

func standing(_ destination: String, _ text: String, _ documents: Set<String> = []) -> StandingRecord {
    StandingRecord(destination: destination, record: Array(text.utf8), documents: documents)
}

extension Timestamp {
    /// Seconds after the beginning, in tests.
    static func seconds(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1_000) }
}
