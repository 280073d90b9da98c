/// A text value as Unicode, and what must be known of how it was read.
public struct DecodedText: Hashable, Sendable {
    /// The text. Where the bytes have no meaning in the character set in force it has U+FFFD: nothing vanishes.
    public var text: String
    /// How many U+FFFD stand for such bytes.
    public var losses: Int
    /// Why the text may not be what the sender meant.
    public var doubts: TextDoubts

    public init(text: String, losses: Int = 0, doubts: TextDoubts = []) {
        self.text = text
        self.losses = losses
        self.doubts = doubts
    }

    /// Read as declared, without any loss or doubt.
    public var isExact: Bool { losses == 0 && doubts.isEmpty }
}

/// Why a decoded text may not be what its sender meant.
public struct TextDoubts: OptionSet, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// No usable character set is declared; the bytes are valid UTF-8 and were read so.
    public static let undeclaredUTF8 = TextDoubts(rawValue: 1)
    /// No usable character set is declared and the bytes are not UTF-8; they were read as ISO_IR 100.
    public static let undeclaredLatin1 = TextDoubts(rawValue: 2)
    /// The bytes were read as declared, but they are valid UTF-8 too, which is hardly by chance.
    public static let looksLikeUTF8 = TextDoubts(rawValue: 4)
    /// An escape sequence called a character set that (0008,0005) does not declare; it was obeyed.
    public static let undeclaredEscape = TextDoubts(rawValue: 8)
    /// Bytes above 7F stand where no escape sequence called a set for them; the declared set was taken.
    public static let missingEscape = TextDoubts(rawValue: 16)

    private static let sentences: [(TextDoubts, String)] = [
        (.undeclaredUTF8, "no character set declared, read as UTF-8"),
        (.undeclaredLatin1, "no character set declared, read as ISO_IR 100"),
        (.looksLikeUTF8, "looks like UTF-8 although another character set is declared"),
        (.undeclaredEscape, "escape sequence of a character set that is not declared"),
        (.missingEscape, "escape sequence missing"),
    ]

    public var description: String {
        Self.sentences.filter { contains($0.0) }.map(\.1).joined(separator: "; ")
    }
}
