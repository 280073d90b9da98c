/// A place in the bytes of a TOML document, and the steps that lead on from it.
struct TOMLCursor {
    private let bytes: [UInt8]
    private var offset = 0
    private var line = 1
    private var lineStart = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var place: TOMLNode.Place { TOMLNode.Place(line: line, column: offset - lineStart + 1) }
    var isAtEnd: Bool { offset >= bytes.count }
    var isAtLineEnd: Bool { isNext("\n") || isNext("\r\n") }

    /// What comes next, for a message.
    var next: String {
        guard let byte else { return "the end of the file" }
        guard !isAtLineEnd else { return "the end of the line" }
        guard byte >= 0x20, byte != 0x7F else { return "a control character" }
        let character = String(decoding: bytes[offset..<min(offset + 4, bytes.count)], as: UTF8.self).prefix(1)
        return "'\(character)'"
    }

    func fault(_ message: String) -> TOMLFault { TOMLFault(place: place, message: message) }

    private var byte: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    func isNext(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard count <= bytes.count - offset else { return false }
        return text.withUTF8Buffer { wanted in (0..<count).allSatisfy { bytes[offset + $0] == wanted[$0] } }
    }

    /// Steps over `text` if it comes next.
    mutating func take(_ text: StaticString) -> Bool {
        guard isNext(text) else { return false }
        advance(text.utf8CodeUnitCount)
        return true
    }

    private mutating func advance(_ count: Int = 1) {
        for _ in 0..<count where offset < bytes.count {
            offset += 1
            if bytes[offset - 1] == UInt8(ascii: "\n") {
                line += 1
                lineStart = offset
            }
        }
    }
}

// MARK: - What lies between values

extension TOMLCursor {
    mutating func skipBlanks() {
        while isNext(" ") || isNext("\t") { advance() }
    }

    mutating func skipLine() {
        while !isAtEnd, !isNext("\n") { advance() }
    }

    /// Blanks, ends of lines and comments that hold what a comment may.
    mutating func skipBlankLines() {
        while true {
            skipBlanks()
            if isAtLineEnd {
                advance(isNext("\n") ? 1 : 2)
            } else if isNext("#"), isCommentClean {
                skipLine()
            } else {
                return
            }
        }
    }

    mutating func skipBlankLinesAndComments() throws(TOMLFault) {
        skipBlankLines()
        if isNext("#") { try skipComment() }
    }

    mutating func skipComment() throws(TOMLFault) {
        while let byte, !isAtLineEnd {
            guard Self.isPrintable(byte) else { throw fault("a control character in a comment") }
            advance()
        }
    }

    private var isCommentClean: Bool {
        var probe = self
        return (try? probe.skipComment()) != nil
    }

    private static func isPrintable(_ byte: UInt8) -> Bool { byte == 0x09 || byte >= 0x20 && byte != 0x7F }
}

// MARK: - Words and strings

extension TOMLCursor {
    mutating func readBareKey() -> String {
        read { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
            default: false
            }
        }
    }

    /// A value without quotes; a date and a time with one space between them are one.
    mutating func readWord() -> String {
        let isPart = { (byte: UInt8) in byte > 0x20 && byte != 0x7F && !",[]{}#=\"'".utf8.contains(byte) }
        let word = read(while: isPart)
        guard TOMLScalar.isDate(word), isNext(" "), offset + 1 < bytes.count,
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[offset + 1])
        else { return word }
        advance()
        return word + " " + read(while: isPart)
    }

    private mutating func read(while isPart: (UInt8) -> Bool) -> String {
        let start = offset
        while let byte, isPart(byte) { advance() }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    /// `"with escapes"` or `'without'`, on one line.
    mutating func readLineString() throws(TOMLFault) -> String {
        let isBasic = take("\"")
        if !isBasic { _ = take("'") }
        var text: [UInt8] = []
        while let byte, !isAtLineEnd {
            if isBasic ? take("\"") : take("'") { return String(decoding: text, as: UTF8.self) }
            if isBasic, isNext("\\") {
                text += try readEscape()
            } else {
                guard Self.isPrintable(byte) else { throw fault("a control character in a text") }
                text.append(byte)
                advance()
            }
        }
        let quote = isBasic ? "a double quote" : "a single quote"
        throw fault("the text does not end: expected \(quote), not \(next)")
    }

    /// `"""` or `'''`; a line end right after the opening is no part of the text.
    mutating func readLongString() throws(TOMLFault) -> String {
        let opening = place
        let isBasic = take("\"\"\"")
        if !isBasic { _ = take("'''") }
        if isAtLineEnd { advance(isNext("\n") ? 1 : 2) }
        var text: [UInt8] = []
        while let byte {
            if isBasic ? isNext("\"\"\"") : isNext("'''") {
                // Up to two quotes may belong to the text: the last three close it.
                while isBasic ? isNext("\"\"\"\"") : isNext("''''") {
                    text.append(byte)
                    advance()
                }
                advance(3)
                return String(decoding: text, as: UTF8.self)
            }
            if isBasic, isNext("\\") {
                if !skipLineContinuation() { text += try readEscape() }
            } else {
                guard Self.isPrintable(byte) || isAtLineEnd || byte == UInt8(ascii: "\n") else {
                    throw fault("a control character in a text")
                }
                text.append(byte)
                advance()
            }
        }
        throw fault("the text that begins on line \(opening.line) does not end")
    }

    /// A backslash at the end of a line removes all white space up to the next text.
    private mutating func skipLineContinuation() -> Bool {
        var probe = self
        probe.advance()
        probe.skipBlanks()
        guard probe.isAtLineEnd else { return false }
        while probe.isNext(" ") || probe.isNext("\t") || probe.isAtLineEnd {
            probe.advance(probe.isNext("\r\n") ? 2 : 1)
        }
        self = probe
        return true
    }

    private mutating func readEscape() throws(TOMLFault) -> [UInt8] {
        let start = place
        advance()
        let letter = byte
        advance()
        switch letter {
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "\""): return [0x22]
        case UInt8(ascii: "\\"): return [0x5C]
        case UInt8(ascii: "u"): return try readScalar(digits: 4, from: start)
        case UInt8(ascii: "U"): return try readScalar(digits: 8, from: start)
        case _: throw TOMLFault(place: start, message: "no such escape; a backslash itself is written '\\\\'")
        }
    }

    private mutating func readScalar(digits: Int, from start: TOMLNode.Place) throws(TOMLFault) -> [UInt8] {
        let text = String(decoding: bytes[offset..<min(offset + digits, bytes.count)], as: UTF8.self)
        guard text.utf8.count == digits, text.allSatisfy(\.isHexDigit), let value = UInt32(text, radix: 16),
            let scalar = Unicode.Scalar(value)
        else { throw TOMLFault(place: start, message: "not a Unicode character") }
        advance(digits)
        return Array(String(Character(scalar)).utf8)
    }
}
