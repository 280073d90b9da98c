import Foundation
import Testing

/// The table in `Sources/README.md` is the golden file of the imports.
struct ImportTests {
    struct Row {
        let module: String
        let imports: Set<String>
        /// The row says `all`.
        let isAll: Bool
    }

    static func table() throws -> [Row] {
        let rows = try Tree.file("Sources/README.md").lines.filter { $0.hasPrefix("| `") }
            .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
        let modules = rows.map { $0[0].trimmingCharacters(in: ["`"]) }
        return rows.map { row in
            let names = row[2...].joined(separator: ",").split(separator: ",")
                .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " `")) }
                .filter { !$0.isEmpty && $0 != "–" }
            return Row(
                module: row[0].trimmingCharacters(in: ["`"]),
                imports: Set(names.flatMap { $0 == "all" ? modules : [$0] }), isAll: names.contains("all"))
        }
    }

    /// The module that an import line names, whatever stands before the word `import`.
    static func importedModule(_ line: String) -> String? {
        let words = line.split(separator: " ")
        guard let place = words.firstIndex(of: "import"), place + 1 < words.count,
            words[..<place].allSatisfy({ $0.hasPrefix("@") || ["public", "internal", "private"].contains($0) })
        else { return nil }
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        let name = words[(place + 1)...].first(where: { !kinds.contains($0) })
        return name?.split(separator: ".").first.map(String.init)
    }

    static func imports(of module: String) -> [String: String] {
        var found: [String: String] = [:]
        for file in Tree.sources where file.module == module {
            for line in file.code.lines {
                if let name = importedModule(line) { found[name] = file.path }
            }
        }
        return found
    }

    @Test func everyImportIsInTheTable() throws {
        let rows = try Self.table()
        #expect(rows.count >= 10)
        for row in rows {
            for (name, path) in Self.imports(of: row.module) where name != row.module {
                #expect(row.imports.contains(name), "\(path) imports \(name), which Sources/README.md does not allow")
            }
        }
    }

    @Test func theTableAllowsNothingThatNobodyImports() throws {
        for row in try Self.table() where !row.isAll {
            let unused = row.imports.subtracting(Self.imports(of: row.module).keys)
            #expect(unused.isEmpty, "\(row.module) does not import \(unused.sorted())")
        }
    }

    @Test func everyFolderOfSwiftSourcesIsInTheTable() throws {
        let known = Set(try Self.table().map(\.module))
        for module in Set(Tree.sources.map(\.module)).sorted() {
            #expect(known.contains(module), "Sources/README.md has no row for \(module)")
        }
    }

    @Test func foundationStaysOutOfTheProduct() {
        for file in Tree.sources {
            for line in file.code.lines {
                let name = Self.importedModule(line) ?? ""
                #expect(!name.hasPrefix("Foundation"), "\(file.path) imports \(name)")
            }
        }
    }

    @Test(arguments: [
        ("public import DICOM", "DICOM"), ("@testable import Spool", "Spool"), ("import struct Glibc.tm", "Glibc"),
        ("    important()", nil), ("let import = 1", nil), ("#if canImport(Glibc)", nil),
    ])
    func anImportLineIsRead(line: String, module: String?) {
        #expect(Self.importedModule(line) == module)
    }
}
