/// Wire bytes as a test writes them: one field per line, its meaning behind a `#`.
///
///     let pdu = hex("""
///         08 00 16 00   # SOP Class UID
///         'UI' 04 00
///         "1.2" 00
///         """)
///
/// Hex digits come in pairs, with or without spaces between; `'UI'` and `"1.2"` are the ASCII of what they enclose.
/// Anything else is a mistake in the test.
public func hex(_ text: String, file: StaticString = #fileID, line: UInt = #line) -> [UInt8] {
    var bytes: [UInt8] = []
    for row in text.split(separator: "\n") {
        var rest = Array(row.utf8)[...]
        while let first = rest.first, first != UInt8(ascii: "#") {
            rest.removeFirst()
            if first == 0x20 || first == 0x09 { continue }
            if first == UInt8(ascii: "'") || first == UInt8(ascii: "\"") {
                guard let end = rest.firstIndex(of: first) else {
                    preconditionFailure("no closing quote", file: file, line: line)
                }
                bytes.append(contentsOf: rest[..<end])
                rest = rest[(end + 1)...]
                continue
            }
            guard let high = digit(first), let second = rest.popFirst(), let low = digit(second) else {
                preconditionFailure("no hex: \(row)", file: file, line: line)
            }
            bytes.append(high << 4 | low)
        }
    }
    return bytes
}

private func digit(_ character: UInt8) -> UInt8? {
    switch character {
    case 0x30...0x39: character - 0x30
    case 0x41...0x46: character - 0x37
    case 0x61...0x66: character - 0x57
    default: nil
    }
}
