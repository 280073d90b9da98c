import Spool

/// A part of every day, in local time: "20:00-06:00" goes over midnight. A window that lies in the hour that clocks skip
/// in spring is not there on that day; in autumn the hour that comes twice is in it twice.
public struct TimeWindow: Hashable, Sendable, CustomStringConvertible {
    private static let day = 24 * 60

    /// Minutes since midnight. What begins at `end` is outside.
    public let start: Int
    public let end: Int

    /// - Parameter text: "hh:mm-hh:mm"; "24:00" is the end of the day. Nil: it is none, or empty.
    public init?(_ text: String) {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(Self.minute)
        guard ends.count == 2, let start = ends[0], let end = ends[1], start < Self.day, start != end else {
            return nil
        }
        self.start = start
        self.end = end
    }

    private static func minute(_ text: Substring) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":") else { return nil }
        var digits: [Int] = []
        for place in [0, 1, 3, 4] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place]) else { return nil }
            digits.append(Int(bytes[place] - UInt8(ascii: "0")))
        }
        let (hour, minute) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
        guard minute < 60, hour < 24 || (hour, minute) == (24, 0) else { return nil }
        return hour * 60 + minute
    }

    /// - Parameter minute: since local midnight.
    func contains(_ minute: Int) -> Bool {
        start < end ? (start..<end).contains(minute) : minute >= start || minute < end
    }

    public var description: String { "\(Self.text(start))-\(Self.text(end))" }

    private static func text(_ minute: Int) -> String {
        let parts = [minute / 60, minute % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return parts.joined(separator: ":")
    }
}

/// When a destination may be sent to. Without windows: always.
struct SendingHours: Sendable {
    private static let minute: Int64 = 60_000

    let windows: [TimeWindow]
    let zone: LocalTime

    func isOpen(at time: Timestamp) -> Bool {
        if windows.isEmpty { return true }
        let minute = zone.minuteOfDay(time)
        return windows.contains { $0.contains(minute) }
    }

    /// The first whole minute after `time` at which it is open; nil: not within two days.
    func nextOpening(after time: Timestamp) -> Timestamp? {
        // Minute by minute, so that the hours that clocks skip or repeat need no rule of their own.
        var next = time.milliseconds - time.milliseconds % Self.minute
        for _ in 0..<(2 * 24 * 60) {
            let (sum, overflow) = next.addingReportingOverflow(Self.minute)
            if overflow { return nil }
            next = sum
            if isOpen(at: Timestamp(milliseconds: next)) { return Timestamp(milliseconds: next) }
        }
        return nil
    }
}
