/// Reads tables that are kept in the source as one text of many lines.
enum PackedText {
    /// Where each line begins, in bytes.
    static func lineStarts(_ text: StaticString) -> [Int] {
        text.withUTF8Buffer { bytes in
            var starts: [Int] = bytes.isEmpty ? [] : [0]
            for position in bytes.indices where bytes[position] == UInt8(ascii: "\n") { starts.append(position + 1) }
            return starts
        }
    }

    /// The bytes from a position to an end mark or the end of the text.
    static func length(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, until end: UInt8) -> Int {
        var position = start
        while position < bytes.count, bytes[position] != end { position += 1 }
        return position - start
    }

    /// The text from a position to an end mark or the end of the text; nil when there is none.
    static func string(_ text: StaticString, from start: Int, until end: UInt8) -> String? {
        text.withUTF8Buffer { bytes in
            let length = length(bytes, from: start, until: end)
            return length == 0 ? nil : String(decoding: bytes[start..<start + length], as: UTF8.self)
        }
    }
}
