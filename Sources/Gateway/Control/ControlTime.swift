import Glibc
import Spool

/// Points in time as commands write and read them.
enum ControlTime {
    /// Local, for people: `2026-03-01 09:30:00`.
    static func text(_ time: Timestamp?) -> String {
        guard let time else { return "–" }
        return formatted(time, "%Y-%m-%d %H:%M:%S", localtime_r)
    }

    /// Of a time that is exact to a minute: `2026-03-01 09:30`.
    static func minute(_ time: Timestamp?) -> String {
        guard let time else { return "–" }
        return formatted(time, "%Y-%m-%d %H:%M", localtime_r)
    }

    /// For machines (RFC 3339): `2026-03-01T08:30:00Z`; null where it is not known.
    static func json(_ time: Timestamp?) -> JSONText {
        guard let time else { return .null }
        return .string(formatted(time, "%Y-%m-%dT%H:%M:%SZ", gmtime_r))
    }

    /// A length of time in its two largest units: `45 s`, `3 min 5 s`, `2 d 4 h`.
    static func span(_ duration: Duration) -> String {
        let total = max(0, duration.components.seconds)
        let units: [(length: Int64, name: String)] = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")]
        guard let first = units.firstIndex(where: { total >= $0.length }) else { return "0 s" }
        let parts = units[first..<min(first + 2, units.count)].enumerated().map { place, unit in
            (total / unit.length % (place == 0 ? .max : units[first].length / unit.length), unit.name)
        }
        return parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: " ")
    }

    /// How long ago.
    static func age(_ time: Timestamp?, now: Timestamp) -> String {
        guard let time else { return "–" }
        let (milliseconds, overflow) = now.milliseconds.subtractingReportingOverflow(time.milliseconds)
        return overflow ? "–" : span(.milliseconds(milliseconds))
    }

    private static func formatted(
        _ time: Timestamp, _ format: String,
        _ split: (UnsafePointer<time_t>, UnsafeMutablePointer<tm>) -> UnsafeMutablePointer<tm>?
    ) -> String {
        // Towards the past, before 1970 too.
        var seconds = time_t((Double(time.milliseconds) / 1000).rounded(.down))
        var parts = tm()
        guard split(&seconds, &parts) != nil else { return "–" }
        var text = [CChar](repeating: 0, count: 64)
        let count = strftime(&text, text.count, format, &parts)
        return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// An age (`90s`, `45m`, `12h`, `3d`), a date, or a date with a local time (`2026-03-01 09:30`, or with a `T`).
    /// - Returns: nil for any other text.
    static func since(_ text: String, now: Timestamp) -> Timestamp? {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
        if let unit = text.last.flatMap({ units[$0] }), let number = Int64(text.dropLast()), number >= 0 {
            let (milliseconds, overflow) = number.multipliedReportingOverflow(by: unit * 1000)
            return overflow ? nil : Timestamp(milliseconds: now.milliseconds - milliseconds)
        }
        let numbers = text.split(whereSeparator: { "-T :".contains($0) }).map { Int32($0) }
        let shape = text.map { $0.isASCII && $0.isNumber ? "9" : String($0) }.joined().replacing("T", with: " ")
        let shapes = ["9999-99-99", "9999-99-99 99:99", "9999-99-99 99:99:99"]
        guard shapes.contains(shape), !numbers.contains(nil) else { return nil }
        let given = numbers.compactMap { $0 } + [0, 0, 0]
        guard (1...12).contains(given[1]), (1...31).contains(given[2]), given[3] < 24, given[4] < 60, given[5] < 60
        else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (given[0] - 1900, given[1] - 1, given[2])
        (parts.tm_hour, parts.tm_min, parts.tm_sec, parts.tm_isdst) = (given[3], given[4], given[5], -1)
        return Timestamp(milliseconds: Int64(mktime(&parts)) * 1000)
    }
}
