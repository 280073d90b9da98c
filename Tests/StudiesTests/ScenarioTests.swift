import DICOM
import Studies
import Testing

/// The eleven modifications of a published study, each in three forms, and what a destination is sent for them.
@Suite struct ScenarioTests {
    enum Form: CaseIterable {
        /// The note, then the corrected objects under new SOP Instance UIDs.
        case newUIDs
        /// The note, then the corrected objects under the same SOP Instance UIDs.
        case sameUIDs
        /// The corrected objects under the same SOP Instance UIDs, then the note for the old ones.
        case noteAfter
    }

    struct Scenario: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let title: String
        /// Of instances 1 to 4, of which 1 and 2 are in the first series, 3 and 4 in the second.
        let rejected: [Int]
        /// What comes for what was rejected, with 10 added where UIDs are new; and what is added.
        var resent: [Int] = []
        var added: [Int] = []
        /// Under which patient.
        var patient = 0
        /// Documents that are sent, under new UIDs and under the same ones.
        let sentWithNewUIDs: [String]
        let sentWithSameUIDs: [String]
    }

    static let scenarios: [Scenario] = [
        removal("1 image removed", [4], sent: ["note of A: 4", "manifest of A: 1 2 3"]),
        Scenario(
            testDescription: "2 image modified", title: "113001", rejected: [4], resent: [4],
            sentWithNewUIDs: ["note of A: 4", "manifest of A: 1 14 2 3"], sentWithSameUIDs: []),
        addition("3 image added", [5], sent: ["manifest of A: 1 2 3 4 5"]),
        removal("4 series removed", [3, 4], sent: ["note of A: 3 4", "manifest of A: 1 2"]),
        Scenario(
            testDescription: "5 series modified", title: "113001", rejected: [3, 4], resent: [3, 4],
            sentWithNewUIDs: ["note of A: 3 4", "manifest of A: 1 13 14 2"], sentWithSameUIDs: []),
        addition("6 series added", [5, 6], sent: ["manifest of A: 1 2 3 4 5 6"]),
        otherPatient("7 identity changed"),
        removal("8 study deleted", [1, 2, 3, 4], sent: ["note of A: 1 2 3 4"]),
        otherPatient("9 moved"), otherPatient("10 merged"), otherPatient("11 reconciled"),
    ]

    private static func removal(_ name: String, _ rejected: [Int], sent: [String]) -> Scenario {
        Scenario(
            testDescription: name, title: "113039", rejected: rejected, sentWithNewUIDs: sent, sentWithSameUIDs: sent)
    }

    private static func addition(_ name: String, _ added: [Int], sent: [String]) -> Scenario {
        Scenario(
            testDescription: name, title: "", rejected: [], added: added, sentWithNewUIDs: sent, sentWithSameUIDs: sent)
    }

    private static func otherPatient(_ name: String) -> Scenario {
        Scenario(
            testDescription: name, title: "113038", rejected: [1, 2, 3, 4], resent: [1, 2, 3, 4], patient: 1,
            sentWithNewUIDs: ["note of A: 1 2 3 4", "manifest of B: 11 12 13 14, recipients"],
            sentWithSameUIDs: ["note of A: 1 2 3 4", "manifest of B: 1 2 3 4, recipients"])
    }

    private static func published(_ removal: Removal) -> StudyUnderTest {
        let policies: [String: ResendPolicy] = [
            "113001": .acceptIfChanged, "113038": .acceptIfCorrected, "113039": .accept,
        ]
        var study = StudyUnderTest(removal: removal, settings: .init(policies: policies))
        study.store([1, 2, 3, 4])
        #expect(study.settled() == ["manifest of A: 1 2 3 4, recipients"])
        study.now += 86_400
        return study
    }

    @Test(arguments: scenarios, Form.allCases)
    func whatIsSentIsWhatChanged(scenario: Scenario, form: Form) {
        var study = Self.published(.iocmAndKOS)
        let resent = scenario.resent.map { form == .newUIDs ? $0 + 10 : $0 }
        let objects = resent + scenario.added
        if form == .noteAfter { study.store(objects, patient: scenario.patient, revision: 1) }
        study.now += 10
        if !scenario.rejected.isEmpty { study.reject(scenario.rejected, title: scenario.title, patient: 0) }
        study.now += 10
        if form != .noteAfter { study.store(objects, patient: scenario.patient, revision: 1) }
        let sent = study.settled()
        #expect(sent == (form == .newUIDs ? scenario.sentWithNewUIDs : scenario.sentWithSameUIDs))
        #expect(study.difference == nil)
    }

    /// A settlement between the note and the objects: what was withdrawn comes again.
    @Test(arguments: scenarios.filter { !$0.resent.isEmpty }, [Form.newUIDs, .sameUIDs])
    func theCorrectedObjectsMayComeADayLater(scenario: Scenario, form: Form) {
        var study = Self.published(.iocmAndKOS)
        study.reject(scenario.rejected, title: scenario.title, patient: 0)
        let whole = scenario.rejected.count == 4
        #expect(study.settled().count == (whole ? 1 : 2))
        study.now += 86_400
        study.store(
            scenario.resent.map { form == .newUIDs ? $0 + 10 : $0 }, patient: scenario.patient, revision: 1)
        let sent = study.settled()
        #expect(sent.count == 1)
        #expect(sent.first?.hasSuffix("recipients") == whole)
        #expect(study.difference == nil)
    }

    @Test(arguments: scenarios)
    func withManifestsAloneANoteIsSentOnlyWhereNoManifestCanSayIt(scenario: Scenario) {
        var study = Self.published(.kos)
        if !scenario.rejected.isEmpty { study.reject(scenario.rejected, title: scenario.title, patient: 0) }
        study.store(scenario.resent.map { $0 + 10 } + scenario.added, patient: scenario.patient, revision: 1)
        let sent = study.settled()
        let needsNote = scenario.rejected.count == 4
        #expect(sent == (needsNote ? scenario.sentWithNewUIDs : scenario.sentWithNewUIDs.suffix(1)))
        #expect(study.difference == nil)
    }

    @Test(arguments: scenarios)
    func withNotesAloneAManifestIsSentOnlyWhereSomethingElseChanged(scenario: Scenario) {
        var study = Self.published(.iocm)
        if !scenario.rejected.isEmpty { study.reject(scenario.rejected, title: scenario.title, patient: 0) }
        let objects = scenario.resent.map { $0 + 10 } + scenario.added
        study.store(objects, patient: scenario.patient, revision: 1)
        let sent = study.settled()
        #expect(sent == (objects.isEmpty ? Array(scenario.sentWithNewUIDs.prefix(1)) : scenario.sentWithNewUIDs))
        #expect(study.difference == nil)
    }
}
