import Foundation
import KeyObjects
import Testing

@testable import Gateway

/// `config/kosgate.toml`, the reader's table and the code's defaults say the same.
struct ConfigurationReferenceTests {
    private let reference: ReferenceFile
    private let root: URL

    init() throws {
        root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        reference = try ReferenceFile(
            String(contentsOf: root.appendingPathComponent("config/kosgate.toml"), encoding: .utf8))
    }

    @Test func theReferenceAsItStandsIsTheDefault() throws {
        let loaded = try Configuration.parse(reference.text, file: "kosgate.toml")
        #expect(loaded.configuration == Configuration())
        #expect(loaded.remarks == [])
    }

    @Test func theExampleOfAnImageDestinationIsTaken() throws {
        let readme = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
        let lines = readme.split(separator: "\n", omittingEmptySubsequences: false)
        let example = lines.drop { $0 != "    [[image_destination]]" }.prefix { $0.isEmpty || $0.hasPrefix("    ") }
        let loaded = try Configuration.parse(example.joined(separator: "\n"), file: "README.md")
        #expect(loaded.configuration.imageDestinations.map(\.name) == ["telemedicine"])
        #expect(loaded.configuration.imageDestinations.first?.rules.first?.modalities == ["CT", "MR"])
    }

    @Test func theReferenceDocumentsEveryKeyAndNoOther() throws {
        var expected: Set<String> = []
        forEachMember { path, _, _ in expected.insert(path) }
        #expect(Set(reference.comments.keys) == expected)
    }

    @Test func everyDocumentedDefaultIsTheCodesDefault() throws {
        var count = 0
        forEachMember { path, member, table in
            guard member.members.isEmpty else { return }
            let comment = reference.comments[path] ?? ""
            if let standard = member.standard {
                #expect(reference.values[path] == standard, "\(path)")
                #expect(!comment.contains("o default"), "\(path) has a default")
            } else {
                #expect(comment.contains("o default") || comment.contains("Must be given"), "\(path)")
            }
            count += 1
        }
        #expect(count > 60)
    }

    @Test func everyRangeAndChoiceIsDocumented() throws {
        forEachMember { path, member, _ in
            let comment = (reference.comments[path] ?? "").replacing("\"", with: "")
            guard !comment.contains("As in [") else { return }
            if let range = member.expects.split(separator: " from ").last, member.expects.contains(" from ") {
                #expect(comment.contains(range), "\(path): \(range)")
            }
            if member.expects.hasPrefix("\"") || member.expects.hasPrefix("one of") {
                for choice in member.expects.split(separator: "\"").enumerated() where choice.offset % 2 == 1 {
                    guard choice.element != ", ", choice.element != " or " else { continue }
                    #expect(comment.contains(choice.element), "\(path): \(choice.element)")
                }
            }
        }
    }

    @Test func everyExampleIsValid() throws {
        let error = #expect(throws: ConfigurationError.self) {
            try Configuration.parse(reference.uncommented, file: "kosgate.toml")
        }
        let messages = error?.faults.map(\.message) ?? []
        #expect(messages.count == 1)
        #expect(messages.first?.contains("exclude each other") == true, "\(messages)")
    }

    @Test func everyProfileIsAChoice() {
        #expect(ManifestProfile.all.map(\.name) == ["maincare", "xds-i"])
    }

    private func forEachMember(_ body: (String, ConfigurationMember, String) -> Void) {
        func visit(_ members: [ConfigurationMember], _ table: String) {
            for member in members {
                let path = table.isEmpty ? member.name : "\(table).\(member.name)"
                body(path, member, table)
                visit(member.members, path)
            }
        }
        visit(ConfigurationSchema.document.map { $0.member(of: Configuration()) }, "")
    }
}

/// The reference file, taken apart line by line (not by the reader that it documents).
private struct ReferenceFile {
    let text: String
    /// With every key and table in force.
    var uncommented = ""
    /// The comment above each key and table, by path.
    var comments: [String: String] = [:]
    var values: [String: String] = [:]

    init(_ text: String) throws {
        self.text = text
        var table = ""
        var comment: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let bare = line.hasPrefix("#") ? line.dropFirst() : line
            if let match = bare.wholeMatch(of: /\[+([a-z_.]+)\]+/) {
                table = String(match.1)
                comments[table] = comment.joined(separator: " ")
                uncommented += bare + "\n"
                comment = []
            } else if let match = bare.wholeMatch(of: /([a-z_]+) = (.*)/) {
                let path = "\(table).\(match.1)"
                try #require(comments[path] == nil, "\(path) stands twice")
                comments[path] = comment.joined(separator: " ")
                values[path] = String(match.2)
                uncommented += bare + "\n"
                comment = []
            } else {
                comment = line.isEmpty ? [] : comment + [line.dropFirst().trimmingCharacters(in: .whitespaces)]
            }
        }
    }
}
