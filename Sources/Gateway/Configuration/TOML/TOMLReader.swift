/// Reads TOML 1.0 into nodes that know their place.
///
/// A fault costs its line: reading goes on with the next, so that all faults are known at once. Only a value over
/// several lines that does not end ends the reading.
struct TOMLReader {
    var cursor: TOMLCursor
    private let root = TOMLTableBuilder(origin: .header, place: TOMLNode.Place(line: 1, column: 1))
    private var faults: [TOMLFault] = []

    /// All that could be read of `text`, and every fault.
    static func read(_ text: String) -> (document: TOMLNode, faults: [TOMLFault]) {
        // Some editors begin UTF-8 with a byte order mark, which is no part of the text.
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let bytes = Array(text.utf8)
        var reader = TOMLReader(cursor: TOMLCursor(bytes.starts(with: mark) ? Array(bytes.dropFirst(3)) : bytes))
        reader.readDocument()
        return (reader.root.node, reader.faults)
    }

    private mutating func readDocument() {
        var table = root
        while true {
            cursor.skipBlankLines()
            guard !cursor.isAtEnd else { return }
            let line = cursor.place.line
            do {
                if cursor.isNext("[") { table = try readHeader() } else { try readPair(into: table) }
                try readLineEnd()
            } catch {
                faults.append(error)
                // In the middle of a value over several lines nobody knows where the next key begins.
                guard cursor.place.line == line else { return }
                cursor.skipLine()
            }
        }
    }

    private mutating func readLineEnd() throws(TOMLFault) {
        cursor.skipBlanks()
        if cursor.isNext("#") { try cursor.skipComment() }
        guard cursor.isAtEnd || cursor.isAtLineEnd else {
            throw cursor.fault("\(cursor.next) is one too many on this line")
        }
    }

    /// `[a.b]` or `[[a.b]]`: the table that the following lines fill.
    private mutating func readHeader() throws(TOMLFault) -> TOMLTableBuilder {
        let place = cursor.place
        let isArray = cursor.take("[[")
        if !isArray { _ = cursor.take("[") }
        let keys = try readKeys()
        guard cursor.take(isArray ? "]]" : "]") else {
            throw cursor.fault(
                "expected \(isArray ? "']]'" : "']'") at the end of the table's name, not \(cursor.next)")
        }
        return try root.open(keys, isArray: isArray, place: place)
    }

    /// `a.b = value`.
    mutating func readPair(into table: TOMLTableBuilder, depth: Int = 0) throws(TOMLFault) {
        let keys = try readKeys()
        guard cursor.take("=") else {
            throw cursor.fault("expected '=' after '\(keys.map(\.text).joined(separator: "."))', not \(cursor.next)")
        }
        cursor.skipBlanks()
        let value = try readValue(depth: depth)
        try table.define(keys, value: value)
    }

    private mutating func readKeys() throws(TOMLFault) -> [TOMLTableBuilder.Key] {
        var keys: [TOMLTableBuilder.Key] = []
        repeat {
            cursor.skipBlanks()
            let place = cursor.place
            if cursor.isNext("\"") || cursor.isNext("'") {
                keys.append(.init(text: try cursor.readLineString(), place: place))
            } else {
                let text = cursor.readBareKey()
                guard !text.isEmpty else { throw cursor.fault("expected a key, not \(cursor.next)") }
                keys.append(.init(text: text, place: place))
            }
            cursor.skipBlanks()
            guard keys.count <= Self.deepest else { throw cursor.fault("nested more than \(Self.deepest) deep") }
        } while cursor.take(".")
        return keys
    }
}

// MARK: - Values

extension TOMLReader {
    private static let deepest = 32

    private mutating func readValue(depth: Int) throws(TOMLFault) -> TOMLNode.Value {
        guard depth <= Self.deepest else { throw cursor.fault("nested more than \(Self.deepest) deep") }
        if cursor.isNext("[") { return .array(try readArray(depth: depth + 1)) }
        if cursor.isNext("{") { return try readInlineTable(depth: depth + 1) }
        if cursor.isNext("\"\"\"") || cursor.isNext("'''") { return .string(try cursor.readLongString()) }
        if cursor.isNext("\"") || cursor.isNext("'") { return .string(try cursor.readLineString()) }
        let place = cursor.place
        let word = cursor.readWord()
        guard !word.isEmpty else { throw cursor.fault("expected a value, not \(cursor.next)") }
        do {
            return try TOMLScalar.value(of: word)
        } catch {
            throw TOMLFault(place: place, message: error.message)
        }
    }

    private mutating func readArray(depth: Int) throws(TOMLFault) -> [TOMLNode] {
        _ = cursor.take("[")
        var elements: [TOMLNode] = []
        while true {
            try cursor.skipBlankLinesAndComments()
            if cursor.take("]") { return elements }
            let place = cursor.place
            elements.append(TOMLNode(value: try readValue(depth: depth), place: place))
            try cursor.skipBlankLinesAndComments()
            guard cursor.take(",") || cursor.isNext("]") else {
                throw cursor.fault("expected ',' or ']' in the array, not \(cursor.next)")
            }
        }
    }

    private mutating func readInlineTable(depth: Int) throws(TOMLFault) -> TOMLNode.Value {
        let table = TOMLTableBuilder(origin: .header, place: cursor.place)
        _ = cursor.take("{")
        cursor.skipBlanks()
        if cursor.take("}") { return table.node.value }
        while true {
            try readPair(into: table, depth: depth)
            cursor.skipBlanks()
            if cursor.take("}") { return table.node.value }
            guard cursor.take(",") else { throw cursor.fault("expected ',' or '}' in the table, not \(cursor.next)") }
        }
    }
}
