import Glibc

/// Standard output for results, standard error for everything else.
enum Console {
    // Only the first thread prints: commands run on it, and a gateway's threads write their events elsewhere.
    nonisolated(unsafe) private static var buffer: [UInt8] = []

    static func print(_ text: String) {
        buffer += text.utf8
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count > 1 << 16 { flush() }
    }

    /// Bytes as they are, without a line end.
    static func write(_ bytes: [UInt8]) {
        flush()
        buffer = bytes
        flush()
    }

    /// A pipe that nobody reads ends the process by SIGPIPE, as it does every filter.
    static func flush() {
        guard !buffer.isEmpty else { return }
        if !writeAll(buffer, to: STDOUT_FILENO) {
            complain("kosgate: standard output: " + SystemError.text(errno))
            Glibc.exit(CommandFailure.Code.input.rawValue)
        }
        buffer.removeAll(keepingCapacity: true)
    }

    static func complain(_ text: String) { _ = writeAll(Array((text + "\n").utf8), to: STDERR_FILENO) }

    /// Without a line end, at once.
    static func show(_ text: String) { _ = writeAll(Array(text.utf8), to: STDERR_FILENO) }

    static func exit(_ code: CommandFailure.Code) -> Never {
        flush()
        Glibc.exit(code.rawValue)
    }

    /// Whether a person watches standard error.
    static var isWatched: Bool { isatty(STDERR_FILENO) == 1 }

    /// Characters of a line of the terminal that standard output is; nil: it is none.
    static var width: Int? {
        guard isatty(STDOUT_FILENO) == 1 else { return nil }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    static func writeAll(_ bytes: [UInt8], to file: Int32) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(file, $0.baseAddress.map { $0 + done }, bytes.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }
}

enum SystemError {
    /// What the system says of an error number.
    static func text(_ code: Int32) -> String { strerror(code).map { String(cString: $0) } ?? "error \(code)" }
}

/// Text of a peer's or a file's making, fit for a terminal: control characters stand as `\u{…}`.
enum Escaped {
    static func text(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return text.unicodeScalars.reduce(into: "") { line, scalar in
            line += isControl(scalar) ? "\\u{\(String(scalar.value, radix: 16))}" : String(Character(scalar))
        }
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
