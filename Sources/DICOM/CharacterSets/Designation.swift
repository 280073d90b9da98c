/// An escape sequence that puts a set of characters into G0 or G1 (ISO 2022; PS3.3 tables C.12-3 and C.12-4).
struct Designation {
    enum Half {
        case g0
        case g1
    }

    let half: Half
    let set: GraphicSet
    /// Bytes after ESC.
    let length: Int

    /// Reads the bytes after ESC; nil when they are no sequence that DICOM knows.
    init?(_ bytes: ArraySlice<UInt8>) {
        let letters = bytes.prefix(3).map { Character(Unicode.Scalar($0)) }
        guard let first = letters.first, letters.count >= 2 else { return nil }
        switch (first, letters[1]) {
        case ("(", let final): self.init(.g0, Self.single(final), length: 2)
        case (")", let final): self.init(.g1, Self.single(final), length: 2)
        case ("-", let final): self.init(.g1, Self.single96(final), length: 2)
        case ("$", "("): self.init(.g0, letters.count > 2 ? Self.double(letters[2]) : nil, length: 3)
        case ("$", ")"): self.init(.g1, letters.count > 2 ? Self.double(letters[2]) : nil, length: 3)
        case ("$", let final): self.init(.g0, Self.double(final), length: 2)
        default: return nil
        }
    }

    private init?(_ half: Half, _ set: GraphicSet?, length: Int) {
        guard let set else { return nil }
        self.half = half
        self.set = set
        self.length = length
    }

    private static func single(_ final: Character) -> GraphicSet? {
        switch final {
        case "B": .ascii
        case "J": .romaji
        case "I": .katakana
        default: nil
        }
    }

    private static func single96(_ final: Character) -> GraphicSet? {
        switch final {
        case "A": .latin1
        case "B": .singleByte(.iso101)
        case "C": .singleByte(.iso109)
        case "D": .singleByte(.iso110)
        case "F": .singleByte(.iso126)
        case "G": .singleByte(.iso127)
        case "H": .singleByte(.iso138)
        case "L": .singleByte(.iso144)
        case "M": .singleByte(.iso148)
        case "T": .singleByte(.iso166)
        case "b": .singleByte(.iso203)
        default: nil
        }
    }

    private static func double(_ final: Character) -> GraphicSet? {
        switch final {
        case "@", "B": .jisX0208
        case "A": .gb2312
        case "C": .ksX1001
        case "D": .jisX0212
        default: nil
        }
    }
}
