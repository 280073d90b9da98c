import Foundation
import Testing

/// `Tests/Catalogue.md` names the tests of every case of the robustness catalogue, and they exist.
struct CatalogueTests {
    struct Row {
        /// 0: it has none.
        let number: Int
        /// What stands in the last column.
        let tests: Substring

        /// Every name in backticks, under the file in backticks before it.
        var names: [(file: String, name: String)] {
            var file = ""
            var names: [(String, String)] = []
            for part in tests.matches(of: /`([^`]+)`/).map({ String($0.1) }) {
                if part.contains("/") { file = "Tests/" + part } else { names.append((file, part)) }
            }
            return names
        }
    }

    static func rows() throws -> [Row] {
        try Tree.file("Tests/Catalogue.md").lines.compactMap { line in
            let cells = line.split(separator: "|")
            guard cells.count == 3, let number = Int(cells[0].trimmingCharacters(in: .whitespaces)) else { return nil }
            return Row(number: number, tests: cells[2])
        }
    }

    /// What a destination of images may do: a table of two columns.
    static func destinationRows() throws -> [Row] {
        try Tree.file("Tests/Catalogue.md").lines.compactMap { line in
            let cells = line.split(separator: "|")
            return cells.count == 2 && cells[1].contains("`") ? Row(number: 0, tests: cells[1]) : nil
        }
    }

    @Test func everyCaseIsThereOnce() throws {
        #expect(try Self.rows().map(\.number) == Array(1...50))
    }

    @Test func everyCaseHasATestOrAReason() throws {
        for row in try Self.rows() {
            #expect(!row.names.isEmpty || row.tests.contains("No test: "), "case \(row.number)")
        }
    }

    @Test func everyTestThatIsNamedExists() throws {
        let destinations = try Self.destinationRows()
        #expect(destinations.count > 3)
        for row in try Self.rows() + destinations {
            for (file, name) in row.names {
                let text = try #require(try? Tree.file(file).text, "case \(row.number): \(file) is not there")
                let words = file.hasSuffix(".py") ? ["def ", "class "] : ["func "]
                #expect(
                    words.contains { text.contains($0 + name + "(") }, "case \(row.number): no \(name) in \(file)")
            }
        }
    }

    /// The rude peers say themselves which case they are.
    @Test func everyRudePeerIsUnderItsCase() throws {
        let rows = try Self.rows()
        let rude = try Tree.file("Tests/FaultTests/rude.py").text
        let peers = rude.matches(of: /def (\w+)\(port\):\n +"{3}[^"]*\(cases? ([0-9, ]+)\)"{3}/)
        #expect(peers.count > 20)
        for peer in peers {
            for number in peer.2.split(whereSeparator: { ", ".contains($0) }).compactMap({ Int($0) }) {
                let names = rows.first { $0.number == number }?.names.map(\.name) ?? []
                #expect(names.contains(String(peer.1)), "case \(number) does not name \(peer.1)")
            }
        }
    }

    /// Case 48: what waits, waits by the monotonic clock. These state a date, and wait for nothing.
    @Test func onlyWhatIsWrittenDownReadsTheWallClock() {
        let readers = Tree.sources.filter { file in
            ["CLOCK_REALTIME", "time(nil)", "gettimeofday", "ContinuousClock", "SystemClock"].contains(
                where: file.text.contains)
        }
        #expect(
            readers.map(\.path) == [
                "Sources/Gateway/Events/EventLog.swift", "Sources/Gateway/LocalZone.swift",
                "Sources/Spool/Timestamp+Now.swift", "Sources/kosgate/ManifestOutput.swift",
            ])
        for file in Tree.sources where file.module == "Studies" {
            #expect(!file.text.contains("Timestamp"), "\(file.path)")
        }
    }
}
