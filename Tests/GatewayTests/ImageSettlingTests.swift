import DICOM
import Foundation
import KeyObjects
import Spool
import Studies
import Testing
import Threads

@testable import Gateway

/// A spool with one image destination that takes everything, and what settles it; nothing is sent.
private final class ImageBench {
    let spool: Spool
    let intake: ImageIntake
    private let settler: Settler
    private let events = Monitor<[ImagesEvent]>([])
    private let directory: String
    private let configuration: Gateway.Configuration
    private var minute: Int64 = 0

    init() throws {
        directory = NSTemporaryDirectory() + "images-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        var settings = Spool.Configuration(directory: directory + "/spool")
        (settings.reserve, settings.imageReserve) = (0, 0)
        spool = try Spool(settings)
        var configuration = Gateway.Configuration.embeddedDefault
        var destination = Configuration.ImageDestination(name: "tele", aeTitle: AETitle("T"), host: "h", port: 1)
        destination.rules = [Configuration.ImageRule()]
        configuration.imageDestinations = [destination]
        self.configuration = configuration
        let post: @Sendable (OperatorEvent) -> Void = { [events] event in
            if case .images(let event) = event { events.update { $0.append(event) } }
        }
        intake = ImageIntake(configuration, spool: spool, post: post)
        settler = Settler(configuration: configuration, spool: spool, images: intake, post: post)
    }

    deinit {
        spool.close()
        try? FileManager.default.removeItem(atPath: directory)
    }

    let key = StudyKey(source: "any", studyInstanceUID: StudyUID(TestInstance().studyUID ?? ""))
    var told: [ImagesEvent] { events.withLock { $0 } }

    var study: StudyEntry.ID { get throws { try #require(try spool.studies(uid: key.studyInstanceUID.text).first).id } }

    /// What waits, by its instance number and whether it is withheld.
    var waiting: [String] {
        get throws {
            try spool.images(of: study).map {
                ($0.isBarrier ? "note " : "") + $0.instance.suffix(while: { $0 != "." })
                    + ($0.isWithheld ? " withheld" : "")
            }
        }
    }

    private func store(_ content: [UInt8], _ kind: InstanceAttributes.Kind, _ image: QueuedImage?) throws {
        minute += 1
        let attributes = InstanceAttributes(
            kind: kind, transferSyntax: .explicitVRLittleEndian, callingAETitle: AETitle("PACS"))
        try spool.store(
            Arrival(
                source: key.source, study: key.studyInstanceUID.text, series: "1.2.3", attributes: attributes.text,
                header: content, receivedAt: Timestamp(milliseconds: minute * 60_000), image: image,
                withholdsImages: kind.mayWithdraw))
    }

    func image(_ instance: TestInstance) throws {
        let head = ImageHead(
            sopClass: instance.sopClassUID, instance: InstanceUID(instance.instanceUID),
            transferSyntax: .explicitVRLittleEndian, from: AETitle("PACS"))
        let isWithheld = try intake.caution.begin(key)
        defer { intake.caution.end(key, isWithheld: isWithheld) }
        let image = QueuedImage(
            file: try intake.file(head, dataSet: instance.dataSet), instance: instance.instanceUID,
            sopClass: instance.sopClassUID.text, transferSyntax: TransferSyntax.explicitVRLittleEndian.text,
            destinations: ["tele"], isWithheld: isWithheld)
        try store(instance.header, .instance, image)
    }

    func note(_ title: String, for instances: [TestInstance]) throws {
        try intake.caution.note([key]) {}
        try store(TestInstance.note(title, for: instances.map(\.instanceUID)).header, .rejectionNote, nil)
    }

    /// It came for another study.
    func strayNote(_ title: String, for instances: [TestInstance]) throws {
        try intake.caution.note([key]) {}
        try store(TestInstance.note(title, for: instances.map(\.instanceUID)).header, .strayNote, nil)
    }

    func decide(_ action: Decision.Action) throws {
        try intake.caution.note([key]) {}
        try store(Array(Decision(action, by: "alice", why: "a test").text.utf8), .decision, nil)
    }

    /// The images alone, by a replay that does not know what comes `meanwhile`.
    func settleImages(_ meanwhile: () throws -> Void) throws {
        let entry = try #require(try spool.studies(uid: key.studyInstanceUID.text).first)
        let source = configuration.source(named: "any")
        let replay = try StudyReplay(of: entry, in: spool, StudySettings(configuration, source: source))
        try meanwhile()
        try ImageSettling(intake: intake) { _ in }.settle(entry, key, replay, from: source)
    }

    func dataSet(of image: ImageDelivery) throws -> DataSet {
        let reader = try #require(try spool.begin(image.id))
        var bytes = [UInt8](repeating: 0, count: reader.left)
        _ = try bytes.withUnsafeMutableBytes { buffer in try reader.read(into: buffer) }
        return try DataSet(parsing: bytes, transferSyntax: .explicitVRLittleEndian)
    }

    func settle() throws { _ = try settler.settle(key, source: configuration.source(named: "any")) }
}

extension String {
    fileprivate func suffix(while condition: (Character) -> Bool) -> String {
        String(reversed().prefix(while: condition).reversed())
    }
}

extension TestInstance {
    /// As the spool keeps it.
    fileprivate var header: [UInt8] {
        var capture = HeaderCapture(transferSyntax: .explicitVRLittleEndian, limit: 1 << 20, bulkLimit: 1 << 20)
        _ = capture.append(dataSet)
        capture.finish()
        return capture.header
    }
}

@Suite struct ImageSettlingTests {
    private let series = TestInstance.series(3)

    @Test func imagesOfAnOrdinaryStudyAreFree() throws {
        let bench = try ImageBench()
        for instance in series { try bench.image(instance) }
        #expect(try bench.waiting == ["1", "2", "3"])
        try bench.settle()
        #expect(try bench.waiting == ["1", "2", "3"])
        #expect(bench.told == [])
    }

    @Test func aNoteWithholdsAllAndTheSettlingDropsWhatItRejects() throws {
        let bench = try ImageBench()
        for instance in series { try bench.image(instance) }
        try bench.note("113001", for: [series[1]])
        #expect(try bench.waiting == ["1 withheld", "2 withheld", "3 withheld"])
        try bench.image(TestInstance.series(1, from: 4)[0])
        #expect(try bench.waiting.last == "4 withheld", "what comes after the note waits too")
        try bench.settle()
        #expect(try bench.waiting == ["1", "3", "4"])
        #expect(
            bench.told == [.dropped(bench.key, images: 1, destination: "tele", reason: "rejected (113001)")])
        let history = try bench.spool.history(of: bench.study).map(\.detail)
        #expect(history.contains("1 image not sent to tele: rejected (113001)"))
    }

    /// Nothing but a later copy says that the first one is not true any more.
    @Test(arguments: [true, false])
    func ofSeveralCopiesTheLastIsSent(isChanged: Bool) throws {
        let bench = try ImageBench()
        try bench.image(series[0])
        var again = series[0]
        if isChanged { again.accessionNumber = "B2026002" }
        try bench.image(again)
        let numbers = try bench.spool.images(of: bench.study).map(\.id.image)
        #expect(try bench.waiting == ["1 withheld", "1"], "the last one waits for no settling")
        try bench.settle()
        #expect(try bench.spool.images(of: bench.study).map(\.id.image) == [numbers[1]])
        #expect(
            bench.told == [
                .dropped(bench.key, images: 1, destination: "tele", reason: "followed by a later copy")
            ])
    }

    @Test func ofACorrectedInstanceTheCorrectedCopyIsSentAndTheRejectedIsNot() throws {
        let bench = try ImageBench()
        try bench.image(series[0])
        try bench.note("113001", for: [series[0]])
        var corrected = series[0]
        corrected.accessionNumber = "B2026002"
        try bench.image(corrected)
        let numbers = try bench.spool.images(of: bench.study).map(\.id.image)
        try bench.settle()
        #expect(try bench.spool.images(of: bench.study).map(\.id.image) == [numbers[1]])
        #expect(try bench.waiting == ["1"])
        // The rejected copy comes once more, beside the corrected one.
        try bench.image(series[0])
        try bench.settle()
        #expect(try bench.spool.images(of: bench.study).map(\.id.image) == [numbers[1]])
    }

    @Test func aCorrectedCopyThatComesWhileItsStudyIsSettledIsJudgedByTheNextSettling() throws {
        let bench = try ImageBench()
        try bench.image(series[0])
        try bench.note("113001", for: [series[0]])
        var corrected = series[0]
        corrected.accessionNumber = "B2026002"
        try bench.settleImages { try bench.image(corrected) }
        #expect(try bench.waiting == ["1 withheld", "1 withheld"])
        try bench.settle()
        #expect(try bench.waiting == ["1"])
    }

    @Test func aCopyInQuarantineStaysWithheldUntilItIsReleased() throws {
        let bench = try ImageBench()
        for instance in series.prefix(2) { try bench.image(instance) }
        try bench.note("113037", for: [series[0]])
        try bench.image(series[0])
        try bench.settle()
        #expect(try bench.waiting == ["2", "1 withheld"])
        try bench.decide(.release(holds: [], instances: [InstanceUID(series[0].instanceUID)]))
        try bench.settle()
        #expect(try bench.waiting == ["2", "1"])
    }

    @Test func anOperatorsHoldKeepsImagesUntilTheRelease() throws {
        let bench = try ImageBench()
        try bench.image(series[0])
        try bench.decide(.hold)
        try bench.image(series[1])
        try bench.settle()
        #expect(try bench.waiting == ["1 withheld", "2 withheld"])
        try bench.decide(.release(holds: [Decision.heldByHand], instances: []))
        try bench.settle()
        #expect(try bench.waiting == ["1", "2"])
    }

    @Test func whatIsWithdrawnBeforeAnythingLeftIsDroppedWithoutANote() throws {
        let bench = try ImageBench()
        for instance in series { try bench.image(instance) }
        try bench.decide(.withdraw(title: "113037"))
        try bench.settle()
        #expect(try bench.waiting == [])
    }

    @Test func whatIsWithdrawnAfterSomethingLeftIsFollowedByANoteOfOurs() throws {
        let bench = try ImageBench()
        for instance in series { try bench.image(instance) }
        try bench.spool.beginImages(of: bench.study, at: "tele")
        try bench.decide(.withdraw(title: "113037"))
        try bench.settle()
        let queued = try bench.spool.images(of: bench.study)
        #expect(queued.map(\.isBarrier) == [true])
        #expect(queued.map(\.isWithheld) == [false])
        #expect(bench.told.contains(.noteQueued(bench.key, title: "113037", instances: 3, destinations: ["tele"])))
        let note = try bench.dataSet(of: try #require(queued.first))
        let document = KeyObjectDocument(note)
        #expect(document.title?.value == "113037")
        #expect(document.evidence.map(\.sopInstanceUID.text) == series.map(\.instanceUID))
        #expect(note.string(.patientID) == "IPP0042")
        // Settled again after a crash, it is the same note.
        try bench.settle()
        #expect(try bench.spool.images(of: bench.study).count == 1)
    }

    @Test func aNoteOfAnotherStudyThatNamesALiveInstanceTooIsFollowedByOneOfOursForTheOthers() throws {
        let bench = try ImageBench()
        for instance in series { try bench.image(instance) }
        try bench.spool.beginImages(of: bench.study, at: "tele")
        try bench.strayNote("113001", for: Array(series.prefix(2)))
        var corrected = series[1]
        corrected.accessionNumber = "B2026002"
        try bench.image(corrected)
        try bench.settle()
        #expect(bench.told.contains(.noteQueued(bench.key, title: "113001", instances: 1, destinations: ["tele"])))
        let queued = try #require(try bench.spool.images(of: bench.study).first(where: \.isBarrier))
        try bench.spool.acknowledgeImages(
            try bench.spool.images(of: bench.study).filter { !$0.isBarrier }.map(\.id))
        let document = KeyObjectDocument(try bench.dataSet(of: queued))
        #expect(document.title?.value == "113001")
        #expect(document.evidence.map(\.sopInstanceUID.text) == [series[0].instanceUID])
    }
}
