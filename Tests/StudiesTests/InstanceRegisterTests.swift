import DICOM
import Studies
import Testing

@Suite struct InstanceRegisterTests {
    private static func settings(_ policy: ResendPolicy) -> InstanceRegister.Settings {
        .init(policies: ["113001": policy])
    }

    private func study(_ policy: ResendPolicy) -> StudyUnderTest { StudyUnderTest(settings: Self.settings(policy)) }

    private let one = StudyUnderTest.uid(1)

    // MARK: Notes

    @Test func whatANoteNamesIsNotLive() {
        var study = StudyUnderTest()
        study.store([1, 2, 3])
        #expect(study.reject([2, 3], title: "113037").isEmpty)
        #expect(study.live == [1])
        let note = InstanceUID("note 1")
        #expect(study.register.state(of: StudyUnderTest.uid(2)) == .rejected(title: "113037", note: note))
        #expect(study.register.title(of: StudyUnderTest.uid(2)) == "113037")
        #expect(study.register.title(of: one) == nil)
        #expect(study.register.rejected == [2, 3].map(StudyUnderTest.uid))
    }

    @Test func aNoteBeforeItsObjectsRejectsTheFirstCopyThatComes() {
        var study = StudyUnderTest()
        let remarks = study.reject([1, 2], title: "113001", patient: 0)
        #expect(remarks == [.noteOfUnknownInstances(note: InstanceUID("note 1"), title: "113001", count: 2)])
        #expect(study.register.rejected.count == 2)
        #expect(
            study.store([1]) == [.rejectedInstanceCame(one, title: "113001", outcome: .refused)])
        #expect(study.live == [])
        // The second copy is another one: the policy of the title lets it in.
        #expect(
            study.store([1], revision: 1) == [.rejectedInstanceCame(one, title: "113001", outcome: .accepted)])
        #expect(study.live == [1])
        #expect(study.register.isCorrected(one))
    }

    @Test func aCopyOfAnotherPatientIsNotTheOneThatAnEarlierNoteMeant() {
        var study = study(.acceptIfCorrected)
        study.reject([1], title: "113001", patient: 0)
        study.store([1], patient: 1)
        #expect(study.live == [1])
        // The one that was meant comes late.
        #expect(study.store([1]) == [.rejectedInstanceCame(one, title: "113001", outcome: .refused)])
        #expect(study.register.status(of: one)?.copy?.patient == SimulatedDestination.patients[1])
        #expect(study.live == [1])
    }

    @Test func theSameNoteAgainChangesNothing() {
        var study = study(.accept)
        study.store([1])
        study.reject([1], title: "113001", note: 7)
        study.store([1])
        #expect(study.reject([1], title: "113001", note: 7).isEmpty)
        #expect(study.live == [1])
    }

    @Test func theSameNoteWithOtherContentIsAppliedAndTold() {
        var study = StudyUnderTest()
        study.store([1, 2])
        study.reject([1], title: "113001", note: 7)
        let remarks = study.reject([2], title: "113001", note: 7, digest: 2)
        #expect(remarks == [.sameNoteOtherContent(note: InstanceUID("note 7"))])
        #expect(study.live == [])
    }

    @Test func aNoteOfAnIgnoredTitleIsOnlyTold() {
        var study = StudyUnderTest(settings: .init(ignoredTitles: ["113039"]))
        study.store([1])
        #expect(
            study.reject([1], title: "113039") == [.noteIgnored(note: InstanceUID("note 1"), title: "113039")])
        #expect(study.live == [1])
    }

    @Test func aNoteForANoteReleasesNothing() {
        var study = StudyUnderTest()
        study.store([1])
        study.reject([1], title: "113037", note: 7)
        let rejection = Rejection(
            note: InstanceUID("note 8"), digest: 1, title: "113039", references: [InstanceUID("note 7")], patient: nil,
            accessionNumber: "", at: study.now)
        #expect(study.register.apply(.rejected(rejection)) == [.noteRejectsNote(note: InstanceUID("note 7"))])
        #expect(study.live == [])
    }

    @Test func aNoteForAManifestIsToldInEitherOrder() {
        var study = StudyUnderTest()
        #expect(study.register.apply(.documentStored(one)).isEmpty)
        #expect(study.reject([1], title: "113039") == [.noteRejectsDocument(one)])
        study.reject([2], title: "113039")
        let two = StudyUnderTest.uid(2)
        #expect(study.register.apply(.documentStored(two)) == [.noteRejectsDocument(two)])
        #expect(study.register.rejectedDocuments == [one, two])
        #expect(study.register.rejectedCount == 0)
    }

    @Test func theStricterOfTwoTitlesDecidesOnLaterCopies() {
        var study = StudyUnderTest()
        study.store([1])
        study.reject([1], title: "113037")
        study.reject([1], title: "113039")
        study.store([1], revision: 1)
        #expect(study.register.quarantined == [one])
        #expect(study.register.title(of: one) == "113037")
    }

    // MARK: Copies after a note

    @Test(arguments: ResendPolicy.allCases)
    func thePolicyDecidesOnTheSameCopy(policy: ResendPolicy) {
        var study = study(policy)
        study.store([1])
        study.reject([1], title: "113001")
        study.store([1])
        #expect(study.live == (policy == .accept ? [1] : []))
        #expect(study.register.quarantinedCount == (policy == .quarantine ? 1 : 0))
        #expect(study.register.status(of: one)?.copies == 2)
    }

    @Test(arguments: ResendPolicy.allCases)
    func thePolicyDecidesOnACopyWithAnotherHeader(policy: ResendPolicy) {
        var study = study(policy)
        study.store([1])
        study.reject([1], title: "113001")
        study.store([1], revision: 1)
        #expect(study.live == (policy >= .acceptIfChanged ? [1] : []))
    }

    @Test(arguments: ResendPolicy.allCases, [true, false])
    func thePolicyDecidesOnACorrectedCopy(policy: ResendPolicy, isPatient: Bool) {
        var study = study(policy)
        study.store([1])
        study.reject([1], title: "113001")
        study.store([1], patient: isPatient ? 1 : 0, revision: 1, accession: isPatient ? "ACC" : "OTHER")
        #expect(study.live == (policy >= .acceptIfCorrected ? [1] : []))
    }

    @Test func everyCopyThatWasRejectedStaysSo() {
        var study = study(.acceptIfChanged)
        for revision in 0..<3 as Range<UInt64> {
            study.now += 3600
            study.store([1], revision: revision)
            study.reject([1], title: "113001")
        }
        for revision in 0..<3 as Range<UInt64> {
            study.store([1], revision: revision)
            #expect(study.live == [])
        }
        study.store([1], revision: 3)
        study.store([1], revision: 1)
        #expect(study.live == [1])
        #expect(study.register.status(of: one)?.copy?.header == 3)
    }

    @Test func defaultsAreThoseOfTheTitles() {
        var study = StudyUnderTest()
        study.store([1, 2, 3, 4, 5])
        for (number, title) in ["113001", "113037", "113038", "113039", "999999"].enumerated() {
            study.reject([number + 1], title: title)
        }
        study.store([1, 2, 3, 4, 5])
        #expect(study.live == [4])
        #expect(study.register.quarantined == [2, 3, 5].map(StudyUnderTest.uid))
        study.store([1], revision: 1)
        #expect(study.live == [1, 4])
    }

    // MARK: The race of a copy and the note for the one before

    @Test func aNoteSoonAfterAChangedCopyMeansTheOneBefore() {
        var study = StudyUnderTest()
        study.store([1, 2])
        study.now += 86_400
        study.store([1, 2], revision: 1)
        study.now += 600
        let remarks = study.reject([1, 2], title: "113001", note: 7)
        let note = InstanceUID("note 7")
        #expect(remarks == [.noteMeansEarlierCopies(note: note, title: "113001", count: 2, outcome: .accepted)])
        #expect(study.live == [1, 2])
        #expect(study.register.isCorrected(one))
    }

    @Test func inThatRaceAStrictTitleQuarantines() {
        var study = StudyUnderTest()
        study.store([1])
        study.store([1], revision: 1)
        study.reject([1], title: "113037")
        #expect(study.register.quarantined == [one])
    }

    @Test func afterTheWindowANoteMeansTheCopyThatStands() {
        var study = StudyUnderTest()
        study.store([1])
        study.store([1], revision: 1)
        study.now += 601
        #expect(study.reject([1], title: "113001").isEmpty)
        #expect(study.live == [])
    }

    @Test func aNoteThatNamesTheOldPatientMeansTheOldCopyWheneverItComes() {
        var study = study(.acceptIfCorrected)
        study.store([1])
        study.store([1], patient: 1)
        study.now += 86_400
        study.reject([1], title: "113001", patient: 0)
        #expect(study.live == [1])
    }

    @Test func aNoteThatNamesTheNewPatientMeansTheNewCopyHoweverSoon() {
        var study = study(.acceptIfCorrected)
        study.store([1])
        study.store([1], patient: 1)
        study.reject([1], title: "113001", patient: 1)
        #expect(study.live == [])
    }

    @Test func aNoteLetsNothingInThatIsQuarantined() {
        var study = StudyUnderTest()
        study.store([1])
        study.reject([1], title: "113038", patient: 0)
        study.store([1], patient: 1)
        #expect(study.register.quarantined == [one])
        study.reject([1], title: "113039", patient: 0)
        #expect(study.register.quarantined == [one])
        #expect(study.register.title(of: one) == "113038")
    }

    // MARK: Decisions

    @Test func aReleaseFreesWhatIsQuarantined() {
        var study = StudyUnderTest()
        study.store([1, 2])
        study.reject([1, 2], title: "113037")
        study.store([1])
        #expect(study.decide(.release(holds: [], instances: nil)) == [.released(count: 1)])
        #expect(study.live == [1])
        #expect(study.decide(.release(holds: [], instances: [StudyUnderTest.uid(2)])) == [.released(count: 1)])
        #expect(study.live == [1, 2])
        study.store([1, 2])
        #expect(study.live == [1, 2])
    }

    @Test func aReleaseOfWhatNeverCameForgetsItsNote() {
        var study = StudyUnderTest()
        study.reject([1], title: "113037")
        study.decide(.release(holds: [], instances: [one]))
        #expect(study.register.state(of: one) == nil)
        study.store([1])
        #expect(study.live == [1])
    }

    @Test func aWithdrawalRejectsAllThatIsLive() {
        var study = StudyUnderTest()
        study.store([1, 2])
        #expect(study.decide(.withdraw(title: "113039")) == [.withdrawn(title: "113039", count: 2)])
        #expect(study.live == [])
        #expect(study.register.state(of: one) == .rejected(title: "113039", note: nil))
        study.store([1])
        #expect(study.live == [1])
    }

    @Test func aWithdrawalRejectsWhatIsInQuarantineToo() {
        var study = StudyUnderTest()
        study.store([1, 2])
        study.reject([1], title: "113037")
        study.store([1])
        #expect(study.register.state(of: one) == .quarantined(title: "113037", note: InstanceUID("note 1")))
        #expect(study.decide(.withdraw(title: "113039")) == [.withdrawn(title: "113039", count: 2)])
        study.decide(.release(holds: [], instances: nil))
        #expect(study.live == [])
    }

    @Test func holdsAreTheStudysAndChangeNoInstance() {
        var study = StudyUnderTest()
        study.store([1])
        study.decide(.hold)
        #expect(study.register.isHeldByHand)
        study.decide(.release(holds: ["accession"], instances: []))
        #expect(study.register.isHeldByHand)
        #expect(study.register.releasedHolds == ["accession"])
        study.decide(.release(holds: [Decision.heldByHand], instances: []))
        #expect(!study.register.isHeldByHand)
        #expect(study.live == [1])
    }

    @Test(arguments: [
        Decision.Action.hold, .withdraw(title: "113039"), .release(holds: ["a b", "c\nd"], instances: nil),
        .release(holds: [], instances: []),
        .release(holds: ["x"], instances: [InstanceUID("1.2"), InstanceUID("1\\n")]),
    ])
    func aDecisionReadsBack(action: Decision.Action) {
        let decision = Decision(action, by: "someone\r\nelse", why: "because \\ of\nthis")
        #expect(Decision(text: decision.text) == decision)
        #expect(Decision(text: decision.text + "\nmore") != decision)
    }

    @Test(arguments: ["", "hold", "hold\na", "withdraw\na\nb", "release\na\nb", "release\na\nb\n9", "burn\na\nb"])
    func textThatIsNoDecisionIsRefused(text: String) {
        #expect(Decision(text: text) == nil)
    }
}
