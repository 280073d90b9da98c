/// The values that stand without quotes: booleans, numbers, dates and times.
enum TOMLScalar {
    struct Refusal: Error {
        var message: String
    }

    static func value(of word: String) throws(Refusal) -> TOMLNode.Value {
        if word == "true" || word == "false" { return .boolean(word == "true") }
        if isDate(String(word.prefix(10))) || isTime(word) { return .moment(word) }
        guard let first = word.utf8.first, isDigit(first) || "+-.in".utf8.contains(first) else { throw notAValue(word) }
        if let number = try integer(word) { return .integer(number) }
        if let number = float(word) { return .float(number) }
        throw notAValue(word)
    }

    /// `2026-01-31`.
    static func isDate(_ word: String) -> Bool {
        let bytes = Array(word.utf8)
        return bytes.count == 10
            && bytes.enumerated().allSatisfy { index, byte in
                index == 4 || index == 7 ? byte == UInt8(ascii: "-") : isDigit(byte)
            }
    }

    private static func isTime(_ word: String) -> Bool {
        let bytes = Array(word.utf8)
        return bytes.count >= 5 && isDigit(bytes[0]) && isDigit(bytes[1]) && bytes[2] == UInt8(ascii: ":")
    }

    private static func notAValue(_ word: String) -> Refusal {
        Refusal(message: "'\(word)' is not a value; a text must stand in quotes")
    }

    /// `nil` if `word` is no integer at all.
    private static func integer(_ word: String) throws(Refusal) -> Int? {
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where word.hasPrefix(prefix) {
            guard let digits = digits(word.dropFirst(2), radix: radix) else { throw notAValue(word) }
            guard let number = Int(digits, radix: radix) else { throw Refusal(message: "'\(word)' is too large") }
            return number
        }
        let unsigned = word.hasPrefix("+") || word.hasPrefix("-") ? word.dropFirst() : Substring(word)
        guard let digits = digits(unsigned, radix: 10) else { return nil }
        guard digits == "0" || !digits.hasPrefix("0") else {
            throw Refusal(message: "'\(word)' begins with a zero: a number must not, a text must stand in quotes")
        }
        guard let number = Int((word.hasPrefix("-") ? "-" : "") + digits) else {
            throw Refusal(message: "'\(word)' is too large")
        }
        return number
    }

    private static func float(_ word: String) -> Double? {
        let unsigned = word.hasPrefix("+") || word.hasPrefix("-") ? word.dropFirst() : Substring(word)
        let sign: Double = word.hasPrefix("-") ? -1 : 1
        if unsigned == "inf" { return sign * .infinity }
        if unsigned == "nan" { return .nan }
        let parts = unsigned.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
        let mantissa = parts[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let whole = digits(mantissa[0], radix: 10)
        guard let whole, whole == "0" || !whole.hasPrefix("0") else { return nil }
        var text = whole
        if mantissa.count == 2 {
            guard let fraction = digits(mantissa[1], radix: 10) else { return nil }
            text += "." + fraction
        }
        if parts.count == 2 {
            let exponent = parts[1].hasPrefix("+") || parts[1].hasPrefix("-") ? parts[1].dropFirst() : parts[1]
            guard let digits = digits(exponent, radix: 10) else { return nil }
            text += (parts[1].hasPrefix("-") ? "e-" : "e") + digits
        }
        return Double(text).map { sign * $0 }
    }

    /// Without the underscores, each of which must stand between two digits.
    private static func digits(_ text: Substring, radix: Int) -> String? {
        let groups = text.split(separator: "_", omittingEmptySubsequences: false)
        let isNumber = groups.allSatisfy { group in
            !group.isEmpty
                && group.utf8.allSatisfy { byte in
                    let character = Character(Unicode.Scalar(byte))
                    return byte < 0x80 && (character.hexDigitValue.map { $0 < radix } ?? false)
                }
        }
        return isNumber ? groups.joined() : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
