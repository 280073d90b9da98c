import DICOM
import Testing

@testable import KeyObjects

struct ManifestIdentityTests {
    private func manifest(_ headers: [Study.Header] = [Study.Header()]) throws -> Manifest {
        try Manifest(of: Study.content(headers), settings: Study.settings())
    }

    private func identity(
        _ manifest: Manifest, after previous: ManifestIdentity? = nil, at instant: Int64 = Study.instant
    ) -> ManifestIdentity {
        manifest.identity(after: previous, at: instant, timezoneOffset: { _ in 120 })
    }

    @Test func anIdentityIsMadeOfWhatItIdentifies() throws {
        let one = identity(try manifest())
        #expect(one == identity(try manifest()))
        #expect(one.instanceNumber == 1)
        #expect(one.sopInstanceUID.hasPrefix("2.25."))
        #expect(InstanceUID(one.sopInstanceUID).isValid)
        #expect(SeriesUID(one.seriesInstanceUID).isValid)
    }

    @Test func theNextVersionKeepsTheSeriesAndHasAllElseNew() throws {
        let first = identity(try manifest())
        let second = identity(try manifest([Study.Header(), Study.Header(instance: 2)]), after: first)
        #expect(second.seriesInstanceUID == first.seriesInstanceUID)
        #expect(second.sopInstanceUID != first.sopInstanceUID)
        #expect(second.instanceNumber == 2)
        #expect(second.contentInstant > first.contentInstant)
    }

    /// Case 48 of `Catalogue.md`.
    @Test func aClockThatWentBackMakesNoOlderVersion() throws {
        let first = identity(try manifest())
        let second = identity(
            try manifest([Study.Header(), Study.Header(instance: 2)]), after: first, at: Study.instant - 86_400)
        #expect(second.contentInstant == first.contentInstant + 1)
    }

    @Test func aLineageGoesOnWhereThereIsNoPredecessor() throws {
        let manifest = try manifest()
        let lineage = ManifestLineage(lastInstanceNumber: 4, lastContentInstant: Study.instant + 60)
        let next = manifest.identity(continuing: lineage, at: Study.instant, timezoneOffset: { _ in 120 })
        #expect(next.instanceNumber == 5)
        #expect(next.contentInstant == Study.instant + 61)
        #expect(next.seriesInstanceUID == identity(manifest).seriesInstanceUID)
    }

    @Test func everyDestinationHasUIDsOfItsOwn() throws {
        let manifest = try manifest()
        let uids = ["", "A", "B"].map { destination in
            manifest.identity(destination: destination, at: Study.instant, timezoneOffset: { _ in 120 })
        }
        #expect(Set(uids.map(\.sopInstanceUID)).count == 3)
        #expect(Set(uids.map(\.seriesInstanceUID)).count == 3)
        #expect(uids[0] == identity(manifest))
    }

    @Test func recipientsMakeNoNewVersionAndAreWrittenOnlyWhereTheyCount() throws {
        var settings = Study.settings()
        let none = try Manifest(of: Study.content(), settings: settings)
        settings.recipients = [Study.practitioner]
        let first = try Manifest(of: Study.content(), settings: settings)
        settings.writesRecipients = false
        let update = try Manifest(of: Study.content(), settings: settings)
        #expect(Set([none, first, update].map(\.digest)).count == 1)
        #expect(Set([none, first, update].map(\.attributesDigest)).count == 1)
        #expect(identity(first).sopInstanceUID != identity(update).sopInstanceUID)
        let written = try [none, first, update].map {
            try Part10File.read($0.bytes(identity($0)).span.bytes).dataSet
        }
        #expect(written.map { $0[.nameOfPhysiciansReadingStudy] != nil } == [false, true, false])
        #expect(written.map { $0[.physiciansReadingStudyIdentificationSequence] != nil } == [false, true, false])
    }

    @Test func theAttributesDigestTellsAttributesFromReferences() throws {
        let one = try manifest()
        let two = try manifest([Study.Header(), Study.Header(instance: 2)])
        #expect(one.digest != two.digest)
        #expect(one.attributesDigest == two.attributesDigest)
        let other = try manifest([Study.Header(accession: "A2")])
        #expect(one.attributesDigest != other.attributesDigest)
        var settings = Study.settings()
        settings.retrieve.aeTitle = AETitle("ELSEWHERE")
        #expect(try Manifest(of: Study.content(), settings: settings).attributesDigest != one.attributesDigest)
    }

    @Test func otherBytesNeverShareAUID() throws {
        let manifest = try manifest()
        let early = identity(manifest, at: 1_000_000_000)
        let late = identity(manifest, at: 1_000_000_001)
        #expect(manifest.bytes(early) != manifest.bytes(late))
        #expect(early.sopInstanceUID != late.sopInstanceUID)
    }

    @Test func eachSourceStudyPatientAndProfileHasItsOwnSeries() {
        let series = { (source: String, study: String, patient: PatientKey, profile: String) in
            Manifest.seriesInstanceUID(source: source, study: StudyUID(study), patient: patient, profile: profile)
        }
        let patient = PatientKey(patientID: "1", issuer: "A")
        let all = [
            series("s", "1.2", patient, "maincare"), series("t", "1.2", patient, "maincare"),
            series("s", "1.3", patient, "maincare"), series("s", "1.2", patient, "xds-i"),
            series("s", "1.2", PatientKey(patientID: "1", issuer: "B"), "maincare"),
            series("s", "1.2", PatientKey(patientID: "1A"), "maincare"),
        ]
        #expect(Set(all).count == all.count)
    }

    @Test func theUIDIsAUUIDOfVersion8() throws {
        let text = try #require(identity(try manifest()).sopInstanceUID.split(separator: ".").last)
        let number = try #require(UInt128(text))
        #expect(number >> 76 & 0xF == 8)
        #expect(number >> 62 & 3 == 2)
    }

    @Test func contentTimesAreLocalAtTheStudysDate() throws {
        var asked: CivilTime?
        let identity = try manifest().identity(at: Study.instant) { time in
            asked = time
            return -210
        }
        #expect(asked == CivilTime(date: "20250918", time: "093000"))
        #expect(identity.content.date == "20250918")
        #expect(identity.content.time == "050500")
        #expect(ManifestWriter.timezone(identity.timezoneOffset) == "-0330")
    }

    @Test(
        arguments: [
            (0, "19700101", "000000"), (951_782_399, "20000228", "235959"), (951_782_400, "20000229", "000000"),
            (-1, "19691231", "235959"), (4_107_542_400, "21000301", "000000"),
        ] as [(Int64, String, String)])
    func instantsBecomeCivilTimes(_ instant: Int64, _ date: String, _ time: String) {
        let civil = CivilTime(instant: instant)
        #expect(civil.date == date)
        #expect(civil.time == time)
    }
}
