import Foundation

/// The checked-out tree: what the tests of this target read.
enum Tree {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every Swift file of the product, and of the tests, read once.
    static let sources = swiftFiles(under: "Sources")
    static let tests = swiftFiles(under: "Tests")

    private static func swiftFiles(under folder: String) -> [File] {
        files(under: folder).map { File(path: $0.path, text: $0.text, code: SwiftSource($0.text)) }
    }

    struct File {
        /// Path below the root of the tree.
        let path: String
        let text: String
        /// Its code, for the Swift files of `sources` and `tests`.
        var code = SwiftSource("")

        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        var lineCount: Int { text.count(where: { $0 == "\n" }) }
        var name: String { String(path.split(separator: "/").last ?? "") }
        /// The second part of the path: `DICOM` for `Sources/DICOM/Tag.swift`.
        var module: String { String(path.split(separator: "/")[1]) }
    }

    /// Files below a folder whose name ends as given, in order of their paths; hidden folders are left out.
    static func files(under folder: String, ending: String = ".swift") -> [File] {
        let base = root.appending(path: folder)
        let names = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(ending) && !$0.split(separator: "/").contains { $0.hasPrefix(".") } }
            .sorted()
            .compactMap { name in
                guard let text = try? String(contentsOf: base.appending(path: name), encoding: .utf8) else {
                    return nil
                }
                return File(path: folder.isEmpty ? name : folder + "/" + name, text: text)
            }
    }

    static func file(_ path: String) throws -> File {
        File(path: path, text: try String(contentsOf: root.appending(path: path), encoding: .utf8))
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }
}
