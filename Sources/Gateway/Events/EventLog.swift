import Glibc
import Host
import Threads

/// Writes operator events to standard error, a line each: with the time for a person, with the priority for journald.
///
/// Text of a peer's making is escaped, and a log that cannot be written stops nothing: events that nobody reads are lost,
/// and their number is told as soon as somebody does.
public struct EventLog: Sendable {
    /// A pipe that has room has room for so many bytes (POSIX PIPE_BUF); a longer line could wait for a reader.
    private static let longestLine = 4096

    private let descriptor: Int32
    private let isJournal: Bool
    private let lost = Monitor(0)

    public init() { self.init(descriptor: STDERR_FILENO) }

    init(descriptor: Int32) {
        self.descriptor = descriptor
        isJournal = Journal.reads(descriptor)
    }

    public func post(_ event: OperatorEvent) { post(event.record) }

    public func post(_ record: EventRecord) {
        let line = line(record.message, priority: record.priority)
        lost.withLock { lost in
            if lost > 0, isReady {
                write(self.line("\(lost) events could not be logged: nobody read them", priority: 4))
                lost = 0
            }
            guard isReady else { return lost += 1 }
            write(line)
        }
    }

    private func line(_ text: String, priority: Int) -> String {
        isJournal ? "<\(priority)>\(text)\n" : "\(Self.time()) \(Self.word(priority))\(text)\n"
    }

    /// Whether a line can be written without a wait; so too where writing fails at once.
    private var isReady: Bool {
        var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&polled, 1, 0) > 0
    }

    private func write(_ line: String) {
        var bytes = Array(line.utf8)
        if bytes.count > Self.longestLine { bytes = bytes[..<(Self.longestLine - 4)] + Array("...\n".utf8) }
        bytes.withUnsafeBytes { _ = Glibc.write(descriptor, $0.baseAddress, $0.count) }
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
