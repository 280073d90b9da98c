/// What was last published of a study: what the next version must keep, and what it must change.
public struct Publication: Equatable, Sendable {
    /// 1 for the first manifest; the manifest's Instance Number.
    public var version: Int
    public var sopInstanceUID: String
    /// Series Instance UID of the study's manifests.
    public var seriesInstanceUID: String
    /// Content Date and Time of the manifest, seconds since 1970-01-01T00:00:00Z: the next one's is later.
    public var contentInstant: Int64
    /// Minutes east of UTC in which the manifest states its dates.
    public var timezoneOffset: Int
    /// Tells whether the content changed since; hexadecimal.
    public var contentDigest: String
    /// The patient as the headers named it when the manifest was published; another one is never a new version of it.
    public var patientKey: String

    public init(
        version: Int, sopInstanceUID: String, seriesInstanceUID: String, contentInstant: Int64, timezoneOffset: Int,
        contentDigest: String, patientKey: String
    ) {
        self.version = version
        self.sopInstanceUID = sopInstanceUID
        self.seriesInstanceUID = seriesInstanceUID
        self.contentInstant = contentInstant
        self.timezoneOffset = timezoneOffset
        self.contentDigest = contentDigest
        self.patientKey = patientKey
    }

    /// What settled content asks for, given what was published before.
    public enum Step: Equatable, Sendable {
        /// The content is what the last manifest says already.
        case nothing
        /// A manifest of this version.
        case publish(version: Int)
        /// The study now names another patient than the one it was published under.
        case patientChanged
    }

    /// - Parameter isSamePatient: whether a patient key is that of the study's patient now. Equality would be too much:
    ///   a later instance may name the issuer that the first ones left out.
    public static func step(
        after last: Publication?, contentDigest: String, isSamePatient: (_ patientKey: String) -> Bool
    ) -> Step {
        guard let last else { return .publish(version: 1) }
        guard isSamePatient(last.patientKey) else { return .patientChanged }
        return last.contentDigest == contentDigest ? .nothing : .publish(version: last.version + 1)
    }
}

extension Publication {
    /// As kept in the spool: a line for each value, the patient key last, since it may hold anything.
    public var record: [UInt8] {
        let lines = [
            "1", String(version), sopInstanceUID, seriesInstanceUID, String(contentInstant), String(timezoneOffset),
            contentDigest, patientKey,
        ]
        return Array(lines.joined(separator: "\n").utf8)
    }

    /// Nil when the bytes are not a record of this format.
    public init?(record: [UInt8]) {
        let lines = String(decoding: record, as: UTF8.self)
            .split(separator: "\n", maxSplits: 7, omittingEmptySubsequences: false).map(String.init)
        guard lines.count == 8, lines[0] == "1", let version = Int(lines[1]), let contentInstant = Int64(lines[4]),
            let timezoneOffset = Int(lines[5])
        else { return nil }
        self.init(
            version: version, sopInstanceUID: lines[2], seriesInstanceUID: lines[3], contentInstant: contentInstant,
            timezoneOffset: timezoneOffset, contentDigest: lines[6], patientKey: lines[7])
    }
}
