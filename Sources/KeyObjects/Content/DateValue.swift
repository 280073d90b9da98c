import DICOM

/// A DA value (PS3.5 §6.2); also reads YYYY.MM.DD, which ACR-NEMA allowed.
struct DateValue: Sendable, Equatable {
    let year: Int
    let month: Int
    let day: Int

    init?(_ text: String) {
        var bytes = Array(text.utf8)
        if bytes.count == 10, bytes[4] == 0x2E, bytes[7] == 0x2E {
            bytes.remove(at: 7)
            bytes.remove(at: 4)
        }
        guard bytes.count == 8, let number = Digits.value(bytes[...]) else { return nil }
        (year, month, day) = (number / 10_000, number / 100 % 100, number % 100)
        guard year >= 1, (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day) else {
            return nil
        }
    }

    /// YYYYMMDD.
    var text: String { Digits.text(year * 10_000 + month * 100 + day, width: 8) }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// A TM value (PS3.5 §6.2) to the second; also reads HH:MM:SS, which ACR-NEMA allowed.
struct TimeValue: Sendable, Equatable {
    let hour: Int
    let minute: Int
    let second: Int

    init?(_ text: String) {
        let whole = text.utf8.split(separator: 0x2E, maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = whole.first else { return nil }
        let digits = first.filter { $0 != 0x3A }
        guard [2, 4, 6].contains(digits.count), let number = Digits.value(digits[...]) else { return nil }
        let scaled = digits.count == 2 ? number * 10_000 : digits.count == 4 ? number * 100 : number
        (hour, minute, second) = (scaled / 10_000, scaled / 100 % 100, scaled % 100)
        guard hour < 24, minute < 60, second <= 60 else { return nil }
    }

    /// HHMMSS.
    var text: String { Digits.text(hour * 10_000 + minute * 100 + second, width: 6) }
}

/// A date with or without a time, small enough to be kept per instance; those without a time come first, none last.
struct EarliestDate: Sendable, Hashable, Comparable {
    private let packed: Int64

    static let none = EarliestDate(packed: .max)

    private init(packed: Int64) { self.packed = packed }

    init(_ date: DateValue, _ time: TimeValue?) {
        let day = date.year * 10_000 + date.month * 100 + date.day
        let second = time.map { $0.hour * 10_000 + $0.minute * 100 + $0.second + 1 } ?? 0
        packed = Int64(day) * 1_000_000 + Int64(second)
    }

    /// YYYYMMDD, and HHMMSS or empty.
    var texts: (date: String, time: String)? {
        guard self != .none else { return nil }
        let second = Int(packed % 1_000_000)
        return (
            Digits.text(Int(packed / 1_000_000), width: 8), second == 0 ? "" : Digits.text(second - 1, width: 6)
        )
    }

    static func < (a: EarliestDate, b: EarliestDate) -> Bool { a.packed < b.packed }
}

enum Digits {
    /// The number that nothing but decimal digits state; nil for no digit, another character or too many.
    static func value(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard (1...18).contains(bytes.count) else { return nil }
        var result = 0
        for byte in bytes {
            guard (0x30...0x39).contains(byte) else { return nil }
            result = result * 10 + Int(byte - 0x30)
        }
        return result
    }

    static func text(_ number: Int, width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// An ISO object identifier in dotted decimal.
enum OID {
    static func isValid(_ text: String) -> Bool { InstanceUID(text).isValid }
}
