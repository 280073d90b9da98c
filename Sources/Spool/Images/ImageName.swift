/// The name of a file of ours: sixteen hexadecimal digits and what is in it. Nothing that a peer sends is part of it.
struct ImageName: Hashable {
    var number: Int64
    var isCompressed: Bool

    init(number: Int64, isCompressed: Bool) {
        self.number = number
        self.isCompressed = isCompressed
    }

    /// Nil: no file of ours.
    init?(_ text: String) {
        for isCompressed in [false, true] {
            let suffix = Self.suffix(isCompressed)
            guard text.hasSuffix(suffix), text.utf8.count == 16 + suffix.utf8.count else { continue }
            guard let number = Int64(text.prefix(16), radix: 16) else { return nil }
            self.init(number: number, isCompressed: isCompressed)
            if self.text == text { return }
        }
        return nil
    }

    var text: String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(0, 16 - digits.utf8.count)) + digits + Self.suffix(isCompressed)
    }

    private static func suffix(_ isCompressed: Bool) -> String { isCompressed ? ".dcm.zst" : ".dcm" }
}
