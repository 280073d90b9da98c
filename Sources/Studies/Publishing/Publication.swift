public import DICOM

/// A manifest that was made of a study for one destination: what the next version must keep, and what it must change.
public struct Publication: Hashable, Sendable {
    public enum Origin: String, Sendable {
        /// Made here.
        case ours
        /// Made by the PACS and relayed.
        case pacs
    }

    /// 1 for the first manifest; the manifest's Instance Number.
    public var version: Int
    public var sopInstanceUID: String
    /// Series Instance UID of the study's manifests.
    public var seriesInstanceUID: String
    /// Content Date and Time of the manifest, seconds since 1970-01-01T00:00:00Z: the next one's is later.
    public var contentInstant: Int64
    /// Minutes east of UTC in which the manifest states its dates.
    public var timezoneOffset: Int
    /// Tells whether the content changed since, recipients apart; hexadecimal.
    public var digest: String
    /// The same without the references; empty when it is not known.
    public var attributesDigest: String
    /// The patient under whom it was published; another one is never a new version of it.
    public var patient: PatientKey
    public var origin: Origin
    /// The last arrival of the study that it takes into account.
    public var through: Int64

    public init(
        version: Int, sopInstanceUID: String, seriesInstanceUID: String, contentInstant: Int64, timezoneOffset: Int,
        digest: String, attributesDigest: String, patient: PatientKey, origin: Origin = .ours,
        through: Int64 = 0
    ) {
        self.version = version
        self.sopInstanceUID = sopInstanceUID
        self.seriesInstanceUID = seriesInstanceUID
        self.contentInstant = contentInstant
        self.timezoneOffset = timezoneOffset
        self.digest = digest
        self.attributesDigest = attributesDigest
        self.patient = patient
        self.origin = origin
        self.through = through
    }
}

extension Publication {
    /// Its lines in a record.
    var lines: [String] {
        [
            String(version), sopInstanceUID, seriesInstanceUID, String(contentInstant), String(timezoneOffset), digest,
            attributesDigest, patient.patientID, patient.issuer, patient.universalEntityID, origin.rawValue,
            String(through),
        ]
    }

    init?(_ lines: inout RecordLines) {
        guard let version = lines.nextInt(), let texts = lines.next(2), let instant = lines.nextInt64(),
            let offset = lines.nextInt(), let rest = lines.next(6), let origin = Origin(rawValue: rest[5]),
            let through = lines.nextInt64()
        else { return nil }
        self.init(
            version: version, sopInstanceUID: texts[0], seriesInstanceUID: texts[1], contentInstant: instant,
            timezoneOffset: offset, digest: rest[0], attributesDigest: rest[1],
            patient: PatientKey(patientID: rest[2], issuer: rest[3], universalEntityID: rest[4]), origin: origin,
            through: through)
    }
}
