import Foundation
import Testing

@testable import Gateway

/// Events, the journal's catalog in both languages, and the operator's page are the same set.
struct EventCatalogTests {
    struct Entry {
        let id: String
        let subject: String
        let text: String

        var placeholders: Set<String> { Set((subject + text).matches(of: /@([A-Z_0-9]+)@/).map { String($0.1) }) }
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static func file(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The format of journald's catalogs: `-- ID`, headers, an empty line, text.
    static func catalog(_ name: String) throws -> [Entry] {
        let parts = try file("config/systemd/catalog/" + name).components(separatedBy: "\n-- ").dropFirst()
        return try parts.map { part in
            let lines = part.components(separatedBy: "\n")
            let end = try #require(lines.firstIndex(of: ""))
            let headers = lines[1..<end]
            #expect(headers.contains("Defined-By: Kosgate"))
            let subject = try #require(headers.first { $0.hasPrefix("Subject: ") })
            return Entry(
                id: lines[0], subject: String(subject.dropFirst(9)),
                text: lines[(end + 1)...].joined(separator: "\n"))
        }
    }

    /// What every event of a kind sends.
    private static func fields(of kind: EventKind) -> Set<String> {
        let sets = EventSamples.all.map(\.record).filter { $0.kind == kind }
            .map { Set($0.journalFields.map { $0.name.description }) }
        return sets.dropFirst().reduce(sets.first ?? []) { $0.intersection($1) }
    }

    @Test(arguments: ["kosgate.catalog", "kosgate.fr.catalog"])
    func everyKindHasOneEntry(name: String) throws {
        let entries = try Self.catalog(name)
        #expect(entries.map(\.id) == EventKind.allCases.map(\.messageID))
        #expect(Set(entries.map(\.subject)).count == entries.count)
        for entry in entries {
            #expect(entry.text.components(separatedBy: "\n\n").count == 3, "\(entry.subject)")
            #expect(!entry.text.contains("\u{60}"), "\(entry.subject)")
        }
    }

    /// journald leaves `@NAME@` in the text where the event has no such field.
    @Test func anEntryUsesNoFieldThatItsEventsMayLack() throws {
        let (english, french) = (try Self.catalog("kosgate.catalog"), try Self.catalog("kosgate.fr.catalog"))
        for (kind, entries) in zip(EventKind.allCases, zip(english, french)) {
            let lacking = entries.0.placeholders.subtracting(Self.fields(of: kind))
            #expect(lacking.isEmpty, "\(kind.rawValue): \(lacking.sorted())")
            #expect(entries.0.placeholders == entries.1.placeholders, "\(kind.rawValue)")
        }
    }

    @Test func theFrenchIsFrench() throws {
        for (english, french) in zip(try Self.catalog("kosgate.catalog"), try Self.catalog("kosgate.fr.catalog")) {
            #expect(english.subject != french.subject)
            #expect(english.text.contains("What to do: ") && !english.text.contains("Que faire"))
            #expect(french.text.contains("Que faire\u{A0}: ") && !french.text.contains("What to do"))
            // The same commands are given.
            let commands = { (text: String) in
                Set(text.replacing("\n", with: " ").matches(of: /kosgate ([a-z][a-z-]+)/).map { String($0.1) })
            }
            #expect(commands(english.text) == commands(french.text), "\(english.subject)")
        }
    }

    @Test func theOperatorsPageHasEveryKindWithItsPriority() throws {
        let rows = try Self.file("config/events.md").components(separatedBy: "\n")
            .compactMap { $0.wholeMatch(of: /\| `([a-z-]+)` \| (\w+) \| (.+) \| (.+) \|/) }
        let words = [2: "critical", 3: "error", 4: "warning", 5: "notice", 6: "info"]
        #expect(rows.map { String($0.1) } == EventKind.allCases.map(\.rawValue))
        #expect(rows.map { String($0.2) } == EventKind.allCases.map { words[$0.priority] })
        #expect(try Self.file("README.md").contains("(config/events.md)"))
    }

    @Test func theOperatorsPageHasEveryField() throws {
        let page = try Self.file("config/events.md")
        let told = Set(page.matches(of: /\| `([A-Z_]+)` \|/).map { String($0.1) })
        var sent = Set(EventSamples.all.flatMap { $0.record.journalFields.map { $0.name.description } })
        sent.formUnion(["DICOM_PATIENT_ID", "KOSGATE_SUPPRESSED"])
        #expect(told == sent)
    }

    /// journald itself reads both.
    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/journalctl"), "needs journalctl"),
        arguments: [("kosgate.catalog", ""), ("kosgate.fr.catalog", "fr")])
    func journalctlReadsTheCatalog(name: String, language: String) throws {
        let folder = URL(filePath: NSTemporaryDirectory()).appending(path: "catalog-" + UUID().uuidString)
        let (catalogs, database) = ("usr/lib/systemd/catalog", "var/lib/systemd/catalog")
        for path in [catalogs, database] {
            try FileManager.default.createDirectory(
                at: folder.appending(path: path), withIntermediateDirectories: true)
        }
        defer { try? FileManager.default.removeItem(at: folder) }
        // The language is in the name alone, and English is what has none.
        try FileManager.default.copyItem(
            at: Self.root.appending(path: "config/systemd/catalog/" + name),
            to: folder.appending(path: catalogs + "/kosgate.catalog"))
        let run = { (arguments: [String]) throws -> (Int32, String) in
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/journalctl")
            process.arguments = ["--root=" + folder.path] + arguments
            let pipe = Pipe()
            process.standardOutput = pipe
            try process.run()
            let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            return (process.terminationStatus, text)
        }
        #expect(try run(["--update-catalog"]).0 == 0)
        let listed = try run(["--list-catalog"]).1.components(separatedBy: "\n")
        for entry in try Self.catalog(name) {
            #expect(listed.contains { $0.hasPrefix(entry.id) && $0.contains(entry.subject) }, "\(entry.subject)")
        }
    }
}
