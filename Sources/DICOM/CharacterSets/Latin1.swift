/// Writes text in ISO_IR 100 (ISO 8859-1).
///
/// What ISO 8859-1 lacks is transliterated by `TransliterationTable` and reported: Latin letters lose the marks it cannot
/// compose (`ấ` â, `Ł` L, `Œ` OE), Cyrillic is written as in passports (ICAO Doc 9303 part 3), Greek words by the
/// letters of ISO 843; a single Greek letter is spelled (`α` alpha) and a single `μ` is the micro sign. What no table
/// has is an error: a question mark is written for nothing but a question mark.
public enum Latin1 {
    /// Text as ISO_IR 100, and what had to be written otherwise than it stood.
    public struct Encoded: Hashable, Sendable {
        public var bytes: [UInt8]
        /// In the order of the text.
        public var substitutions: [Substitution]
    }

    /// A character that ISO_IR 100 lacks, with its combining marks, and what was written for it; nothing for controls
    /// and invisible marks. Never a backslash, `^` or `=`, which are delimiters.
    public struct Substitution: Hashable, Sendable, CustomStringConvertible {
        public var original: String
        public var replacement: String

        public var description: String {
            let code = original.unicodeScalars.map(Latin1.codePoint).joined(separator: " ")
            return "\(original) (\(code)) → \(replacement.isEmpty ? "nothing" : replacement)"
        }
    }

    /// The text has characters that no table can write in Latin letters: Chinese, Hebrew, U+FFFD…
    public struct Unencodable: Error, Hashable, Sendable, CustomStringConvertible {
        /// Each once, in the order of the text.
        public var characters: [Unicode.Scalar]

        public var description: String {
            let list = characters.map { "\($0) (\(Latin1.codePoint($0)))" }.joined(separator: ", ")
            return "not in ISO_IR 100 and without a transliteration: \(list)"
        }
    }

    /// The bytes of a text in ISO_IR 100. Letters and combining marks that have a composed form there are written so,
    /// which is no substitution.
    public static func encode(_ text: String) throws(Unencodable) -> Encoded {
        if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) {
            return Encoded(bytes: Array(text.utf8), substitutions: [])
        }
        var encoder = Encoder(Array(text.unicodeScalars))
        encoder.run()
        guard encoder.missing.isEmpty else { throw Unencodable(characters: encoder.missing) }
        return Encoded(bytes: encoder.bytes, substitutions: encoder.substitutions)
    }

    /// `U+00E9`, as Unicode writes it.
    static func codePoint(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

extension Latin1 {
    /// Goes through a text character by character, each with the combining marks after it.
    private struct Encoder {
        let scalars: [Unicode.Scalar]
        var bytes: [UInt8] = []
        var substitutions: [Substitution] = []
        var missing: [Unicode.Scalar] = []

        init(_ scalars: [Unicode.Scalar]) {
            self.scalars = scalars
            bytes.reserveCapacity(scalars.count)
        }

        mutating func run() {
            var position = 0
            while position < scalars.count {
                let marks = scalars[(position + 1)...].prefix(while: Transliteration.isCombiningMark)
                take(position, marks)
                position = marks.endIndex
            }
        }

        private mutating func take(_ position: Int, _ marks: ArraySlice<Unicode.Scalar>) {
            let base = scalars[position]
            let before = position > 0 ? scalars[position - 1] : nil
            let after = marks.endIndex < scalars.count ? scalars[marks.endIndex] : nil
            guard let written = Transliteration.latin1(base, between: before, and: after) else {
                if !missing.contains(base) { missing.append(base) }
                return
            }
            let (letters, isExact) = Transliteration.compose(written, marks, base: base)
            bytes.append(contentsOf: letters.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
            if !isExact || written != String(base) {
                let original = String(String.UnicodeScalarView([base] + marks))
                substitutions.append(Substitution(original: original, replacement: letters))
            }
        }
    }
}
