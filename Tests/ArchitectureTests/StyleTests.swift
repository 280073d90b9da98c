import Foundation
import Testing

/// Rules of the house that a machine can check.
struct StyleTests {

    @Test func librariesDoNotPrint() {
        for file in Tree.sources where file.module != "kosgate" {
            for (number, line) in file.code.lines.enumerated() {
                let firstWord = line.split(separator: " ").first ?? ""
                #expect(
                    !firstWord.hasPrefix("print(") && !firstWord.hasPrefix("debugPrint("),
                    "\(file.path):\(number + 1) prints")
            }
        }
    }

    @Test func headingsOfScriptsAreBoldInATerminalAlone() throws {
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/bash")
        shell.arguments = ["-c", ". Tests/tools.sh; heading Words of a heading"]
        shell.currentDirectoryURL = Tree.root
        let pipe = Pipe()
        shell.standardOutput = pipe
        try shell.run()
        #expect(
            String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) == "\nWords of a heading\n"
        )
        shell.waitUntilExit()
        for script in ["image/try", "Tests/run"] {
            #expect(try !Tree.file(script).text.contains("\\033"), "\(script) has headings of its own")
        }
    }

    /// What the compiler no longer proves is proved in a comment, beside it or right above it.
    @Test(arguments: ["try!", "@unchecked Sendable", "nonisolated(unsafe)", "unowned(unsafe)"])
    func whatIsUncheckedSaysWhy(word: String) {
        for file in Tree.sources {
            let code = file.code.lines
            let lines = file.lines
            for index in code.indices where code[index].contains(word) {
                let above = lines[..<index].reversed().first { !$0.allSatisfy { $0 == " " } } ?? ""
                let isProved = lines[index].contains("//") || above.contains("//")
                #expect(isProved, "\(file.path):\(index + 1): \(word) without a comment that proves it")
            }
        }
    }

    /// A type, or the last word of the types of a family: `ContentFacts` for `StudyFacts` and `RequestFacts`.
    @Test func aFileIsNamedForWhatItHolds() {
        for file in Tree.sources where !["main.swift", "shim.h"].contains(file.name) {
            let name = file.name.dropLast(".swift".count).split(separator: "+")[0]
            let last = name.lastIndex(where: \.isUppercase).map { name[$0...] } ?? name
            let words = ["struct", "class", "enum", "actor", "protocol", "extension", "typealias"]
            let isDeclared = file.code.lines.contains { line in
                let parts = line.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") })
                return zip(parts, parts.dropFirst()).contains {
                    words.contains(String($0)) && ($1.contains(name) || $1.hasSuffix(last))
                }
            }
            let isModule = name == file.module
            #expect(isDeclared || isModule, "\(file.path) declares nothing named …\(last)")
        }
    }

    @Test func noNameIsEmptyOfMeaning() {
        let empty = [
            "Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Base", "Impl", "Core", "Extras", "Misc",
        ]
        for file in Tree.sources {
            for part in file.path.split(whereSeparator: { "/.+".contains($0) }) {
                #expect(!empty.contains { part.hasSuffix($0) }, "\(file.path): \(part)")
            }
        }
    }

    @Test func noTestSleeps() {
        for file in Tree.tests {
            for (number, line) in file.code.lines.enumerated() {
                let sleeps = ["Task.sleep", "Thread.sleep", "usleep(", "nanosleep(", " sleep("].contains(
                    where: line.contains)
                #expect(!sleeps, "\(file.path):\(number + 1) sleeps")
            }
        }
    }

    /// A path of one machine has no business in the tree.
    @Test func noPathOfAMachineIsInTheTree() {
        let places = ["/work" + "/", "/tmp/k" + "/", "/root" + "/", "/ho" + "me/"]
        let files = ["Sources", "Tests", "image", "config", "docs", ".ci"].flatMap { Tree.files(under: $0, ending: "") }
        let top = ["README.md", "Package.swift"].compactMap { try? Tree.file($0) }
        for file in files + top {
            for place in places { #expect(!file.text.contains(place), "\(file.path) holds \(place)") }
        }
    }

    /// `[text](path)` in a document leads to a file of the tree.
    @Test func everyLinkInADocumentLeadsSomewhere() throws {
        let documents = ["README.md", "Sources/README.md", "Tests/README.md"].compactMap { try? Tree.file($0) }
        for file in documents + Tree.files(under: "docs", ending: ".md") {
            let folder = file.path.split(separator: "/").dropLast().joined(separator: "/")
            for link in file.text.matches(of: /\]\(([^)#\s]+)[^)]*\)/).map({ String($0.1) }) {
                guard !link.contains("://"), !link.hasPrefix("mailto:") else { continue }
                let path = folder.isEmpty ? link : folder + "/" + link
                #expect(Tree.exists(path), "\(file.path) links to \(link), which is not there")
            }
        }
    }
}
