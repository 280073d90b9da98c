import DICOM
import Studies
import Testing

@Suite struct StandingTests {
    private func published(_ numbers: [Int] = [1, 2], _ removal: Removal = .iocmAndKOS) -> StudyUnderTest {
        var study = StudyUnderTest(removal: removal)
        study.store(numbers)
        _ = study.settled()
        study.now += 3600
        return study
    }

    @Test func whatIsHeldAndTrueAsksForNothing() {
        var study = published()
        #expect(study.settled() == [])
        #expect(study.destination.standing.held.map(\.isCertain) == [true])
    }

    /// A destination that takes a newer manifest as an addition shows it still.
    @Test(arguments: [Removal.iocmAndKOS, .iocm])
    func whatAManifestLeftOutWithoutANoteIsWithdrawnOnceItIsRejected(removal: Removal) {
        var study = published([1, 2, 3], removal)
        study.leftOut = [StudyUnderTest.uid(3)]
        #expect(study.settled() == ["manifest of A: 1 2"])
        study.now += 3600
        #expect(study.destination.standing.replaced.count == 1)
        study.reject([3], title: "113001")
        #expect(study.settled() == ["note of A: 3"])
        #expect(study.destination.standing.replaced == [])
        #expect(study.destination.standing.documents.count == 1)
    }

    @Test func aManifestThatTheNextOneRepeatsIsKeptNoLonger() {
        var study = published()
        study.store([3])
        #expect(study.settled() == ["manifest of A: 1 2 3"])
        #expect(study.destination.standing.replaced == [])
        #expect(study.destination.standing.documents.count == 1)
    }

    @Test func withManifestsAloneWhatIsLeftOutIsGone() {
        var study = published([1, 2, 3], .kos)
        study.leftOut = [StudyUnderTest.uid(3)]
        #expect(study.settled() == ["manifest of A: 1 2"])
        #expect(study.destination.standing.replaced == [])
        study.reject([3], title: "113001")
        #expect(study.settled() == [])
    }

    @Test func whatWasLeftOutAndIsListedAgainIsNotWithdrawn() {
        var study = published([1, 2, 3])
        study.leftOut = [StudyUnderTest.uid(3)]
        _ = study.settled()
        study.now += 3600
        study.leftOut = []
        #expect(study.settled() == ["manifest of A: 1 2 3"])
        #expect(study.destination.standing.replaced == [])
    }

    @Test func whatIsGivenUpUntriedIsNotTakenForAcknowledged() {
        var study = published()
        study.store([3])
        study.settle()
        var standing = study.destination.standing
        let held = standing.held
        let waiting = standing.steps.map(\.identity)
        #expect(waiting.count == 1)
        #expect(standing.dropUntried() == waiting)
        standing.observe(outbox: [:])
        #expect(standing.held == held)
        #expect(standing.steps.isEmpty)
    }

    @Test func changesThatWereNeverTriedCollapse() {
        var study = published()
        for number in 3...40 {
            study.store([number])
            study.settle()
        }
        study.reject([2], title: "113001")
        study.settle()
        #expect(study.outbox.count == 2)
        #expect(study.outbox.first == "note of A: 2")
        #expect(study.destination.outbox.last?.document.version == 2)
    }

    @Test func aNoteThatIsNoLongerWantedAndWasNeverTriedIsTakenBack() {
        var study = published()
        study.reject([2], title: "113039")
        study.settle()
        study.store([2])
        study.settle()
        #expect(study.outbox == [])
    }

    @Test func aNoteThatWasTriedStaysAndItsReferencesArePublishedAgain() {
        var study = published()
        study.reject([2], title: "113039")
        study.settle()
        let note = study.destination.outbox.first?.document
        study.send(.lost)
        study.store([2])
        study.settle()
        #expect(study.destination.outbox.first?.document == note)
        #expect(study.outbox == ["note of A: 2", "manifest of A: 1 2"])
    }

    @Test func aTriedManifestThatIsStillTrueIsTriedAgainAsItIs() {
        var study = published()
        study.store([3])
        study.settle()
        let manifest = study.destination.outbox.first?.document
        study.send(.lost)
        study.settle()
        #expect(study.destination.outbox.map(\.document) == [manifest])
    }

    @Test func aTriedManifestThatIsNoLongerTrueMayBeHeld() {
        var study = published()
        study.store([3])
        study.settle()
        study.send(.lost)
        study.reject([3], title: "113001")
        study.settle()
        #expect(study.outbox == ["note of A: 3", "manifest of A: 1 2"])
        #expect(study.destination.standing.held.map(\.isCertain) == [true, false])
        #expect(study.settled().count == 2)
        #expect(study.destination.standing.held.map(\.isCertain) == [true])
        #expect(study.difference == nil)
    }

    @Test func aTriedFirstManifestStaysWhenSomethingIsOnlyAdded() {
        var study = StudyUnderTest()
        study.store([1])
        study.settle()
        study.send(.unreachable)
        study.store([2])
        study.settle()
        #expect(study.outbox == ["manifest of A: 1, recipients", "manifest of A: 1 2"])
        study.store([3])
        study.settle()
        #expect(study.outbox == ["manifest of A: 1, recipients", "manifest of A: 1 2 3"])
    }

    @Test func aTriedFirstManifestThatIsNotTrueIsWithdrawnWholeSoThatTheNextIsTheFirst() {
        var study = StudyUnderTest()
        study.store([1, 2])
        study.settle()
        study.send(.lost)
        study.reject([1], title: "113001")
        study.settle()
        #expect(study.outbox == ["note of A: 1", "note of A: 2", "manifest of A: 2, recipients"])
        #expect(study.settled().count == 3)
        #expect(study.difference == nil)
    }

    @Test func theRecipientsComeAgainAfterAFullWithdrawal() {
        var study = published([1])
        study.reject([1], title: "113039")
        #expect(study.settled() == ["note of A: 1"])
        #expect(study.destination.standing.held.isEmpty)
        #expect(study.destination.standing.documents.isEmpty)
        study.store([1])
        #expect(study.settled() == ["manifest of A: 1, recipients"])
        #expect(study.destination.standing.held.first?.publication.version == 2)
    }

    @Test func underTheOldPatientTheNumbersGoOn() {
        var study = published([1])
        study.decide(.withdraw(title: "113038"))
        study.store([11], patient: 1)
        #expect(study.settled() == ["note of A: 1", "manifest of B: 11, recipients"])
        study.decide(.withdraw(title: "113038"))
        study.store([21])
        #expect(study.settled() == ["note of B: 11", "manifest of A: 21, recipients"])
        #expect(study.destination.standing.held.first?.publication.version == 2)
    }

    @Test func notesAreGroupedByTitle() {
        var study = published([1, 2, 3, 4])
        study.reject([4, 2], title: "113039")
        study.reject([3], title: "113001")
        #expect(study.settled() == ["note of A: 3", "note of A: 2 4", "manifest of A: 1"])
    }

    // MARK: Refused documents

    @Test func aRefusedManifestIsNotHeldAndWaitsForTheOperator() {
        var study = StudyUnderTest()
        study.store([1])
        study.settle()
        study.send(.refused)
        study.settle()
        #expect(study.outbox.count == 1)
        #expect(study.destination.standing.isBlocked)
        #expect(study.destination.standing.held.isEmpty)
        study.destination.retry()
        study.send(.acknowledged)
        study.settle()
        #expect(study.difference == nil)
    }

    @Test func aRefusedManifestIsSupersededWhenTheTruthChanges() {
        var study = StudyUnderTest()
        study.store([1])
        study.settle()
        study.send(.refused)
        study.store([2])
        #expect(study.settled() == ["manifest of A: 1 2, recipients"])
        #expect(study.difference == nil)
    }

    @Test func whatStandsBehindARefusedNoteWaits() {
        var study = published()
        study.reject([2], title: "113001")
        study.settle()
        study.send(.refused)
        study.store([3])
        study.settle()
        #expect(study.outbox == ["note of A: 2", "manifest of A: 1 3"])
        let sends = study.destination.sends
        study.send(.acknowledged)
        #expect(study.destination.sends == sends)
        study.reject([1], title: "113001")
        #expect(study.settled() == ["note of A: 1 2", "manifest of A: 3, recipients"])
        #expect(study.difference == nil)
    }

    @Test func aNoteThatWasRefusedAfterATryWithoutAnswerMayHaveBeenApplied() {
        var study = published()
        study.reject([1, 2], title: "113039")
        study.settle()
        study.send(.lost)
        study.send(.refused)
        study.store([1, 2])
        study.settle()
        #expect(study.outbox == ["note of A: 1 2", "manifest of A: 1 2, recipients"])
    }

    // MARK: Undecided studies

    @Test func aHeldStudyPublishesNothingAndStillWithdrawsWhatIsGone() {
        var study = published()
        study.store([3])
        study.settle()
        study.decide(.hold)
        study.reject([2], title: "113037")
        #expect(study.settled() == ["note of A: 2"])
        study.decide(.release(holds: [Decision.heldByHand], instances: []))
        #expect(study.settled() == ["manifest of A: 1 3"])
    }

    @Test(arguments: Removal.allCases)
    func aStudyOfTwoPatientsWaitsForItsNote(removal: Removal) {
        var study = published([1, 2], removal)
        study.store([11, 12], patient: 1)
        #expect(study.settled() == [])
        study.reject([1, 2], title: "113038", patient: 0)
        #expect(study.settled() == ["note of A: 1 2", "manifest of B: 11 12, recipients"])
    }

    // MARK: Removal

    @Test func withNotesAloneTheHoldingRemembersWhatWasWithdrawn() {
        var study = published([1, 2, 3], .iocm)
        study.reject([3], title: "113001")
        #expect(study.settled() == ["note of A: 3"])
        #expect(study.destination.standing.held.first?.withdrawn == [StudyUnderTest.uid(3)])
        #expect(study.settled() == [])
        study.store([4])
        #expect(study.settled() == ["manifest of A: 1 2 4"])
        #expect(study.destination.standing.held.first?.withdrawn == [])
    }

    @Test func withNotesAloneAChangedHeaderStillAsksForAManifest() {
        var study = published([1, 2], .iocm)
        study.reject([2], title: "113001")
        study.store([1], revision: 2)
        #expect(study.settled() == ["note of A: 2", "manifest of A: 1"])
    }

    @Test func withManifestsAloneTheLastInstanceIsWithdrawnByANote() {
        var study = published([1, 2], .kos)
        study.reject([2], title: "113001")
        #expect(study.settled() == ["manifest of A: 1"])
        study.reject([1], title: "113001")
        #expect(study.settled() == ["note of A: 1"])
    }

    // MARK: Records

    @Test func aRecordReadsBackWhateverItHolds() throws {
        var study = published([1, 2, 3])
        study.store([4])
        study.settle()
        study.send(.lost)
        study.reject([4, 2], title: "11\n3\\001")
        study.settle()
        study.send(.lost)
        study.send(.refused)
        study.settle()
        let standing = study.destination.standing
        #expect(standing.held.count == 2 && standing.steps.count == 2)
        #expect(Standing(record: standing.record) == standing)
        #expect(Standing(record: Standing().record) == Standing())
        for length in 0..<standing.record.count {
            #expect(Standing(record: Array(standing.record.prefix(length))) != standing)
        }
    }
}
