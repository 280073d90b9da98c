import Associations
import DICOM
import DICOMNetwork
import Testing
import Threads

@testable import Gateway

struct PACSQueryTests {
    private static let images = (0..<5).map {
        ScriptedPACS.Image(series: "1.2.3.\($0 % 2)", instance: "1.2.3.\($0 % 2).\($0)")
    }
    private static let all = images.map { InstanceUID($0.instance) }.sorted()
    private let study = StudyUID("1.2.3")

    private func query(
        _ pacs: ScriptedPACS, _ change: (inout PACSQuery.Configuration) -> Void = { _ in }
    ) -> PACSQuery {
        var configuration = PACSQuery.Configuration(
            host: "127.0.0.1", port: pacs.port, called: AETitle("PACS"), calling: AETitle("KOSGATE"),
            destination: AETitle("KOSGATE"))
        change(&configuration)
        return PACSQuery(configuration)
    }

    @Test(arguments: [
        (ScriptedPACS.Relational.answers, ["FIND STUDY", "FIND all of IMAGE"]),
        (.tellsNothing, ["FIND STUDY", "FIND all of IMAGE", "FIND SERIES", "FIND IMAGE", "FIND IMAGE"]),
        (.tellsOneSeries, ["FIND STUDY", "FIND all of IMAGE", "FIND SERIES", "FIND IMAGE", "FIND IMAGE"]),
        (.refuses, ["FIND STUDY", "FIND all of IMAGE", "FIND SERIES", "FIND IMAGE", "FIND IMAGE"]),
    ])
    func everyInstanceIsLearntWhateverThePACSCanAnswer(habit: ScriptedPACS.Relational, asked: [String]) throws {
        let pacs = try ScriptedPACS(Self.images) { $0.relational = habit }
        let found = try query(pacs).instances(ofStudy: study)
        #expect(found.map(\.instance).sorted() == Self.all)
        #expect(found.allSatisfy { $0.sopClass == .ctImage })
        #expect(Set(found.map(\.series.text)) == ["1.2.3.0", "1.2.3.1"])
        #expect(pacs.log.withLock { $0 } == asked)
    }

    /// What cannot be checked against a count is not trusted.
    @Test func withoutACountItIsAskedSeriesBySeries() throws {
        let pacs = try ScriptedPACS(Self.images) {
            $0.counts = false
            $0.relational = .tellsOneSeries
        }
        #expect(try query(pacs).instances(ofStudy: study).map(\.instance).sorted() == Self.all)
        #expect(try query(pacs).numberOfInstances(ofStudy: study) == nil)
    }

    @Test func aStudyIsCounted() throws {
        let pacs = try ScriptedPACS(Self.images)
        #expect(try query(pacs).numberOfInstances(ofStudy: study) == 5)
        #expect(try query(pacs).numberOfInstances(ofStudy: StudyUID("9.9")) == 0)
        #expect(try query(pacs).study(StudyUID("9.9")) == nil)
        #expect(try query(pacs).instances(ofStudy: StudyUID("9.9")).isEmpty)
    }

    @Test func aFailureIsNotAnEmptyAnswer() throws {
        let pacs = try ScriptedPACS(Self.images) { $0.status = .outOfResources }
        do {
            _ = try query(pacs).studies(from: "20260315", to: "20260315")
            Issue.record("it was taken for an answer")
        } catch {
            #expect(error.description == "the PACS answers C-FIND 0xA700 (out of resources)")
            #expect(error.remedy?.isEmpty == false)
        }
    }

    @Test func moreMatchesThanAreTakenAreAFailure() throws {
        let pacs = try ScriptedPACS(Self.images)
        #expect(throws: PACSError.tooManyMatches(limit: 4)) {
            try query(pacs) { $0.matchLimit = 4 }.instances(ofStudy: study)
        }
    }

    @Test func whoStopsIsNotKept() throws {
        let pacs = try ScriptedPACS(Self.images)
        #expect(throws: PACSError.stopped) { try query(pacs) { $0.isStopped = { true } }.instances(ofStudy: study) }
    }

    // MARK: Fetching

    private func instances(_ numbers: [Int], strangers: [String] = []) -> [PACSInstance] {
        let images =
            numbers.map { Self.images[$0] } + strangers.map { ScriptedPACS.Image(series: "1.2.3.0", instance: $0) }
        return images.compactMap { image in
            let match = DataSet([
                .init(.sopClassUID, .UI, .bytes(Array(image.sopClass.utf8))),
                .init(.sopInstanceUID, .UI, .bytes(Array(image.instance.utf8))),
                .init(.seriesInstanceUID, .UI, .bytes(Array(image.series.utf8))),
            ])
            return PACSInstance(match, of: study, in: nil)
        }
    }

    @Test func whatIsMissingIsAskedForSeriesBySeries() throws {
        let pacs = try ScriptedPACS(Self.images)
        var received: [ReceivedInstance] = []
        let outcome = try query(pacs) { $0.batch = 2 }.fetch(study, instances([0, 1, 2, 3, 4])) {
            received.append($0)
            return .success
        }
        #expect(outcome.operation == .get)
        #expect(outcome.stored == Set(Self.all))
        #expect(received.map(\.sopInstanceUID).sorted() == Self.all)
        #expect(received.allSatisfy { $0.association.calling == AETitle("PACS") })
        #expect(received.first?.capture.studyInstanceUID == study)
        #expect(
            pacs.log.withLock { $0 } == ["GET 1.2.3.0.0\\1.2.3.0.2", "GET 1.2.3.0.4", "GET 1.2.3.1.1\\1.2.3.1.3"])
    }

    /// A PACS need not tell SOP classes.
    @Test func instancesOfUnknownClassAreFetchedToo() throws {
        let pacs = try ScriptedPACS(Self.images)
        let untold = DataSet([.init(.sopInstanceUID, .UI, .bytes(Array("1.2.3.0.0".utf8)))])
        let instance = try #require(PACSInstance(untold, of: study, in: SeriesUID("1.2.3.0")))
        #expect(instance.sopClass == nil)
        let outcome = try query(pacs).fetch(study, [instance]) { _ in .success }
        #expect(outcome.stored == [InstanceUID("1.2.3.0.0")])
    }

    @Test func anUnknownInstanceCostsTheOthersNothing() throws {
        let pacs = try ScriptedPACS(Self.images) { $0.refusesListsWithStrangers = true }
        let outcome = try query(pacs).fetch(study, instances([0, 2], strangers: ["1.2.9"])) { _ in .success }
        #expect(outcome.stored == [InstanceUID("1.2.3.0.0"), InstanceUID("1.2.3.0.2")])
        #expect(outcome.failure?.status == .cannotUnderstand)
    }

    @Test func whatWasNotAskedForIsNotTaken() throws {
        for other in [
            ScriptedPACS.Image(study: "1.2.3", series: "1.2.3.1", instance: "1.2.3.1.1"),
            ScriptedPACS.Image(study: "7.7", series: "1.2.3.0", instance: "1.2.3.0.0"),
        ] {
            let pacs = try ScriptedPACS(Self.images) { $0.sendsInstead = other }
            let outcome = try query(pacs).fetch(study, instances([0])) { _ in
                Issue.record("it was taken")
                return .success
            }
            #expect(outcome.stored.isEmpty)
        }
    }

    @Test func aPACSWithoutGetIsAskedToMove() throws {
        let pacs = try ScriptedPACS(Self.images) { $0.offersGet = false }
        let outcome = try query(pacs).fetch(study, instances([0, 1, 2])) { _ in .success }
        #expect(outcome.operation == .move)
        #expect(outcome.sent == 3)
        #expect(pacs.log.withLock { $0 } == ["MOVE KOSGATE 1.2.3.0.0\\1.2.3.0.2", "MOVE KOSGATE 1.2.3.1.1"])
    }

    @Test func aMethodThatIsConfiguredIsTheOnlyOne() throws {
        let pacs = try ScriptedPACS(Self.images) { $0.offersGet = false }
        #expect(throws: PACSError.self) {
            try query(pacs) { $0.method = .cGet }.fetch(study, instances([0])) { _ in .success }
        }
        let both = try ScriptedPACS(Self.images)
        #expect(
            try query(both) { $0.method = .cMove }.fetch(study, instances([0])) { _ in .success }.operation == .move)
    }

    // MARK: Adoption and sweep

    @Test func aStudyIsLearnt() throws {
        let pacs = try ScriptedPACS(Self.images)
        let adopted = try query(pacs).adopt(study)
        #expect(adopted.instances.map(\.instance).sorted() == Self.all)
        #expect(adopted.incomplete.isEmpty)
        let header = try DataSet(header: adopted.instances[0].header, encoding: .explicitVRLittleEndian)
        #expect(header.string(.patientID) == "IPP0042")
        #expect(header.uid(.studyInstanceUID) == study)
        #expect(header.uid(.seriesInstanceUID, as: SeriesUID.self) == adopted.instances[0].series)
        #expect(throws: PACSError.unknownStudy) { try query(pacs).adopt(StudyUID("9.9")) }
    }

    @Test func aSweepTellsWhatNoMessageAnnounced() throws {
        let images =
            Self.images + [
                ScriptedPACS.Image(study: "2.1", series: "2.1.1", instance: "2.1.1.1"),
                // Its date was changed.
                ScriptedPACS.Image(study: "2.2", series: "2.2.1", instance: "2.2.1.1", date: "20200101"),
            ]
        let pacs = try ScriptedPACS(images)
        let known: [StudyUID: StudyComparison.Known] = [
            study: .init(published: Set(Self.all.dropFirst() + [InstanceUID("1.2.3.9")])),
            StudyUID("2.2"): .init(published: [InstanceUID("2.2.1.1")]),
            StudyUID("2.3"): .init(published: [InstanceUID("2.3.1.1")]),
        ]
        var proposals: [StudyComparison.Proposal] = []
        try query(pacs).reconcile(
            days: ["20260314", "20260315"], published: [study, StudyUID("2.2"), StudyUID("2.3")],
            known: { known[$0] }, report: { proposals.append($0) })
        #expect(
            Set(proposals) == [
                .init(kind: .additions, study: study, instances: [Self.all[0]]),
                .init(kind: .disappearances, study: study, instances: [InstanceUID("1.2.3.9")]),
                .init(kind: .studyUnknown, study: StudyUID("2.1"), instances: []),
                .init(kind: .studyGone, study: StudyUID("2.3"), instances: [InstanceUID("2.3.1.1")]),
            ])
    }
}
