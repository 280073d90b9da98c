/// A command as it travels to the running gateway: the number of its bytes (32 bits, big endian), then words joined by
/// NUL: the command's name, then `NAME=VALUE` for each argument.
public struct ControlRequest: Sendable, Equatable {
    public enum Format: String, Sendable, CaseIterable {
        case text
        case json
    }

    /// Bytes after their number.
    static let limit = 64 << 10

    public var command: OperatorCommand
    public var format = Format.text
    /// Characters of the terminal's line; nil: no terminal.
    public var width: Int?
    /// The operator wants patients named, whatever the configuration says.
    public var showsIdentity = false
    /// For commands that change something.
    public var why: String?

    public init(_ command: OperatorCommand) { self.command = command }

    var bytes: [UInt8] {
        let (name, arguments) = command.words
        var words = [name] + arguments.map { "\($0.name)=\($0.value)" }
        words.append("format=\(format.rawValue)")
        if let width { words.append("width=\(width)") }
        if showsIdentity { words.append("identity=true") }
        if let why { words.append("why=\(why)") }
        let body = Array(words.joined(separator: "\0").utf8)
        return withUnsafeBytes(of: UInt32(clamping: body.count).bigEndian, Array.init) + body
    }

    /// - Parameter body: without the number of its bytes.
    init(body: [UInt8]) throws(OperatorRefusal) {
        guard let text = String(validating: body, as: UTF8.self) else {
            throw OperatorRefusal("the request is no UTF-8 text")
        }
        var parts = text.split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
        let name = parts.removeFirst()
        var words = try RequestWords(parts)
        format = try words.choice("format")
        let width: Int? = try words.optional("width").flatMap { Int($0) }
        self.width = width.map { min(max($0, 1), 10_000) }
        showsIdentity = try words.truth("identity")
        why = try words.optional("why")
        command = try OperatorCommand(name: name, &words)
        try words.finish()
        try checkWhy()
    }

    private func checkWhy() throws(OperatorRefusal) {
        guard command.isChange else { return }
        guard let why, why.contains(where: { !$0.isWhitespace }) else {
            throw OperatorRefusal("say why, with --why: it is kept in the study's history")
        }
        guard why.count <= 1000, TOMLText.visible(why) == why else {
            throw OperatorRefusal("--why takes one line of 1000 characters at most")
        }
    }
}
