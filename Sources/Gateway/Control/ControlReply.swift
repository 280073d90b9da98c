/// The answer to a command: a line with its exit code and the number of bytes that follow, then the text as it is to be
/// printed.
public struct ControlReply: Sendable, Equatable {
    /// The exit code of the command.
    public enum Code: Int, Sendable {
        case done = 0
        /// Something was found, or not all could be done.
        case finding = 1
        /// The command cannot be carried out as it was given.
        case refused = 2
    }

    public var code: Code
    /// For standard output; of a refusal, one sentence for standard error.
    public var text: String

    public init(code: Code, text: String) {
        self.code = code
        self.text = text
    }

    var bytes: [UInt8] { Array("\(code.rawValue) \(text.utf8.count)\n\(text)".utf8) }

    /// Nil: no such answer, or one that is cut.
    init?(bytes: [UInt8]) {
        guard let end = bytes.firstIndex(of: 0x0A) else { return nil }
        let head = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ").map { Int($0) }
        let text = bytes[(end + 1)...]
        guard head.count == 2, let code = head[0].flatMap(Code.init(rawValue:)), head[1] == text.count else {
            return nil
        }
        self.init(code: code, text: String(decoding: text, as: UTF8.self))
    }
}
