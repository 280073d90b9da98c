/// Swift source with its comments and string literals blanked, so that words and braces in it are code.
struct SwiftSource {
    let lines: [String]

    init(_ text: String) {
        lines = Self.blanked(text).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    struct Function {
        let name: String
        /// Line of its declaration, counted from 1.
        let line: Int
        /// Lines from its declaration to its closing brace, both included.
        let length: Int
    }

    /// Every function, initialiser and subscript with a body.
    func functions() -> [Function] {
        lines.indices.compactMap { index in
            guard let name = Self.declaredFunction(in: lines[index]) else { return nil }
            return end(ofBodyFrom: index).map { Function(name: name, line: index + 1, length: $0 - index + 1) }
        }
    }

    private static func declaredFunction(in line: String) -> String? {
        let words = line.split(whereSeparator: { $0 == " " || $0 == "(" || $0 == "<" || $0 == "{" || $0 == "?" })
        for (index, word) in words.enumerated() {
            switch word {
            case "func": return index + 1 < words.count ? String(words[index + 1]) : nil
            case "init", "deinit", "subscript":
                return line.contains(".init") || line.contains("= init") ? nil : String(word)
            case _ where word.hasPrefix("@") || word.hasSuffix(")") || Self.modifiers.contains(String(word)): continue
            default: return nil
            }
        }
        return nil
    }

    private static let modifiers: Set<String> = [
        "public", "private", "fileprivate", "internal", "package", "open", "static", "class", "final", "override",
        "mutating", "nonmutating", "consuming", "borrowing", "required", "convenience", "nonisolated", "isolated",
        "prefix", "postfix", "infix", "indirect", "set",
    ]

    /// The line of the brace that closes the first one opened outside parentheses; nil for a declaration without a body.
    private func end(ofBodyFrom start: Int) -> Int? {
        var braces = 0
        var parentheses = 0
        for index in start..<lines.count {
            for character in lines[index] {
                switch character {
                case "(", "[": parentheses += 1
                case ")", "]": parentheses -= 1
                case "{": braces += 1
                case "}":
                    braces -= 1
                    if braces == 0, parentheses == 0 { return index }
                    if braces < 0 { return nil }
                default: break
                }
            }
            let isBodiless = braces == 0 && parentheses == 0 && index + 1 < lines.count
            if isBodiless, !Self.continues(lines[index + 1]) { return nil }
        }
        return nil
    }

    private static func continues(_ line: String) -> Bool {
        let first = line.drop(while: { $0 == " " })
        return ["{", "->", "throws", "where", "async"].contains { first.hasPrefix($0) }
    }

    private enum Place {
        case code
        case lineComment
        case blockComment(depth: Int)
        /// A literal ends with this many quotation marks and number signs; with three marks it may span lines.
        case literal(quotes: Int, signs: Int)
    }

    private static func blanked(_ text: String) -> String {
        var result = ""
        var place = Place.code
        let source = Array(text)
        var at = 0
        while at < source.count {
            let (next, length, keep) = step(source, at, place)
            for character in source[at..<at + length] { result.append(keep || character == "\n" ? character : " ") }
            at += length
            place = next
        }
        return result
    }

    /// The place after the character(s) at `at`, how many those are, and whether they are code.
    private static func step(_ source: [Character], _ at: Int, _ place: Place) -> (Place, Int, Bool) {
        switch place {
        case .code: return stepInCode(source, at)
        case .lineComment: return (source[at] == "\n" ? .code : place, 1, false)
        case .blockComment(let depth):
            if starts(source, at, "*/") { return (depth == 1 ? .code : .blockComment(depth: depth - 1), 2, false) }
            if starts(source, at, "/*") { return (.blockComment(depth: depth + 1), 2, false) }
            return (place, 1, false)
        case .literal(let quotes, let signs):
            if source[at] == "\\", signs == 0, at + 1 < source.count { return (place, 2, false) }
            let closing = String(repeating: "\"", count: quotes) + String(repeating: "#", count: signs)
            if starts(source, at, closing) { return (.code, closing.count, false) }
            return (place, 1, false)
        }
    }

    private static func stepInCode(_ source: [Character], _ at: Int) -> (Place, Int, Bool) {
        if starts(source, at, "//") { return (.lineComment, 2, false) }
        if starts(source, at, "/*") { return (.blockComment(depth: 1), 2, false) }
        let signs = source[at...].prefix(while: { $0 == "#" }).count
        guard at + signs < source.count, source[at + signs] == "\"" else { return (.code, 1, true) }
        let quotes = starts(source, at + signs, "\"\"\"") ? 3 : 1
        return (.literal(quotes: quotes, signs: signs), signs + quotes, false)
    }

    private static func starts(_ source: [Character], _ at: Int, _ text: String) -> Bool {
        var index = at
        for character in text {
            guard index < source.count, source[index] == character else { return false }
            index += 1
        }
        return true
    }
}
