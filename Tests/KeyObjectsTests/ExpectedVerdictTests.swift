import Foundation
import Testing

@testable import KeyObjects

/// The reference documents of the shared ground, each with the verdict that the judge must give.
struct ExpectedVerdictTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let file: String
        let profile: String
        let verdict: String
        var testDescription: String { "\(file) under \(profile): \(verdict)" }
    }

    static let folder: URL = {
        let shared = ProcessInfo.processInfo.environment["KOSGATE_SHARED"].map { URL(fileURLWithPath: $0) }
        let beside = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../shared")
        return (shared ?? beside).appendingPathComponent("kos")
    }()

    static let rows: [Row] = {
        guard let table = try? String(contentsOf: folder.appendingPathComponent("expected.tsv"), encoding: .utf8) else {
            return []
        }
        return table.split(separator: "\n").dropFirst().flatMap { line -> [Row] in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard cells.count > 2 else { return [] }
            return [
                Row(file: cells[0], profile: "maincare", verdict: cells[1]),
                Row(file: cells[0], profile: "xds-i", verdict: cells[2]),
            ].filter { $0.verdict != "-" }
        }
    }()

    @Test(
        .enabled(if: !rows.isEmpty, "no reference documents: set KOSGATE_SHARED to the folder that has kos/"),
        arguments: rows)
    func theJudgeGivesTheExpectedVerdict(_ row: Row) throws {
        let profile = try #require(ManifestProfile.named(row.profile))
        let bytes = [UInt8](try Data(contentsOf: Self.folder.appendingPathComponent(row.file)))
        let findings = try Judgement(file: bytes, profile: profile).findings
        let verdict =
            findings.contains { $0.severity == .error } ? "error" : findings.isEmpty ? "clean" : "warning"
        #expect(verdict == row.verdict, "\(findings.map { "\($0.severity) \($0.path) \($0.reason)" })")
    }
}
