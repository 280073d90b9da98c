import Studies
import Testing
import Threads

@Suite struct StudyTests {
    let start = MonotonicInstant(nanoseconds: 1_000_000_000_000)
    let quiet = Study.Configuration(quietPeriod: .seconds(60), maximumWait: .seconds(600))

    private func at(_ seconds: Int) -> MonotonicInstant { start + .seconds(seconds) }

    @Test func aNewStudyHasNothingDue() {
        #expect(Study(configuration: quiet).settlesAt == nil)
    }

    @Test func aStudySettlesAfterTheQuietPeriod() {
        var study = Study(configuration: quiet)
        study.apply(.stored(sequence: 1), at: at(0))
        #expect(study.settlesAt == at(60))
    }

    @Test func everyInstanceStartsTheQuietPeriodAnew() {
        var study = Study(configuration: quiet)
        study.apply(.stored(sequence: 1), at: at(0))
        study.apply(.stored(sequence: 2), at: at(59))
        #expect(study.settlesAt == at(119))
    }

    @Test func aSenderThatNeverRestsDoesNotHideTheStudy() {
        var study = Study(configuration: quiet)
        for second in stride(from: 0, through: 590, by: 10) {
            study.apply(.stored(sequence: Int64(second)), at: at(second))
        }
        #expect(study.settlesAt == at(600))
    }

    @Test func aSettledStudyHasNothingDue() {
        var study = Study(configuration: quiet)
        study.apply(.stored(sequence: 7), at: at(0))
        study.apply(.settled(through: 7), at: at(60))
        #expect(study.settlesAt == nil)
    }

    @Test func anInstanceThatCameWhileSettlingKeepsTheStudyOpen() {
        var study = Study(configuration: quiet)
        study.apply(.stored(sequence: 7), at: at(0))
        study.apply(.stored(sequence: 8), at: at(61))
        study.apply(.settled(through: 7), at: at(62))
        #expect(study.settlesAt == at(121))
    }

    @Test func anInstanceAfterPublicationOpensANewRevision() {
        var study = Study(configuration: quiet)
        study.apply(.stored(sequence: 7), at: at(0))
        study.apply(.settled(through: 7), at: at(60))
        study.apply(.stored(sequence: 8), at: at(100))
        #expect(study.settlesAt == at(160))
    }

    @Test func aPostponedStudyIsTriedAgainAfterTheQuietPeriod() {
        var study = Study(configuration: quiet)
        study.apply(.stored(sequence: 7), at: at(0))
        study.apply(.postponed, at: at(60))
        #expect(study.settlesAt == at(120))
    }

    @Test func aPostponedStudyWithoutQuietPeriodIsNotTriedAgainAtOnce() {
        var study = Study(configuration: Study.Configuration(quietPeriod: .zero))
        study.apply(.stored(sequence: 7), at: at(0))
        study.apply(.postponed, at: at(60))
        #expect(study.settlesAt == at(61))
    }

    @Test func aLateSettlementOfASettledStudyChangesNothing() {
        var study = Study(configuration: quiet)
        study.apply(.settled(through: 3), at: at(0))
        study.apply(.postponed, at: at(1))
        #expect(study == Study(configuration: quiet))
    }

    // MARK: Associations

    @Test func anOpenAssociationKeepsItsStudyOpen() {
        var study = Study(configuration: quiet)
        study.apply(.stored(sequence: 1, association: 7), at: at(0))
        #expect(study.settlesAt == at(240))
        study.apply(.associationEnded(7, isClean: true), at: at(90))
        #expect(study.settlesAt == at(60))
    }

    @Test func oneOfTwoAssociationsIsNotEnough() {
        var study = Study(configuration: quiet)
        study.apply(.stored(sequence: 1, association: 7), at: at(0))
        study.apply(.stored(sequence: 2, association: 8), at: at(1))
        study.apply(.associationEnded(7, isClean: true), at: at(2))
        #expect(study.settlesAt == at(241))
        study.apply(.associationEnded(8, isClean: true), at: at(3))
        #expect(study.settlesAt == at(61))
    }

    @Test func aLostSenderIsWaitedForTwiceAsLong() {
        var study = Study(configuration: quiet)
        study.apply(.stored(sequence: 1, association: 7), at: at(0))
        study.apply(.associationEnded(7, isClean: false), at: at(30))
        #expect(study.settlesAt == at(150))
        study.apply(.stored(sequence: 2, association: 8), at: at(100))
        study.apply(.associationEnded(8, isClean: true), at: at(101))
        #expect(study.settlesAt == at(160))
    }

    @Test func anAssociationThatBroughtNothingMeansNothing() {
        var study = Study(configuration: quiet)
        study.apply(.stored(sequence: 1, association: 7), at: at(0))
        study.apply(.associationEnded(7, isClean: true), at: at(1))
        study.apply(.associationEnded(9, isClean: false), at: at(50))
        #expect(study.settlesAt == at(60))
    }

    @Test func aPauseIsBetweenTwoAssociations() {
        var study = Study(configuration: quiet)
        #expect(study.pause(before: 7, at: at(0)) == nil)
        study.apply(.stored(sequence: 1, association: 7), at: at(0))
        #expect(study.pause(before: 7, at: at(20)) == nil)
        #expect(study.pause(before: 8, at: at(20)) == .seconds(20))
        #expect(study.pause(before: nil, at: at(20)) == nil)
    }
}
