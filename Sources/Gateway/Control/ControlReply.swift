/// The answer to a command: an exit code in a line of its own, then the text as it is to be printed.
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

    var bytes: [UInt8] { Array("\(code.rawValue)\n\(text)".utf8) }

    /// Nil: no such answer; cut for instance.
    init?(bytes: [UInt8]) {
        guard let end = bytes.firstIndex(of: 0x0A),
            let code = Int(String(decoding: bytes[..<end], as: UTF8.self)).flatMap(Code.init(rawValue:))
        else { return nil }
        self.init(code: code, text: String(decoding: bytes[(end + 1)...], as: UTF8.self))
    }
}
