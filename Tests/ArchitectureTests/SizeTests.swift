import Testing

/// Sizes of files and functions. Tables that are compared with a standard may be of any length.
struct SizeTests {
    static let tables: Set<String> = [
        "Sources/DICOM/Dictionary/ElementTable.swift", "Sources/DICOM/Dictionary/UIDTable.swift",
    ]

    static let sources = Tree.sources.filter { !tables.contains($0.path) }

    @Test func noFileIsLong() {
        for file in Self.sources + Tree.tests {
            #expect(file.lineCount <= 400, "\(file.path) has \(file.lineCount) lines")
        }
    }

    @Test func theTablesExist() {
        for path in Self.tables { #expect(Tree.exists(path), "\(path) is listed as a table but is not there") }
    }

    @Test func halfOfTheFilesAreShort() {
        let sizes = Self.sources.map(\.lineCount).sorted()
        #expect(sizes[sizes.count / 2] <= 120)
    }

    @Test func noFunctionIsLong() {
        for file in Self.sources {
            for function in file.code.functions() where function.length > 60 {
                Issue.record("\(file.path):\(function.line): \(function.name) has \(function.length) lines")
            }
        }
    }

    @Test func nearlyAllFunctionsAreShort() {
        let lengths = Self.sources.flatMap { $0.code.functions() }.map(\.length).sorted()
        #expect(lengths[lengths.count * 95 / 100] <= 30)
    }

    @Test func functionsAreMeasuredToTheirClosingBrace() {
        let source = SwiftSource(
            #"""
            struct S {
                public init(_ text: String = "}") {
                    // a brace in a comment: }
                    let a = "{" + """
                        }}
                        """
                }
                func none()
                func long(
                    a: Int = { 1 }()
                ) -> Int {
                    if a > 1 { return 2 }
                    return a
                }
                var x: Int { 3 }
            }
            """#)
        let functions = source.functions()
        #expect(functions.map(\.name) == ["init", "long"])
        #expect(functions.map(\.length) == [6, 6])
        #expect(functions.map(\.line) == [2, 9])
    }
}
