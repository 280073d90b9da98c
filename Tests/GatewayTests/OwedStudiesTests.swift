import DICOM
import Foundation
import Spool
import Studies
import TestSupport
import Testing
import Threads

@testable import Gateway

/// A settling that fails half way owes others what it has written for them.
struct OwedStudiesTests {
    private static let root = "1.2.826.0.1.3680043.10.999"

    @Test func aNoteThatWasFiledIsSettledThoughItsOwnStudyIsNot() throws {
        let directory = NSTemporaryDirectory() + "owed-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let spool = try Spool(Spool.Configuration(directory: directory + "/spool"))
        let images = ImageIntake(.embeddedDefault, spool: spool) { _ in }
        let source = Configuration.embeddedDefault.source(named: "PACS")
        let fails = Monitor(false)
        let settler = Settler(configuration: .embeddedDefault, spool: spool, images: images) { event in
            // The settlement is written; what comes after it fails.
            if case .studyUnchanged = event, fails.withLock({ $0 }) { spool.close() }
        }
        func store(_ instance: TestInstance, _ kind: InstanceAttributes.Kind, hour: Int64) throws -> StudyKey {
            let attributes = InstanceAttributes(
                kind: kind, transferSyntax: .explicitVRLittleEndian, callingAETitle: AETitle("PACS"))
            let study = try #require(instance.studyUID)
            try spool.store(
                Arrival(
                    source: "PACS", study: study, series: instance.seriesUID ?? "", attributes: attributes.text,
                    header: instance.dataSet, receivedAt: Timestamp(milliseconds: hour * 3_600_000)))
            return StudyKey(source: "PACS", studyInstanceUID: StudyUID(study))
        }
        var instance = TestInstance.series(1)[0]
        (instance.studyUID, instance.seriesUID) = ("\(Self.root).2", "\(Self.root).2.7")
        let study = try store(instance, .instance, hour: 10)
        _ = try settler.settle(study, source: source)
        let note = try store(.note("113037", for: [instance.instanceUID]), .rejectionNote, hour: 12)
        fails.withLock { $0 = true }
        #expect(throws: SpoolError.self) { try settler.settle(note, source: source) }
        #expect(settler.takeNoted() == [study])
        #expect(settler.takeNoted().isEmpty)
    }

    @Test func aStudyThatHasChangedStaysSoUntilOthersAreTold() {
        let (owed, study) = (OwedStudies(), StudyEntry.ID(1))
        #expect(!owed.hasChanged(study))
        owed.changes(study)
        #expect(owed.hasChanged(study) && owed.hasChanged(study) && !owed.hasChanged(StudyEntry.ID(2)))
        owed.isSettled(study)
        #expect(!owed.hasChanged(study))
    }
}
