import DICOM

/// Records of format 1: one publication of a study, with its patient key as the last three lines.
extension Publication {
    init?(formatOne record: [UInt8]) {
        let lines = String(decoding: record, as: UTF8.self)
            .split(separator: "\n", maxSplits: 7, omittingEmptySubsequences: false).map(String.init)
        guard lines.count == 8, lines[0] == "1", let version = Int(lines[1]), let contentInstant = Int64(lines[4]),
            let timezoneOffset = Int(lines[5]), let patient = PatientKey(record: lines[7])
        else { return nil }
        self.init(
            version: version, sopInstanceUID: lines[2], seriesInstanceUID: lines[3], contentInstant: contentInstant,
            timezoneOffset: timezoneOffset, digest: lines[6], attributesDigest: "", patient: patient)
    }
}

// MARK: Until the settler keeps standings

extension Publication {
    public init(
        version: Int, sopInstanceUID: String, seriesInstanceUID: String, contentInstant: Int64, timezoneOffset: Int,
        contentDigest: String, patientKey: String
    ) {
        self.init(
            version: version, sopInstanceUID: sopInstanceUID, seriesInstanceUID: seriesInstanceUID,
            contentInstant: contentInstant, timezoneOffset: timezoneOffset, digest: contentDigest,
            attributesDigest: "", patient: PatientKey(record: patientKey) ?? PatientKey(patientID: patientKey))
    }

    public enum Step: Equatable, Sendable {
        case nothing
        case publish(version: Int)
        case patientChanged
    }

    public static func step(
        after last: Publication?, contentDigest: String, isSamePatient: (_ patientKey: String) -> Bool
    ) -> Step {
        guard let last else { return .publish(version: 1) }
        guard isSamePatient(last.patient.record) else { return .patientChanged }
        return last.digest == contentDigest ? .nothing : .publish(version: last.version + 1)
    }

    public var record: [UInt8] {
        let lines = [
            "1", String(version), sopInstanceUID, seriesInstanceUID, String(contentInstant), String(timezoneOffset),
            digest, patient.record,
        ]
        return Array(lines.joined(separator: "\n").utf8)
    }

    public init?(record: [UInt8]) { self.init(formatOne: record) }
}
