import DICOM
import Gateway
import KeyObjects
import Studies
import Testing

@testable import Rehearsal

@Suite struct ExpectedDocumentTests {
    private let old = InventedPatient(role: "the old patient", patientID: "A", name: "EXEMPLE^ODETTE")
    private let new = InventedPatient(role: "the new patient", patientID: "B", name: "MODELE^ODILE")
    private let all: Set = [InstanceUID("1.1"), InstanceUID("1.2"), InstanceUID("1.3")]
    private let some: Set = [InstanceUID("1.1")]

    /// `M` and `N` with the patient and how many they list.
    private func documents(
        _ live: [InventedPatient: Set<InstanceUID>], from shown: Set<InstanceUID>? = nil,
        renewed: Set<InstanceUID> = [], _ removal: Removal = .iocmAndKOS
    ) -> [String] {
        let documents = ExpectedDocument.documents(
            from: shown.map { ["A": $0] } ?? [:], to: live, renewed: renewed, .quality, removal)
        return documents.map { "\($0.kind == .manifest ? "M" : "N")\($0.references.count)\($0.patientID)" }
    }

    @Test func whatIsFirstIsAManifest() {
        #expect(documents([old: all]) == ["M3A"])
        #expect(documents([:]).isEmpty)
    }

    @Test func anAdditionIsAManifestHoweverRemovalsAreTold() {
        for removal in Removal.allCases {
            #expect(documents([old: all], from: some, removal) == ["M3A"])
        }
    }

    @Test func aRemovalIsToldAsConfigured() {
        #expect(documents([old: some], from: all) == ["N2A", "M1A"])
        #expect(documents([old: some], from: all, .iocm) == ["N2A"])
        #expect(documents([old: some], from: all, .kos) == ["M1A"])
    }

    @Test func nothingLeftIsANoteHoweverRemovalsAreTold() {
        for removal in Removal.allCases { #expect(documents([:], from: all, removal) == ["N3A"]) }
    }

    @Test func anotherPatientIsANoteForAllAndThenAManifest() {
        for removal in Removal.allCases {
            #expect(documents([new: all], from: all, removal) == ["N3A", "M3B"])
        }
    }

    @Test func twoPatientsAreNoManifest() {
        #expect(documents([old: all, new: some], from: all).isEmpty)
        for removal in Removal.allCases {
            #expect(documents([old: some, new: all], from: all, removal) == ["N2A"])
        }
    }

    @Test func whatIsLiveAgainWithAnotherContentIsWithdrawnAndPublished() {
        #expect(documents([old: all], from: all, renewed: some) == ["N1A", "M3A"])
        #expect(documents([old: all], from: all, renewed: some, .kos) == ["M3A"])
        #expect(documents([old: all], from: all).isEmpty)
    }
}
