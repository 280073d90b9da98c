import Foundation
import Testing
import Threads

@testable import Spool

/// A spool of version 1 opens with all that it held.
@Suite struct MigrationTests {
    let directory = TemporaryDirectory()
    /// Never fails.
    private let disk = FaultyDisk(name: "migration-\(UUID().uuidString)")

    init() throws { try makeVersion1("template") }

    private func configuration(_ name: String, _ disk: FaultyDisk? = nil) -> Spool.Configuration {
        var configuration = Spool.Configuration(directory: "\(directory.path)/\(name)")
        configuration.vfs = (disk ?? self.disk).name
        return configuration
    }

    private func copyVersion1(_ name: String) throws {
        try copySpool("\(directory.path)/template", to: "\(directory.path)/\(name)")
    }

    /// One study settled, sealed and published, one held, one with a series of the first and never settled.
    private func makeVersion1(_ name: String) throws {
        let folder = "\(directory.path)/\(name)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        #expect(FileManager.default.createFile(atPath: "\(folder)/spool.db", contents: Data()))
        let database = try Connection(path: "\(folder)/spool.db", vfs: disk.name)
        try database.execute("PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL")
        try database.execute(version1)
        try database.execute("PRAGMA application_id=\(Schema.applicationID); PRAGMA user_version=1")
        let compressor = Compressor()
        let sealed = Block.pack(
            [0, 1].map { Block.Entry(number: $0 + 1, series: 10, attributes: 1, length: header($0).count) },
            headers: [header(0), header(1)])
        try insert(
            database, "block VALUES (1, 1, 2, 2, \(header(0).count + header(1).count), ?1)",
            compressor.compress(sealed, level: 6))
        try insert(
            database, "study VALUES (1, 'CT1', '1.1', 1000, 2, 5000, NULL, ?1)",
            compressor.compress(Array("record".utf8), level: 3))
        try database.execute(
            """
            INSERT INTO study VALUES (2, 'CT1', '1.2', 2000, 4, 6000, 'no accession number', NULL),
                (3, 'CT1', '1.3', 7000, NULL, NULL, NULL, NULL);
            INSERT INTO series VALUES (10, 1, '1.1.1', NULL), (20, 2, '1.2.1', 3), (30, 3, '1.1.1', 5);
            INSERT INTO attributes VALUES (1, 'explicit');
            INSERT INTO event VALUES (1, 1, 5000, 'manifest', 'version 1');
            """)
        let delta = compressor.compress(header(3), prefix: header(2), level: 1)
        try insert(database, "arrival VALUES (2, 3, 20, 1, 0, ?1)", compressor.compress(header(2), level: 1))
        try insert(database, "arrival VALUES (2, 4, 20, 1, 1, ?1)", delta)
        try insert(database, "arrival VALUES (3, 5, 30, 1, 0, ?1)", compressor.compress(header(4), level: 1))
        for (id, text) in [(1, "first"), (2, "second")] {
            try insert(
                database, "document VALUES (\(id), 1, '2.25.\(id)', '\(id)', '\(id).dcm', 5000, ?1)",
                compressor.compress(Array(text.utf8), level: 3))
        }
        try insert(
            database, "quarantine VALUES (1, 8000, 'bad', 'CT9', 'implicit', 3, ?1)",
            compressor.compress([1, 2, 3], level: 3))
        try database.execute(
            """
            INSERT INTO delivery VALUES (4, 1, 'archive', 0, NULL, NULL), (6, 2, 'manifests', 3, 9000, 'busy');
            UPDATE counter SET last_arrival = 65536;
            """)
    }

    private func header(_ index: Int64) -> [UInt8] { syntheticHeader(Int(index), count: 800) }

    private func insert(_ database: Connection, _ row: String, _ bytes: [UInt8]) throws {
        let statement = try database.statement("INSERT INTO \(row)")
        statement.bind(1, bytes)
        try statement.run()
    }

    @Test func everythingOfVersion1IsThere() throws {
        try copyVersion1("old")
        let spool = try Spool(configuration("old"))
        let studies = try spool.studies().sorted { $0.id < $1.id }
        #expect(studies.map(\.uid) == ["1.1", "1.2", "1.3"])
        #expect(studies.map(\.hold) == [nil, "no accession number", nil])
        #expect(studies.map(\.settledThrough?.value) == [2, 4, nil] && studies.map(\.lastOpen?.value) == [nil, 4, 5])
        #expect(
            studies.map(\.changedAt.milliseconds) == [5_000, 6_000, 7_000] && studies.map(\.state) == [nil, nil, nil])
        #expect(try spool.record(of: studies[0].id) == Array("record".utf8))
        #expect(try stored(studies[0].id, in: spool).map(\.header) == [header(0), header(1)])
        #expect(try stored(studies[1].id, in: spool).map(\.header) == [header(2), header(3)])
        #expect(try stored(studies[2].id, in: spool).map(\.header) == [header(4)])
        #expect(try stored(studies[2].id, in: spool).map(\.series) == ["1.1.1"])
        #expect(try spool.history(of: studies[0].id).map(\.detail) == ["version 1"])
        #expect(try spool.quarantined().map(\.reason) == ["bad"])
        #expect(try documents(of: studies[0].id, in: spool) == ["2.25.1", "2.25.2"])
        let deliveries = try spool.deliveries(of: studies[0].id)
        #expect(deliveries.map(\.id.value) == [4, 6] && deliveries.map(\.destination) == ["archive", "manifests"])
        #expect(deliveries.map(\.attempts) == [0, 3] && deliveries.map(\.lastError) == [nil, "busy"])
        #expect(deliveries.map(\.postponedUntil?.milliseconds) == [nil, 9_000])
        #expect(try deliveries.map { try spool.content(of: $0.id) } == [Array("first".utf8), Array("second".utf8)])
    }

    /// Version 1 did not note what it had tried.
    @Test func aDeliveryOfVersion1MayHaveBeenTried() throws {
        try copyVersion1("old")
        let spool = try Spool(configuration("old"))
        #expect(try spool.deliveries(of: StudyEntry.ID(1)).map(\.state) == [.begun, .begun])
    }

    @Test func whatVersion1DidNotKnowIsKnownFromThenOn() throws {
        try copyVersion1("old")
        let spool = try Spool(configuration("old"))
        let first = StudyEntry.ID(1)
        #expect(try spool.studyCounts() == [nil: 3])
        #expect(try spool.studies(sharingSeriesWith: first).map(\.uid) == ["1.3"])
        #expect(try spool.receivedAt(ArrivalNumber(4)) == nil)
        try spool.store(arrival(study: "1.2", series: "1.2.1", attributes: "explicit", header: header(9)))
        let held = try #require(try spool.studies(uid: "1.2").first)
        #expect(try stored(held.id, in: spool).map(\.header) == [header(2), header(3), header(9)])
        #expect(try spool.receivedAt(try #require(held.lastOpen)) == .seconds(1))
        for delivery in try spool.deliveries(of: first) { try spool.acknowledge(delivery.id) }
        #expect(try spool.manifest(of: first)?.identity == "2.25.2", "no standing tells of it yet")
        var next = settlement(through: ArrivalNumber(2), outgoing: [outgoing(3)])
        next.state = "published"
        try spool.settle(first, next)
        #expect(try spool.deliveries(of: first).map(\.id.value) == [7])
        #expect(try spool.studyCounts() == [nil: 2, "published": 1])
    }

    @Test func everythingOfVersion2IsThereAndImagesMayCome() throws {
        try copyVersion1("reference")
        let reference = try Picture(try Spool(configuration("reference")))
        try copyVersion1("second")
        do {
            let database = try Connection(path: "\(directory.path)/second/spool.db", vfs: disk.name)
            try database.execute(Schema.migrations[1])
            try database.execute("INSERT INTO mark VALUES (4, 7000); PRAGMA user_version=2")
        }
        let spool = try Spool(configuration("second"))
        #expect(try Picture(spool) == reference)
        #expect(try spool.receivedAt(ArrivalNumber(5)) == .seconds(7))
        #expect(try spool.imageSummary().isEmpty)
        #expect(spool.missingImages.isEmpty && spool.imageBytes == 0)
        let dataSet = syntheticDataSet(1, count: 1_000)
        var late = arrival(study: "1.2", series: "1.2.1", attributes: "explicit", header: header(9))
        late.image = queuedImage(try spool.writeImage(dataSet), to: ["a"])
        try spool.store(late)
        let due = try spool.imagesDue(for: "a", at: .seconds(0), limit: 9).images
        #expect(due.map(\.study) == [StudyEntry.ID(2)])
        let last = try spool.study(StudyEntry.ID(2))?.lastOpen
        #expect(due.first?.arrival == last)
        #expect(try spool.dataSet(of: due[0].id) == dataSet)
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func aMigrationThatThePowerCutsIsDoneAtTheNextStart(_ seed: UInt64) throws {
        try copyVersion1("reference")
        let reference = try Picture(try Spool(configuration("reference")))
        var cut = 1
        while try migration(cutBefore: cut, seed, reference) { cut += 1 }
        #expect(cut > 20)
    }

    /// False: it was over before.
    private func migration(cutBefore cut: Int, _ seed: UInt64, _ reference: Picture) throws -> Bool {
        let name = "\(seed)-\(cut)"
        try copyVersion1(name)
        let path = "\(directory.path)/\(name)"
        let disk = FaultyDisk(name: "migration-\(name)")
        let versions = Monitor<Bool>(false)
        disk.cutPower(before: cut) { unsynced in
            copyAfterPowerCut(path, unsynced, to: "\(path)-cut", seed: seed &+ UInt64(cut) &* 77)
            versions.withLock { $0 = true }
        }
        #expect(try Picture(try Spool(configuration(name, disk))) == reference)
        guard versions.withLock({ $0 }) else { return false }
        let version = try Connection(path: "\(path)-cut/spool.db").integer("PRAGMA user_version")
        #expect(version == 1 || version == Int64(Schema.version))
        #expect(try Picture(try Spool(configuration("\(name)-cut"))) == reference, "before operation \(cut)")
        return true
    }

    @Test(arguments: [FaultyDisk.Fault.inputOutput, .full]) func aMigrationThatTheDiskRefusesIsDoneLater(
        _ fault: FaultyDisk.Fault
    ) throws {
        try copyVersion1("reference")
        let reference = try Picture(try Spool(configuration("reference")))
        var refused = 0
        for operation in 1...200 {
            let name = "\(fault)-\(operation)"
            try copyVersion1(name)
            let disk = FaultyDisk(name: name)
            disk.fail(at: operation, fault)
            do throws(SpoolError) {
                _ = try Spool(configuration(name, disk))
                if disk.operations < operation { break }
            } catch {
                refused += 1
            }
            #expect(try Picture(try Spool(configuration(name))) == reference, "at operation \(operation)")
        }
        #expect((5..<200).contains(refused))
    }
}

/// The tables as version 1 made them.
private let version1 = """
    CREATE TABLE study (
        id INTEGER PRIMARY KEY, source TEXT NOT NULL, uid TEXT NOT NULL, first_received INTEGER NOT NULL,
        settled_through INTEGER, settled_at INTEGER, hold TEXT, record BLOB, UNIQUE (uid, source));
    CREATE INDEX study_hold ON study (id) WHERE hold IS NOT NULL;
    CREATE TABLE series (
        id INTEGER PRIMARY KEY, study INTEGER NOT NULL, uid TEXT NOT NULL, key INTEGER, UNIQUE (study, uid));
    CREATE TABLE attributes (id INTEGER PRIMARY KEY, value TEXT NOT NULL UNIQUE);
    CREATE TABLE arrival (
        study INTEGER NOT NULL, id INTEGER NOT NULL, series INTEGER NOT NULL, attributes INTEGER NOT NULL,
        key_distance INTEGER NOT NULL, header BLOB NOT NULL, PRIMARY KEY (study, id)) WITHOUT ROWID;
    CREATE TABLE block (
        id INTEGER PRIMARY KEY, study INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL,
        bytes INTEGER NOT NULL, content BLOB NOT NULL);
    CREATE INDEX block_study ON block (study);
    CREATE TABLE counter (last_arrival INTEGER NOT NULL);
    INSERT INTO counter VALUES (0);
    CREATE TABLE document (
        id INTEGER PRIMARY KEY, study INTEGER NOT NULL, identity TEXT NOT NULL, version TEXT NOT NULL,
        file_name TEXT NOT NULL, written INTEGER NOT NULL, content BLOB NOT NULL);
    CREATE INDEX document_study ON document (study);
    CREATE TABLE delivery (
        id INTEGER PRIMARY KEY, document INTEGER NOT NULL, destination TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0, postponed_until INTEGER, last_error TEXT);
    CREATE INDEX delivery_destination ON delivery (destination);
    CREATE INDEX delivery_document ON delivery (document);
    CREATE TABLE quarantine (
        id INTEGER PRIMARY KEY, at INTEGER NOT NULL, reason TEXT NOT NULL, sender TEXT NOT NULL,
        attributes TEXT NOT NULL, bytes INTEGER NOT NULL, content BLOB NOT NULL);
    CREATE TABLE event (
        id INTEGER PRIMARY KEY, study INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,
        detail TEXT NOT NULL);
    CREATE INDEX event_study ON event (study);
    """
