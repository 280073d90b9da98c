import DICOM
import Testing

@testable import Gateway

struct StudyComparisonTests {
    private let study = StudyUID("1.2.3")

    private func held(_ instances: String..., sopClass: SOPClassUID? = .ctImage) -> [PACSInstance] {
        instances.compactMap { instance in
            var match = DataSet([.init(.sopInstanceUID, .UI, .bytes(Array(instance.utf8)))])
            if let sopClass { match.append(.init(.sopClassUID, .UI, .bytes(Array(sopClass.text.utf8)))) }
            return PACSInstance(match, of: study, in: SeriesUID("1.2.3.1"))
        }
    }

    private func compare(
        _ held: [PACSInstance]?, published: Set<InstanceUID>?, withheld: Set<InstanceUID> = []
    ) -> [StudyComparison.Proposal] {
        StudyComparison().compare(
            study, held: held, known: published.map { .init(published: $0, withheld: withheld) })
    }

    private let a = InstanceUID("1.1")
    private let b = InstanceUID("1.2")

    @Test func whatIsTheSameNeedsNothing() {
        #expect(compare(held("1.1", "1.2"), published: [a, b]).isEmpty)
        #expect(compare(nil, published: []).isEmpty)
        #expect(compare(nil, published: nil).isEmpty)
    }

    @Test func additionsAndDisappearancesAreToldApart() {
        #expect(
            compare(held("1.2", "1.3"), published: [a, b]) == [
                .init(kind: .additions, study: study, instances: [InstanceUID("1.3")]),
                .init(kind: .disappearances, study: study, instances: [a]),
            ])
        #expect(compare(nil, published: [a]) == [.init(kind: .studyGone, study: study, instances: [a])])
        #expect(compare([], published: [a]) == [.init(kind: .disappearances, study: study, instances: [a])])
        #expect(compare(held("1.1"), published: nil) == [.init(kind: .studyUnknown, study: study, instances: [])])
    }

    /// A PACS that hides nothing still has what a note rejected.
    @Test func whatIsRightlyNotPublishedIsNoAddition() {
        #expect(compare(held("1.1", "1.2"), published: [a], withheld: [b]).isEmpty)
        #expect(compare(held("1.1") + held("1.9", sopClass: .keyObjectSelectionDocument), published: [a]).isEmpty)
        #expect(compare(held("1.1") + held("1.9", sopClass: nil), published: [a]).map(\.kind) == [.additions])
    }

    @Test func aProposalIsASentence() {
        let proposal = StudyComparison.Proposal(kind: .additions, study: study, instances: [a])
        #expect("\(proposal)" == "study 1.2.3: the PACS has 1 instance that never came")
    }

    @Test func aMatchOfAnotherStudyIsNone() {
        let match = DataSet([
            .init(.sopInstanceUID, .UI, .bytes(Array("1.1".utf8))),
            .init(.studyInstanceUID, .UI, .bytes(Array("9.9".utf8))),
        ])
        #expect(PACSInstance(match, of: study, in: SeriesUID("1.2.3.1")) == nil)
        #expect(PACSInstance(DataSet(), of: study, in: SeriesUID("1.2.3.1")) == nil)
    }
}
