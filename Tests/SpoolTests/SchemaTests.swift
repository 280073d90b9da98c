import Foundation
import Testing

@testable import Spool

@Suite struct SchemaTests {
    let directory = TemporaryDirectory()
    var path: String { "\(directory.path)/spool" }
    var configuration: Spool.Configuration { Spool.Configuration(directory: path) }

    @Test func aNewerSchemaIsRefusedAndNothingIsTouched() throws {
        do {
            let spool = try Spool(configuration)
            try spool.store(arrival(header: syntheticHeader(0)))
        }
        // The newer version stands in the log only, as after a crash of the newer program.
        do {
            let connection = try Connection(path: "\(path)/spool.db")
            connection.setCheckpointsOnClose(false)
            try connection.execute("PRAGMA user_version=\(Schema.version + 1)")
        }
        let before = try contents()
        #expect(before.keys.contains("spool.db-wal"))
        #expect(
            throws: SpoolError.newerSchema(
                path: "\(path)/spool.db", found: Schema.version + 1, supported: Schema.version)
        ) { try Spool(configuration) }
        #expect(try contents() == before)
    }

    @Test func anotherProgramsDatabaseIsRefusedAndNotTouched() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        #expect(FileManager.default.createFile(atPath: "\(path)/spool.db", contents: Data()))
        try Connection(path: "\(path)/spool.db").execute("CREATE TABLE theirs (x)")
        let before = try contents()
        #expect(throws: SpoolError.notASpool(path: "\(path)/spool.db")) { try Spool(configuration) }
        #expect(try contents() == before)
    }

    @Test func aFileThatIsNoDatabaseIsRefusedAndNotTouched() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let garbage = Data(repeating: 0x41, count: 8_192)
        #expect(FileManager.default.createFile(atPath: "\(path)/spool.db", contents: garbage))
        #expect(throws: SpoolError.self) { try Spool(configuration) }
        #expect(FileManager.default.contents(atPath: "\(path)/spool.db") == garbage)
    }

    @Test func aSecondOneIsRefusedWhileTheFirstLives() throws {
        var spool: Spool? = try Spool(configuration)
        #expect(throws: SpoolError.inUse(path: path, holder: "\(getpid())")) { try Spool(configuration) }
        #expect(spool?.failure == nil)
        spool = nil
        _ = try Spool(configuration)
    }

    @Test func directoryAndFilesAreForTheirOwnerOnly() throws {
        let spool = try Spool(configuration)
        try spool.store(arrival(header: syntheticHeader(0)))
        #expect(try mode("") == 0o700)
        for name in ["spool.db", "spool.db-wal", "spool.db-shm", "lock"] { #expect(try mode(name) == 0o600) }
    }

    @Test func aMissingParentIsOneClearError() throws {
        let nowhere = "\(directory.path)/missing/spool"
        #expect(throws: SpoolError.cannotOpen(path: nowhere, reason: "No such file or directory")) {
            try Spool(Spool.Configuration(directory: nowhere))
        }
    }

    private func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.posixPermissions] as? Int
    }

    /// All files but the lock and SQLite's index of the log, which is no data.
    private func contents() throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: path) where name != "lock" {
            if !name.hasSuffix("-shm") { contents[name] = FileManager.default.contents(atPath: "\(path)/\(name)") }
        }
        return contents
    }
}
