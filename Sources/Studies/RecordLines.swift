/// A record of lines, one value each. A value may hold anything: line feed and backslash are escaped.
struct RecordLines {
    private var lines: ArraySlice<Substring>

    // By scalars: as characters, carriage return and line feed are one.
    init(_ text: String) {
        let parts = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        lines = parts.map { Substring($0) }[...]
    }

    var isAtEnd: Bool { lines.isEmpty }

    mutating func next() -> String? { lines.popFirst().map(Self.unescaped) }

    mutating func nextInt64() -> Int64? { lines.popFirst().flatMap { Int64($0) } }

    mutating func nextInt() -> Int? { lines.popFirst().flatMap { Int($0) } }

    /// A number of lines that can follow.
    mutating func nextCount() -> Int? {
        guard let count = nextInt(), (0...lines.count).contains(count) else { return nil }
        return count
    }

    /// The next lines; nil when there are fewer.
    mutating func next(_ count: Int) -> [String]? {
        guard (0...lines.count).contains(count) else { return nil }
        defer { lines = lines.dropFirst(count) }
        return lines.prefix(count).map(Self.unescaped)
    }

    mutating func rest() -> [String] {
        defer { lines = [] }
        return lines.map(Self.unescaped)
    }

    static func joined(_ values: [String]) -> String { values.map(escaped).joined(separator: "\n") }

    private static func escaped(_ value: String) -> String {
        guard value.utf8.contains(where: { $0 == 0x0A || $0 == 0x5C }) else { return value }
        var text = String.UnicodeScalarView()
        for scalar in value.unicodeScalars {
            if scalar == "\n" || scalar == "\\" { text.append("\\") }
            text.append(scalar == "\n" ? "n" : scalar)
        }
        return String(text)
    }

    private static func unescaped(_ line: Substring) -> String {
        guard line.utf8.contains(0x5C) else { return String(line) }
        var text = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in line.unicodeScalars {
            if isEscaped {
                text.append(scalar == "n" ? "\n" : scalar)
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else {
                text.append(scalar)
            }
        }
        return String(text)
    }
}
