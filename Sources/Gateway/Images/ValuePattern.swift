/// A regular expression for the whole of a value.
struct ValuePattern: Sendable, Equatable {
    let text: String

    /// Nil where the text is no regular expression.
    init?(_ text: String) {
        guard (try? Regex(text)) != nil else { return nil }
        self.text = text
    }

    /// A pattern must not be made to work for ever: a longer value does not match.
    private static let longest = 256

    func matches(_ value: String) -> Bool {
        guard value.unicodeScalars.count <= Self.longest, let pattern = try? Regex(text) else { return false }
        return value.wholeMatch(of: pattern) != nil
    }
}
