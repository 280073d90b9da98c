public import DICOM

extension Manifest {
    /// The identity of the version after `previous` (nil: the first), to be kept and used for every retry.
    ///
    /// - Parameters:
    ///   - lineage: numbers and times that are used up beside those of `previous`.
    ///   - destination: has UIDs of its own; empty: those of a gateway with one platform.
    ///   - instant: now, seconds since 1970-01-01T00:00:00Z; content times of versions strictly increase.
    ///   - timezoneOffset: the site's zone rule, minutes east of UTC at a local time; asked for the study's date.
    public func identity(
        after previous: ManifestIdentity? = nil, continuing lineage: ManifestLineage? = nil, destination: String = "",
        at instant: Int64, timezoneOffset: (CivilTime) -> Int
    ) -> ManifestIdentity {
        let offset =
            previous?.timezoneOffset ?? content.study.timezoneOffset
            ?? timezoneOffset(
                CivilTime(date: content.study.studyDate, time: content.study.studyTime) ?? CivilTime(instant: instant))
        let number = max(previous?.instanceNumber ?? 0, lineage?.lastInstanceNumber ?? 0) + 1
        let series =
            previous?.seriesInstanceUID
            ?? Self.seriesInstanceUID(
                source: settings.source, study: content.study.studyInstanceUID, patient: content.patient.key,
                profile: settings.profile.name, destination: destination)
        let last = max(previous?.contentInstant ?? Int64.min, lineage?.lastContentInstant ?? Int64.min)
        let contentInstant = max(instant, last &+ 1)
        // The time is in it, since registries refuse one UID with two contents: other bytes never share a UID.
        var parts = [series, String(number), digest.description, String(contentInstant), String(offset)]
        if settings.writesRecipients, !settings.recipients.isEmpty {
            parts += settings.recipients.flatMap { [$0.name, $0.identifier] }
        }
        return ManifestIdentity(
            sopInstanceUID: Self.uid(from: parts), seriesInstanceUID: series, instanceNumber: number,
            contentInstant: contentInstant, timezoneOffset: offset)
    }

    /// The Key Object series of a study's manifests: the same for every version and after every loss of state.
    public static func seriesInstanceUID(
        source: String, study: StudyUID, patient: PatientKey, profile: String, destination: String = ""
    ) -> String {
        let parts = [source, study.text, patient.patientID, patient.issuer, patient.universalEntityID, profile]
        return uid(from: destination.isEmpty ? parts : parts + [destination])
    }

    /// `2.25.` and a UUID of version 8 (PS3.5 §B.2, RFC 9562 §5.8) made of SHA-256 over the parts.
    static func uid(from parts: [String]) -> String {
        var hash = SHA256()
        for part in parts { hash.update(line: part) }
        var number = hash.digest().prefix(16).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        number = number & ~(UInt128(0xF) << 76) | UInt128(8) << 76
        number = number & ~(UInt128(3) << 62) | UInt128(2) << 62
        return "2.25.\(number)"
    }
}
