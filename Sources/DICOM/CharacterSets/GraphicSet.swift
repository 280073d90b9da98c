/// A set of graphic characters that ISO 2022 can put into the left (G0) or right (G1) half of the code table
/// (PS3.3 §C.12.1.1.2, tables C.12-3 and C.12-4).
enum GraphicSet: Hashable, Sendable {
    /// ISO-IR 6.
    case ascii
    /// JIS X 0201 (ISO-IR 14): ASCII but for the yen sign and the overline.
    case romaji
    /// JIS X 0201 (ISO-IR 13).
    case katakana
    /// ISO 8859-1 (ISO-IR 100).
    case latin1
    case singleByte(SingleByteTable)
    /// ISO-IR 87.
    case jisX0208
    /// ISO-IR 159.
    case jisX0212
    /// ISO-IR 149.
    case ksX1001
    /// ISO-IR 58.
    case gb2312

    private static let singleByteGrid = CharacterGrid(SingleByteTable.rows, columns: 96)
    private static let singleByteRows = Array(SingleByteTable.allCases)
    private static let jisX0208Grid = CharacterGrid(JISTable.x0208, columns: 94)
    private static let jisX0212Grid = CharacterGrid(JISTable.x0212, columns: 94)
    private static let ksX1001Grid = CharacterGrid(KSTable.x1001, columns: 94)

    var isTwoByte: Bool {
        switch self {
        case .ascii, .romaji, .katakana, .latin1, .singleByte: false
        case .jisX0208, .jisX0212, .ksX1001, .gb2312: true
        }
    }

    /// The sets that a defined term of (0008,0005) makes available, by its ISO registration number.
    static func sets(registration: Int) -> (g0: GraphicSet, g1: GraphicSet?)? {
        switch registration {
        case 6: (.ascii, nil)
        case 13, 14: (.romaji, .katakana)
        case 58: (.ascii, .gb2312)
        case 87: (.jisX0208, nil)
        case 100: (.ascii, .latin1)
        case 149: (.ascii, .ksX1001)
        case 159: (.jisX0212, nil)
        default: SingleByteTable(rawValue: registration).map { (.ascii, .singleByte($0)) }
        }
    }

    /// The character of a byte, its high bit ignored, in a single-byte set.
    func scalar(_ byte: UInt8) -> Unicode.Scalar? {
        let low = byte & 0x7F
        switch self {
        case .ascii: return Unicode.Scalar(low)
        case .romaji: return low == 0x5C ? "\u{A5}" : low == 0x7E ? "\u{203E}" : Unicode.Scalar(low)
        case .katakana: return (0x21...0x5F).contains(low) ? Unicode.Scalar(0xFF40 + UInt32(low)) : nil
        case .latin1: return low >= 0x20 ? Unicode.Scalar(0x80 | low) : nil
        case .singleByte(let table):
            guard low >= 0x20, let row = Self.singleByteRows.firstIndex(of: table) else { return nil }
            return Self.singleByteGrid[row, Int(low) - 0x20]
        case .jisX0208, .jisX0212, .ksX1001, .gb2312: return nil
        }
    }

    /// The character of two bytes, their high bits ignored, in a two-byte set.
    func scalar(_ first: UInt8, _ second: UInt8) -> Unicode.Scalar? {
        let row = Int(first & 0x7F) - 0x21
        let cell = Int(second & 0x7F) - 0x21
        switch self {
        case .jisX0208: return Self.jisX0208Grid[row, cell]
        case .jisX0212: return Self.jisX0212Grid[row, cell]
        case .ksX1001: return Self.ksX1001Grid[row, cell]
        case .gb2312: return (0..<94).contains(cell) ? GB18030.gb2312(first | 0x80, second | 0x80) : nil
        case .ascii, .romaji, .katakana, .latin1, .singleByte: return nil
        }
    }
}
