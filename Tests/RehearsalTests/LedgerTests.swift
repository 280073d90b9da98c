import DICOM
import Gateway
import KeyObjects
import Studies
import Testing

@testable import Rehearsal

@Suite struct LedgerTests {
    private let exam = Exam(
        "a ledger", patient: InventedPatient(role: "the patient", patientID: "P1", name: "EXEMPLE^ODETTE"),
        accessionNumber: "A1", facts: InventedFacts(), hasReport: false)
    private let other = InventedPatient(role: "the new patient", patientID: "P2", name: "MODELE^ODILE")

    private func note(_ references: [InventedInstance], _ title: RejectionTitle) -> Message {
        .note(InventedNote(title: title, sopInstanceUID: InstanceUID("1.2.3"), references: references))
    }

    /// What is live of an image that was rejected and then came as `copy`.
    private func live(_ copy: InventedInstance, _ policy: ResendPolicy) -> [InventedPatient] {
        var source = Configuration.SourceDefaults()
        source.resendAfterRejection.incorrectWorklistEntry = policy
        var ledger = Ledger(Conditions(Configuration(), source))
        let messages = [
            .instance(exam.image(1, 1)), note([exam.image(1, 1)], .incorrectWorklistEntry), .instance(copy),
        ]
        for message in messages { ledger.apply(message) }
        #expect(ledger.setAside == (ledger.live(in: exam.study).isEmpty ? 1 : 0))
        return Array(ledger.live(in: exam.study).keys)
    }

    @Test func thePolicyDecidesOnTheSameCopy() {
        let same = exam.image(1, 1)
        for policy in ResendPolicy.allCases {
            #expect(live(same, policy) == (policy == .accept ? [exam.patient] : []))
        }
    }

    @Test func thePolicyDecidesOnAChangedCopy() {
        let changed = [exam.image(1, 1)].changed[0]
        for policy in ResendPolicy.allCases {
            let isLive = policy == .accept || policy == .acceptIfChanged
            #expect(live(changed, policy) == (isLive ? [exam.patient] : []))
        }
    }

    @Test func thePolicyDecidesOnACopyOfAnotherPatient() {
        let corrected = exam.moved(to: other).image(1, 1)
        for policy in ResendPolicy.allCases {
            let isLive = policy != .refuse && policy != .quarantine
            #expect(live(corrected, policy) == (isLive ? [other] : []))
        }
    }

    @Test func anIgnoredTitleRejectsNothing() {
        var source = Configuration.SourceDefaults()
        source.ignoredRejections = [.quality]
        var ledger = Ledger(Conditions(Configuration(), source))
        ledger.apply(.instance(exam.image(1, 1)))
        ledger.apply(note([exam.image(1, 1)], .quality))
        #expect(ledger.live(in: exam.study) == [exam.patient: [exam.image(1, 1).sopInstanceUID]])
        ledger.apply(note([exam.image(1, 1)], .patientSafety))
        #expect(ledger.live(in: exam.study).isEmpty)
    }

    @Test func theTruthOfAnInstanceDependsOnItsPatient() {
        var ledger = Ledger(Conditions(Configuration(), Configuration.SourceDefaults()))
        let image = exam.image(1, 1)
        #expect(ledger.truth(image.sopInstanceUID, under: "P1") == .neverSent)
        ledger.apply(.instance(image))
        #expect(ledger.truth(image.sopInstanceUID, under: "P1") == .right)
        #expect(ledger.truth(image.sopInstanceUID, under: "P2") == .ofAnotherPatient)
        ledger.apply(note([image], .quality))
        #expect(ledger.truth(image.sopInstanceUID, under: "P1") == .rejected)
    }

    @Test func whatIsNotListedIsNotLive() {
        var configuration = Configuration()
        configuration.manifest.excludedSOPClasses = [.ctImage]
        var ledger = Ledger(Conditions(configuration, configuration.defaults))
        ledger.apply(.instance(exam.image(1, 1)))
        #expect(ledger.live(in: exam.study).isEmpty)
    }
}
