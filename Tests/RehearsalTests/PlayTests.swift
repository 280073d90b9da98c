import DICOM
import Gateway
import Testing

@testable import Rehearsal

@Suite struct PlayTests {
    private static let all = Scenario.allCases.flatMap { scenario in
        Form.allCases.map { Play(scenario, $0, facts: InventedFacts(), hasReport: false) }
    }

    private func notes(_ play: Play) -> [InventedNote] {
        play.steps.joined().compactMap { if case .note(let note) = $0 { note } else { nil } }
    }

    @Test func everyPlayBeginsWithAWholeExam() {
        #expect(Self.all.count == 33)
        for play in Self.all {
            #expect(play.steps[0] == play.exam.instances.map(Message.instance))
            #expect(play.steps.count > 1)
        }
    }

    @Test func noTwoPlaysShareAStudyOrAPatient() {
        let studies = Self.all.flatMap { $0.studies.map(\.text) }
        #expect(Set(studies).count == studies.count)
        let patients = Self.all.flatMap { [$0.exam.patient.patientID, $0.moved.patient.patientID] }
        #expect(Set(patients).count == patients.count)
    }

    @Test func aNoteHasThePatientAndTheInstancesOfTheExam() {
        for play in Self.all {
            for note in notes(play) {
                #expect(note.references.allSatisfy { $0.patient == play.exam.patient })
                #expect(note.title == play.scenario.rejection)
            }
        }
    }

    @Test func onlyAnAdditionDoesWithoutANote() {
        for play in Self.all {
            let isAddition = play.scenario == .imageAdded || play.scenario == .seriesAdded
            #expect(notes(play).count == (isAddition && play.form != .noteAfterObjects ? 0 : 1))
        }
    }

    @Test func withNewUIDsNothingComesTwice() {
        for play in Self.all where play.form == .newUIDs {
            let uids = play.steps.joined().map(\.sopInstanceUID)
            #expect(Set(uids).count == uids.count, "\(play.scenario)")
        }
    }

    @Test func inTheLastFormNothingFollowsTheNote() {
        for play in Self.all where play.form == .noteAfterObjects {
            guard case .note? = play.steps.last?.last else {
                Issue.record("\(play.scenario) does not end with a note")
                continue
            }
        }
    }

    @Test func aMovedStudyOfOtherUIDsIsAnotherStudy() {
        let play = Play(.studyMoved, .newUIDs, facts: InventedFacts(), hasReport: false)
        #expect(play.studies.count == 2)
        #expect(Play(.studyMoved, .sameUIDs, facts: InventedFacts(), hasReport: false).studies.count == 1)
    }

    @Test func aReportIsAmongTheInstancesWhereTheSourceWaitsForIt() {
        let play = Play(.identityChanged, .newUIDs, facts: InventedFacts(), hasReport: true)
        for step in play.steps { #expect(step.contains { $0.sopClassUID == .basicTextSR }) }
    }
}
