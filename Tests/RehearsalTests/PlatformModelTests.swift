import DICOM
import Testing

@testable import Rehearsal

/// Each test says what a platform must never be made to do, and that the model sees it.
@Suite struct PlatformModelTests {
    private let all: Set<InstanceUID> = ["1.1", "1.2", "1.3"].asInstances

    private func manifest(
        _ references: Set<InstanceUID>, version: Int = 1, patientID: String = "A", recipients: Bool = false
    ) -> PlatformDocument {
        PlatformDocument(.manifest, references, version: version, patientID: patientID, hasRecipients: recipients)
    }

    private func note(_ references: Set<InstanceUID>, patientID: String = "A") -> PlatformDocument {
        PlatformDocument(.rejectionNote, references, version: 0, patientID: patientID)
    }

    /// The faults of the last document, when those instances are rejected before it.
    private func faults(
        _ documents: PlatformDocument..., rejected: Set<InstanceUID> = [],
        readings: Set<PlatformModel.Reading> = [.replaces, .adds], patients: [InstanceUID: String] = [:]
    ) -> [String] {
        var model = PlatformModel(readings: readings)
        for document in documents.dropLast() { _ = model.apply(document) { _, _ in .right } }
        return model.apply(documents[documents.count - 1]) { instance, patientID in
            if rejected.contains(instance) { return .rejected }
            return patients[instance].map { $0 == patientID ? .right : .ofAnotherPatient } ?? .right
        }
    }

    @Test func aNoteAndThenAShorterManifestIsRightUnderBothReadings() {
        let gone = ["1.1"].asInstances
        #expect(
            faults(manifest(all), note(gone), manifest(all.subtracting(gone), version: 2), rejected: gone).isEmpty)
    }

    @Test func aManifestBeforeTheNoteLeavesARejectedInstanceWhereManifestsAdd() {
        let gone = ["1.1"].asInstances
        let shorter = manifest(all.subtracting(gone), version: 2)
        #expect(faults(manifest(all), shorter, rejected: gone).count == 1)
        #expect(faults(manifest(all), shorter, rejected: gone, readings: [.replaces]).isEmpty)
    }

    @Test func aManifestThatListsARejectedInstanceIsAFault() {
        let found = faults(manifest(all), rejected: ["1.1"].asInstances)
        #expect(found.count == 2)
        #expect(found.allSatisfy { $0.contains("rejected") })
    }

    @Test func aManifestUnderAnotherIdentityWaitsForTheWithdrawal() {
        let other = manifest(["2.1"].asInstances, patientID: "B")
        #expect(faults(manifest(all), other).contains { $0.contains("another identity") })
        #expect(faults(manifest(all), note(["1.1"].asInstances), other).contains { $0.contains("another identity") })
        #expect(faults(manifest(all), note(all), other).isEmpty)
    }

    @Test func onePatientsInstanceUnderAnothersNameIsAFault() {
        let mixed = faults(manifest(all), patients: [InstanceUID("1.2"): "B"])
        #expect(mixed.contains { $0.contains("of a patient it is not of") })
    }

    @Test func aNoteListsOnlyWhatIsShownUnderItsPatient() {
        #expect(!faults(manifest(all), note(["9.9"].asInstances)).isEmpty)
        #expect(!faults(manifest(all), note(["1.1"].asInstances, patientID: "B")).isEmpty)
        #expect(!faults(manifest(all), note(all), note(["1.1"].asInstances)).isEmpty)
    }

    @Test func aNoteHasTheAccessionNumberOfWhatItWithdraws() {
        var other = note(all)
        other.accessionNumber = "A2"
        #expect(faults(manifest(all), other).count == 1)
    }

    @Test func aRetryWithTheSameBytesIsNothing() {
        #expect(faults(manifest(all), manifest(all)).isEmpty)
    }

    @Test func aSOPInstanceUIDNamesOneDocument() {
        var other = manifest(all)
        other.dataSet = [1]
        #expect(faults(manifest(all), other).count == 1)
    }

    @Test func versionsAscendForOnePatient() {
        let again = manifest(all, version: 2)
        var lower = manifest(all, version: 1)
        lower.sopInstanceUID = InstanceUID("7.7")
        #expect(faults(again, lower).contains { $0.contains("version 1 after version 2") })
    }

    @Test func recipientsAreNamedAtTheFirstSubmissionAndAfterAWithdrawalOnly() {
        let second = manifest(all, version: 2, recipients: true)
        #expect(faults(manifest(all, recipients: true)).isEmpty)
        #expect(faults(manifest(all), second).contains { $0.contains("Recipients") })
        #expect(faults(manifest(all), note(all), second).isEmpty)
    }

    @Test func theEndIsWhatIsShownAndNoPatientWithoutInstances() {
        var model = PlatformModel()
        _ = model.apply(manifest(all)) { _, _ in .right }
        #expect(model.end == ["A": all])
        _ = model.apply(note(all)) { _, _ in .right }
        #expect(model.end.isEmpty)
    }

    @Test func whatTheJudgeFindsIsAFault() {
        var wrong = manifest(all)
        wrong.errors = ["Something is missing."]
        #expect(faults(wrong) == ["The document breaks a rule: Something is missing."])
    }
}

extension PlatformDocument {
    /// Documents that say the same are the same one.
    fileprivate init(
        _ kind: Kind, _ references: Set<InstanceUID>, version: Int, patientID: String, hasRecipients: Bool = false
    ) {
        let words = "\(kind) \(version) \(patientID) \(references.map(\.text).sorted())"
        self.init(
            kind: kind, sopInstanceUID: InstanceUID(InventedUID.text(words)), studyInstanceUID: StudyUID("1"),
            patientID: patientID, accessionNumber: "A1", version: version, title: "", meaning: "",
            references: references, hasRecipients: hasRecipients, errors: [], dataSet: [])
    }
}

extension [String] {
    fileprivate var asInstances: Set<InstanceUID> { Set(map { InstanceUID($0) }) }
}
