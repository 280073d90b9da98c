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
