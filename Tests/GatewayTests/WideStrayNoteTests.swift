import DICOM
import Foundation
import KeyObjects
import Spool
import Studies
import Testing
import Threads

@testable import Gateway

/// One note that names the instances of many studies under a wrong one: its work is in the measure of what it says.
struct WideStrayNoteTests {
    private static let root = "1.2.826.0.1.3680043.10.997"
    private static let studies = 1...12

    private static func series(of study: Int) -> [TestInstance] {
        (1...4).map { number in
            var instance = TestInstance(instanceUID: "\(root).\(study).1.\(number)", instanceNumber: number)
            (instance.seriesUID, instance.studyUID) = ("\(root).\(study).1", "\(root).\(study)")
            return instance
        }
    }

    /// Of a study that has none of them, for all but the last instance of each study.
    private static var note: TestInstance {
        var note = TestInstance.note("113037", for: studies.flatMap { series(of: $0).dropLast().map(\.instanceUID) })
        (note.instanceUID, note.seriesUID, note.studyUID) = ("\(root).99.9.1", "\(root).99.9", "\(root).99")
        return note
    }

    private static func key(_ study: Int) -> StudyKey {
        StudyKey(source: "PACS", studyInstanceUID: StudyUID("\(root).\(study)"))
    }

    /// A spool with the studies, settled, and then the note; nothing is sent.
    private final class Bench {
        let spool: Spool
        let images: ImageIntake
        let settler: Settler
        let configuration: Gateway.Configuration
        private let directory: String

        init(imagesTo destinations: [Gateway.Configuration.ImageDestination] = []) throws {
            directory = NSTemporaryDirectory() + "stray-" + UUID().uuidString
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            var settings = Spool.Configuration(directory: directory + "/spool")
            (settings.reserve, settings.imageReserve) = (0, 0)
            spool = try Spool(settings)
            var configuration = Gateway.Configuration.embeddedDefault
            configuration.imageDestinations = destinations
            self.configuration = configuration
            images = ImageIntake(configuration, spool: spool) { _ in }
            settler = Settler(configuration: configuration, spool: spool, images: images) { _ in }
        }

        deinit {
            spool.close()
            try? FileManager.default.removeItem(atPath: directory)
        }

        func store(_ instance: TestInstance, _ kind: InstanceAttributes.Kind, hour: Int64) throws {
            let attributes = InstanceAttributes(
                kind: kind, transferSyntax: .explicitVRLittleEndian, callingAETitle: AETitle("PACS"))
            var image: QueuedImage?
            if kind == .instance, !configuration.imageDestinations.isEmpty {
                let head = ImageHead(
                    sopClass: .ctImage, instance: InstanceUID(instance.instanceUID),
                    transferSyntax: .explicitVRLittleEndian, from: AETitle("PACS"))
                image = QueuedImage(
                    file: try images.file(head, dataSet: instance.dataSet), instance: instance.instanceUID,
                    sopClass: SOPClassUID.ctImage.text, transferSyntax: TransferSyntax.explicitVRLittleEndian.text,
                    destinations: ["tele"])
            }
            try spool.store(
                Arrival(
                    source: "PACS", study: instance.studyUID ?? "", series: instance.seriesUID ?? "",
                    attributes: attributes.text, header: instance.dataSet,
                    receivedAt: Timestamp(milliseconds: hour * 3_600_000), image: image,
                    withholdsImages: kind.mayWithdraw))
        }

        func settle(_ study: Int) throws -> [StudyKey] {
            _ = try settler.settle(key(study), source: configuration.source(named: "PACS"))
            return Array(settler.takeNoted())
        }

        func entry(_ study: Int) throws -> StudyEntry {
            try #require(try spool.studies(uid: key(study).studyInstanceUID.text).first)
        }

        /// What is filed under a study besides its images.
        func documents(of study: Int) throws -> [[UInt8]] {
            var documents: [[UInt8]] = []
            try spool.headers(of: entry(study).id) { stored, header in
                guard InstanceAttributes(text: stored.attributes).kind != .instance else { return }
                documents.append(header.withUnsafeBytes { [UInt8]($0) })
            }
            return documents
        }
    }

    private func filled(imagesTo destinations: [Gateway.Configuration.ImageDestination] = []) throws -> Bench {
        let bench = try Bench(imagesTo: destinations)
        for study in Self.studies {
            for instance in Self.series(of: study) { try bench.store(instance, .instance, hour: 10) }
            #expect(try bench.settle(study) == [])
        }
        try bench.store(Self.note, .rejectionNote, hour: 13)
        #expect(try Set(bench.settle(99)) == Set(Self.studies.map(Self.key)))
        return bench
    }

    @Test func eachStudyIsFiledWhatTheNoteSaysOfItAndNoMore() throws {
        let bench = try filled()
        for study in Self.studies {
            let documents = try bench.documents(of: study)
            #expect(documents.count == 1)
            let excerpt = try #require(
                documents.first.flatMap { KeyObjectDocument(header: $0, transferSyntax: .explicitVRLittleEndian) })
            let expected = Self.series(of: study).dropLast().map { InstanceUID($0.instanceUID) }
            #expect(excerpt.evidence.map(\.sopInstanceUID) == expected && excerpt.references.isEmpty)
            #expect(excerpt.sopInstanceUID?.text == Self.note.instanceUID)
            #expect(try bench.settle(study) == [], "what it says is known there")
            let settings = StudySettings(bench.configuration, source: bench.configuration.source(named: "PACS"))
            let replay = try StudyReplay(of: bench.entry(study), in: bench.spool, settings)
            #expect(replay.listed == [InstanceUID(Self.series(of: study)[3].instanceUID)])
        }
    }

    @Test func theNoteIsReadOnceForAllOfThem() throws {
        let bench = try filled()
        let settings = StudySettings(bench.configuration, source: bench.configuration.source(named: "PACS"))
        let last = NotingNeighbour()
        for study in Self.studies {
            let entry = try bench.entry(study)
            let replay = try StudyReplay(of: entry, in: bench.spool, settings)
            _ = try StudyNeighbours(of: entry, replay, in: bench.spool, knowing: last) { _ in settings }
        }
        #expect(last.readings == 1)
        // What came since is read.
        var other = Self.note
        other.instanceUID += "2"
        try bench.store(other, .rejectionNote, hour: 14)
        #expect(try last.replay(of: bench.entry(99), in: bench.spool, settings).namingNotes.count == 2)
    }

    /// What a destination of images is sent is the note, to the byte.
    @Test func imagesAreFollowedByTheWholeNote() throws {
        var destination = Configuration.ImageDestination(name: "tele", aeTitle: AETitle("T"), host: "h", port: 1)
        destination.rules = [Configuration.ImageRule()]
        let bench = try filled(imagesTo: [destination])
        try bench.spool.beginImages(of: bench.entry(3).id, at: "tele")
        _ = try bench.settle(3)
        let queued = try bench.spool.images(of: bench.entry(3).id)
        let barrier = try #require(queued.first { $0.isBarrier })
        #expect(barrier.instance == Self.note.instanceUID)
        try bench.spool.dropImages(queued.filter { !$0.isBarrier }.map(\.id), events: [])
        let file = try #require(try bench.spool.begin(barrier.id))
        var bytes = [UInt8](repeating: 0, count: file.left)
        let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0) }
        #expect(count == bytes.count && bytes == Self.note.dataSet)
    }
}
