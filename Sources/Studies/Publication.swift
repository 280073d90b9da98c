/// What was last published of a study: what the next version must keep, and what it must change.
public struct Publication: Equatable, Sendable {
    /// 1 for the first manifest; the manifest's Instance Number.
    public var version: Int
    /// Tells whether the content changed since; hexadecimal.
    public var contentDigest: String
    /// The patient the manifest was published under; another one is never a new version of the same.
    public var patientKey: String
    /// Content Date and Time of the manifest, `YYYYMMDDHHMMSS`: the next one's is later.
    public var contentDateTime: String

    public init(version: Int, contentDigest: String, patientKey: String, contentDateTime: String) {
        self.version = version
        self.contentDigest = contentDigest
        self.patientKey = patientKey
        self.contentDateTime = contentDateTime
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

    public static func step(after last: Publication?, contentDigest: String, patientKey: String) -> Step {
        guard let last else { return .publish(version: 1) }
        guard last.patientKey == patientKey else { return .patientChanged }
        return last.contentDigest == contentDigest ? .nothing : .publish(version: last.version + 1)
    }
}

extension Publication {
    /// As kept in the spool: four lines.
    public var record: [UInt8] {
        Array("1\n\(version)\n\(contentDigest)\n\(contentDateTime)\n\(patientKey)".utf8)
    }

    /// Nil when the bytes are not a record of this format.
    public init?(record: [UInt8]) {
        let lines = String(decoding: record, as: UTF8.self)
            .split(separator: "\n", maxSplits: 4, omittingEmptySubsequences: false).map(String.init)
        guard lines.count == 5, lines[0] == "1", let version = Int(lines[1]) else { return nil }
        self.init(version: version, contentDigest: lines[2], patientKey: lines[4], contentDateTime: lines[3])
    }
}
