/// GB 18030, and with it GBK and GB 2312, of which it is a superset.
enum GB18030 {
    private static let twoByteGrid = CharacterGrid(GBTable.twoBytes, columns: 95)

    /// The character of a two-byte code: first byte 81 to FE, second 40 to 7E or 80 to FE.
    static func scalar(_ first: UInt8, _ second: UInt8) -> Unicode.Scalar? {
        guard (0x81...0xFE).contains(first), (0x40...0xFE).contains(second), second != 0x7F else { return nil }
        let row = Int(first) - 0x81
        let cell = Int(second) - (second < 0x7F ? 0x40 : 0x41)
        return twoByteGrid[row * 2 + cell / 95, cell % 95] ?? userDefined(first, second, cell: cell)
    }

    /// The user-defined areas AAA1-AFFE, F8A1-FEFE and A140-A7A0 are U+E000 to U+E765.
    private static func userDefined(_ first: UInt8, _ second: UInt8, cell: Int) -> Unicode.Scalar? {
        switch (first, second) {
        case (0xAA...0xAF, 0xA1...): Unicode.Scalar(UInt32(0xE000 + (Int(first) - 0xAA) * 94 + Int(second) - 0xA1))
        case (0xF8...0xFE, 0xA1...): Unicode.Scalar(UInt32(0xE234 + (Int(first) - 0xF8) * 94 + Int(second) - 0xA1))
        case (0xA1...0xA7, ...0xA0): Unicode.Scalar(UInt32(0xE4C6 + (Int(first) - 0xA1) * 96 + cell))
        default: nil
        }
    }

    /// The character of a four-byte code: bytes 81-FE, 30-39, 81-FE, 30-39.
    static func scalar(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) -> Unicode.Scalar? {
        let digits: ClosedRange<UInt8> = 0x30...0x39
        let leads: ClosedRange<UInt8> = 0x81...0xFE
        guard leads.contains(first), digits.contains(second), leads.contains(third), digits.contains(fourth) else {
            return nil
        }
        let high = (Int(first) - 0x81) * 10 + Int(second) - 0x30
        let number = (high * 126 + Int(third) - 0x81) * 10 + Int(fourth) - 0x30
        if number >= 189_000 { return Unicode.Scalar(UInt32(number - 189_000 + 0x10000)) }
        guard number < GBTable.fourByteEnd else { return nil }
        let after = GBTable.fourByteRanges.firstIndex { Int($0.number) > number } ?? GBTable.fourByteRanges.count
        let range = GBTable.fourByteRanges[after - 1]
        return Unicode.Scalar(UInt32(range.scalar) + UInt32(number - Int(range.number)))
    }

    /// The character of a GB 2312 code (both bytes A1 to FE). What only GBK has there is accepted too.
    static func gb2312(_ first: UInt8, _ second: UInt8) -> Unicode.Scalar? {
        switch (first, second) {
        case (0xA1, 0xA4): "\u{30FB}"
        case (0xA1, 0xAA): "\u{2015}"
        default: scalar(first, second).flatMap { (0xE000...0xF8FF).contains($0.value) ? nil : $0 }
        }
    }
}
