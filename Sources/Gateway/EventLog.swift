import Glibc

/// Writes operator events to standard error, a line each: with the time for a person, with the priority for journald.
///
/// Text of a peer's making is escaped, and a log that cannot be written stops nothing.
public struct EventLog: Sendable {
    private let isJournal: Bool

    public init() { isJournal = getenv("JOURNAL_STREAM") != nil }

    public func post(_ event: OperatorEvent) {
        let text = Self.escaped(event.description)
        let line = isJournal ? "<\(event.priority)>\(text)\n" : "\(Self.time()) \(Self.word(event.priority))\(text)\n"
        Array(line.utf8).withUnsafeBytes { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    private static func word(_ priority: Int) -> String {
        switch priority {
        case ...3: "error: "
        case 4: "warning: "
        case _: ""
        }
    }

    private static func time() -> String {
        var now = Glibc.time(nil)
        var parts = tm()
        localtime_r(&now, &parts)
        var text = [CChar](repeating: 0, count: 32)
        let count = strftime(&text, text.count, "%Y-%m-%d %H:%M:%S", &parts)
        return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return text.unicodeScalars.reduce(into: "") { line, scalar in
            line += isControl(scalar) ? "\\u{\(String(scalar.value, radix: 16))}" : String(Character(scalar))
        }
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
    }
}
