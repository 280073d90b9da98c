import DICOM
import Testing

@testable import KeyObjects

struct RejectionNoteTests {
    private static var two: [Study.Header] {
        [Study.Header(), Study.Header(series: 2, instance: 1), Study.Header(series: 2, instance: 2)]
    }

    private func note(
        _ references: Set<InstanceUID>? = nil, from file: [UInt8]? = nil, title: RejectionTitle = .quality
    ) throws -> RejectionNote {
        try RejectionNote(
            withdrawing: references, from: try file ?? Study.file(Study.content(Self.two)), title: title)
    }

    private func dataSet(_ note: RejectionNote, at instant: Int64 = Study.instant) throws -> DataSet {
        let file = note.bytes(note.identity(at: instant))
        return try Part10File.read(file.span.bytes).dataSet
    }

    @Test func itListsExactlyTheReferencesThatTheManifestHasInItsOrder() throws {
        let wanted = Set(["2.2", "2.1", "9.9"].map { InstanceUID("\(Study.studyUID).\($0)") })
        let note = try note(wanted)
        let listed = ["2.1", "2.2"].map { InstanceUID("\(Study.studyUID).\($0)") }
        #expect(note.references == listed)
        let document = KeyObjectDocument(try dataSet(note))
        #expect(document.evidence.map(\.sopInstanceUID) == listed)
        #expect(
            document.evidence.map(\.seriesInstanceUID) == Array(repeating: SeriesUID("\(Study.studyUID).2"), count: 2))
        #expect(document.references.map(\.sopInstanceUID) == listed)
        #expect(document.kind == .rejectionNote)
    }

    @Test func itIsOfThePatientStudyAndRequestsOfTheManifestToTheByte() throws {
        var settings = Study.settings()
        settings.recipients = [Study.practitioner]
        settings.author = .fixed(Study.practitioner)
        let content = Study.content([Study.Header(patientName: "LÉONE^Zoë")])
        let file = try Study.file(content, settings)
        let published = try Part10File.read(file.span.bytes).dataSet
        let written = try dataSet(try note(from: file))
        let copied: [DICOM.Tag] = [
            .specificCharacterSet, .studyDate, .studyTime, .accessionNumber, .issuerOfAccessionNumberSequence,
            .timezoneOffsetFromUTC, .studyDescription, .patientName, .patientID, .issuerOfPatientID,
            .issuerOfPatientIDQualifiersSequence, .patientBirthDate, .patientSex, .studyInstanceUID, .studyID,
            .referencedRequestSequence,
        ]
        for tag in copied { #expect(written[tag] == published[tag] && written[tag] != nil, "\(tag)") }
        let own: [DICOM.Tag] = [.sopInstanceUID, .seriesInstanceUID, .seriesNumber]
        for tag in own { #expect(written[tag] != published[tag] && written[tag]?.isEmpty == false, "\(tag)") }
        #expect(written[.nameOfPhysiciansReadingStudy] == nil)
        #expect(written[.physiciansReadingStudyIdentificationSequence] == nil)
        #expect(written[.referringPhysicianName]?.isEmpty == true)
        #expect(written[.referringPhysicianIdentificationSequence] == nil)
        let place = written.items(.currentRequestedProcedureEvidenceSequence)[0].items(.referencedSeriesSequence)[0]
        #expect(place.string(.retrieveAETitle) == "PACS_SITE")
        #expect(place.string(.retrieveLocationUID) == "1.2.250.1.999.1.2.3.4")
    }

    @Test(arguments: [
        (RejectionTitle.quality, "Rejected for Quality Reasons"),
        (.patientSafety, "Rejected for Patient Safety Reasons"),
        (.incorrectWorklistEntry, "Incorrect Modality Worklist Entry"),
        (.retentionExpired, "Data Retention Policy Expired"),
    ])
    func itsTitleHasTheStandardsMeaning(_ title: RejectionTitle, _ meaning: String) throws {
        let document = KeyObjectDocument(try dataSet(try note(title: title)))
        #expect(document.title == Code(title.rawValue, "DCM", meaning))
        #expect(RejectionTitle(rawValue: title.rawValue) == title)
    }

    @Test func itsIdentityIsMadeOfWhatItWithdrawsWhereToAndWhen() throws {
        let all = try note()
        let one = try note([InstanceUID("\(Study.studyUID).1.1")])
        let identity = all.identity(at: Study.instant)
        #expect(identity == all.identity(at: Study.instant))
        let others = [
            one.identity(at: Study.instant), all.identity(at: Study.instant + 1),
            all.identity(destination: "B", at: Study.instant),
            try note(title: .patientSafety).identity(at: Study.instant),
        ]
        #expect(Set(([identity] + others).map(\.sopInstanceUID)).count == 5)
        #expect(InstanceUID(identity.sopInstanceUID).isValid)
        #expect(SeriesUID(identity.seriesInstanceUID).isValid)
        #expect(identity.timezoneOffset == 120)
        #expect(all.bytes(identity) == (try note()).bytes(identity))
    }

    @Test func whatCannotBeWithdrawnIsSaid() throws {
        #expect(throws: RejectionNote.Failure.nothingToWithdraw) { try self.note([InstanceUID("1.2.3")]) }
        #expect(throws: RejectionNote.Failure.self) { try self.note(from: [1, 2, 3]) }
        let file = try Study.file()
        for length in stride(from: 0, to: file.count, by: 7) { _ = try? note(from: Array(file[..<length])) }
    }

    /// A PACS's manifest may state less, and in another encoding, than ours do.
    @Test(arguments: [Encoding.explicitVRLittleEndian, .implicitVRLittleEndian])
    func whatThePACSLeftOutIsThereAllTheSame(_ encoding: Encoding) throws {
        let syntax: TransferSyntax = encoding.isExplicit ? .explicitVRLittleEndian : .implicitVRLittleEndian
        let file = try Study.poorManifest(syntax)
        let note = try note(from: file)
        let bytes = note.bytes(note.identity(at: Study.instant))
        let errors = try Judgement(file: bytes, profile: .maincare).findings.filter { $0.severity == .error }
        #expect(errors.isEmpty, "\(errors)")
        let written = try Part10File.read(bytes.span.bytes).dataSet
        #expect(written.string(.patientName) == "YAMADA^TAROU")
        #expect(written.items(.referencedRequestSequence)[0].string(.accessionNumber) == "A7")
        #expect(KeyObjectDocument(written).references.map(\.valueType) == ["COMPOSITE", "IMAGE"])
    }

    @Test func aManifestOfSeveralStudiesIsWithdrawnStudyByStudy() throws {
        let file = try Study.poorManifest(.explicitVRLittleEndian, studies: ["1.2.3", "1.2.4"])
        #expect(throws: RejectionNote.Failure.severalStudies([StudyUID("1.2.3"), StudyUID("1.2.4")])) {
            try self.note(from: file)
        }
        let note = try RejectionNote(withdrawing: nil, from: file, title: .quality, study: StudyUID("1.2.4"))
        #expect(note.references == ["1.2.4.1.1", "1.2.4.1.2"].map { InstanceUID($0) })
        #expect(try dataSet(note).string(.studyInstanceUID) == "1.2.4")
    }
}
