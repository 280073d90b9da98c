/// What tells one version of a study's manifest from the next; fixed once, so that a retry is the same bytes.
public struct ManifestIdentity: Sendable, Hashable, Codable {
    public let sopInstanceUID: String
    /// One Key Object series per source, study, patient and profile, the same for every version.
    public let seriesInstanceUID: String
    /// 1, 2, 3… per version.
    public let instanceNumber: Int
    /// Seconds since 1970-01-01T00:00:00Z of Content Date and Time.
    public let contentInstant: Int64
    /// Minutes east of UTC in which all dates of the manifest are stated.
    public let timezoneOffset: Int

    public init(
        sopInstanceUID: String, seriesInstanceUID: String, instanceNumber: Int, contentInstant: Int64,
        timezoneOffset: Int
    ) {
        self.sopInstanceUID = sopInstanceUID
        self.seriesInstanceUID = seriesInstanceUID
        self.instanceNumber = instanceNumber
        self.contentInstant = contentInstant
        self.timezoneOffset = timezoneOffset
    }

    /// Content Date and Time as local values.
    public var content: CivilTime { CivilTime(instant: contentInstant, offset: timezoneOffset) }
}

/// How far the manifests of a study and destination have come, where the last one is no predecessor of the next: after
/// a withdrawal under another patient's name, for instance.
public struct ManifestLineage: Sendable, Hashable, Codable {
    public var lastInstanceNumber: Int
    /// Seconds since 1970-01-01T00:00:00Z.
    public var lastContentInstant: Int64

    public init(lastInstanceNumber: Int, lastContentInstant: Int64) {
        self.lastInstanceNumber = lastInstanceNumber
        self.lastContentInstant = lastContentInstant
    }
}

/// A SHA-256 over what a manifest states, apart from its identity: another digest means that a new version is due.
public struct ContentDigest: Sendable, Hashable, CustomStringConvertible {
    public let bytes: [UInt8]

    public init(bytes: [UInt8]) { self.bytes = bytes }

    /// Hexadecimal.
    public var description: String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}

/// A calendar date and time of day, to the second (proleptic Gregorian).
public struct CivilTime: Sendable, Hashable {
    public let year: Int
    public let month: Int
    public let day: Int
    public let hour: Int
    public let minute: Int
    public let second: Int

    /// The local time at an instant (seconds since 1970-01-01T00:00:00Z), `offset` minutes east of UTC.
    public init(instant: Int64, offset: Int = 0) {
        let local = instant &+ Int64(offset) &* 60
        let days = Int((local - (local % 86_400 + 86_400) % 86_400) / 86_400)
        let seconds = Int((local % 86_400 + 86_400) % 86_400)
        // Days to civil date, Howard Hinnant's algorithm: eras of 400 years that begin on 1 March.
        let z = days + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let m = (5 * dayOfYear + 2) / 153
        month = m < 10 ? m + 3 : m - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        day = dayOfYear - (153 * m + 2) / 5 + 1
        hour = seconds / 3600
        minute = seconds / 60 % 60
        second = seconds % 60
    }

    /// From DICOM values YYYYMMDD and HHMMSS; a missing time is noon. Nil where the date is none.
    public init?(date: String, time: String) {
        guard let date = DateValue(date) else { return nil }
        let time = TimeValue(time)
        (year, month, day) = (date.year, date.month, date.day)
        (hour, minute, second) = time.map { ($0.hour, $0.minute, $0.second) } ?? (12, 0, 0)
    }

    /// YYYYMMDD.
    public var date: String { Digits.text(year * 10_000 + month * 100 + day, width: 8) }
    /// HHMMSS.
    public var time: String { Digits.text(hour * 10_000 + minute * 100 + second, width: 6) }
}
