import Associations
import DICOM
import DICOMNetwork
import Foundation
import TestSupport
import Testing
import Threads

struct DataSetTakerTests {
    private let record = Monitor(RecordingTaker.Record())

    private static func image(_ pixelBytes: Int) -> [UInt8] {
        var set = DataSetBuilder()
        set.raw(DataSetBuilder.ct())
        set.element(Tag(0x7FE0, 0x0010), .OW, bytes: (0..<pixelBytes).map { UInt8(truncatingIfNeeded: $0 / 3) })
        return set.bytes
    }

    private func handler(
        limit: Int = .max, status: @escaping @Sendable (ReceivedInstance) -> StoreStatus = { _ in .success }
    ) -> RecordingHandler {
        let record = record
        return RecordingHandler(begin: { _ in RecordingTaker(record, limit: limit) }, status: status)
    }

    private var taken: [[UInt8]] { record.withLock { $0.taken } }

    /// Waits until so many takers were released.
    private func isReleased(_ count: Int) -> Bool {
        record.wait(until: .now + .seconds(10)) { $0.released >= count ? true : nil } ?? false
    }

    private func store(_ dataSets: [Association.DataSetSource], at running: RunningListener) throws -> [Status] {
        var association = try Association(
            running.requestor(), proposing: [.init(.ctImage, [.explicitVRLittleEndian])])
        var answers: [Status] = []
        for (number, dataSet) in dataSets.enumerated() {
            answers.append(
                try association.store(
                    sopClassUID: .ctImage, sopInstanceUID: InstanceUID("1.2.\(number)"),
                    transferSyntax: .explicitVRLittleEndian, dataSet: dataSet
                ).status)
        }
        try association.release()
        return answers
    }

    @Test func everyByteComesAndTheInstanceBringsItsTaker() throws {
        let record = record
        let complete = Monitor<[Int]>([])
        let handler = handler(status: { instance in
            guard instance.taker is RecordingTaker else { return StoreStatus(.processingFailure) }
            let count = record.withLock { $0.taken.last?.count ?? 0 }
            complete.withLock { $0.append(count) }
            return count == instance.dataSetBytes ? .success : StoreStatus(.outOfResources)
        })
        let running = try RunningListener(handler)
        let images = [0, 100, 70_000, 3_000_000].map { Self.image($0) }
        #expect(try store(images.map { .bytes($0) }, at: running) == images.map { _ in .success })
        #expect(taken == images)
        #expect(complete.withLock { $0 } == images.map(\.count))
        #expect(handler.record.withLock { $0.headers } == images.map { _ in DataSetBuilder.ct() })
        #expect(isReleased(4))
    }

    @Test func whoseHeaderIsEnoughIsAskedForNothing() throws {
        let record = record
        let handler = RecordingHandler(begin: { instance in
            instance.sopInstanceUID == InstanceUID("1.2.1") ? RecordingTaker(record) : nil
        })
        let running = try RunningListener(handler)
        let image = Self.image(200_000)
        #expect(
            try store([.bytes(image), .bytes(image), .bytes(image)], at: running) == [.success, .success, .success])
        #expect(taken == [image])
        #expect(handler.record.withLock { $0.takers } == [false, true, false])
    }

    /// Such as when the disk is full: the instance comes all the same, and who stores it decides.
    @Test func whoWantsNoMoreStillGetsTheInstance() throws {
        let handler = handler(limit: 100_000, status: { StoreStatus($0.taker == nil ? .success : .outOfResources) })
        let running = try RunningListener(handler)
        let image = Self.image(4_000_000)
        #expect(try store([.bytes(image), .bytes(Self.image(10))], at: running) == [.outOfResources, .outOfResources])
        let taken = taken
        #expect((100_000..<500_000).contains(taken[0].count))
        #expect(image.starts(with: taken[0]))
        #expect(taken[1] == Self.image(10))
        #expect(handler.record.withLock { $0.headers }[0] == DataSetBuilder.ct())
        #expect(isReleased(2))
    }

    @Test(.enabled(if: Corpus.isPresent, "the corpus is not here"))
    func everyFileOfTheCorpusComesBitForBit() throws {
        let running = try RunningListener(handler())
        let names = try FileManager.default.contentsOfDirectory(atPath: Corpus.folder.path).sorted()
        var sent = 0
        for name in names where !name.hasSuffix(".tsv") {
            let bytes = try Corpus.bytes(name)
            guard let file = try? Part10File(bytes), let sopClass = file.mediaStorageSOPClassUID else { continue }
            guard !UIDRegistry.isNonStorage(sopClass) else { continue }
            var association = try Association(running.requestor(), proposing: [.init(sopClass, [file.transferSyntax])])
            let answer = try association.store(
                sopClassUID: sopClass, sopInstanceUID: InstanceUID("1.2.3"), transferSyntax: file.transferSyntax,
                dataSet: .file(path: Corpus.folder.appending(path: name).path, offset: file.dataSetOffset))
            try association.release()
            #expect(answer.status == .success)
            sent += 1
            #expect(taken.last == Array(bytes[file.dataSetOffset...]), "\(name)")
            record.withLock { $0.taken[$0.taken.count - 1] = [] }
        }
        #expect(sent > 150)
        #expect(isReleased(sent))
    }

    /// Whatever ends it, an instance that does not come whole is only released.
    @Test(arguments: ["abort", "loss", "silence", "stop", "fault", "release"])
    func anInstanceThatDoesNotComeWholeReleasesItsTaker(end: String) throws {
        let handler = handler()
        let running = try RunningListener(handler) { $0.deadlines.fragment = .milliseconds(200) }
        let peer = running.associate()
        let half = Array(Self.image(200_000).prefix(100_000))
        peer.send(Wire.data(Wire.pdv(1, 3, Wire.storeCommand())) + Wire.data(Wire.pdv(1, 0, half)))
        let isTaken = record.wait(until: .now + .seconds(10)) { $0.taken.first?.count == half.count ? true : nil }
        #expect(isTaken == true)
        switch end {
        case "abort": peer.send(Wire.abort(source: 0, reason: 0))
        case "loss": peer.close()
        case "stop": running.stop()
        case "fault": peer.send(Wire.data(Wire.pdv(77, 0, [1])))
        case "release": peer.send(Wire.releaseRequest)
        default: break
        }
        #expect(isReleased(1))
        // What comes late is nobody's.
        peer.send(Wire.data(Wire.pdv(1, 2, half)))
        peer.close()
        running.stop()
        #expect(taken == [half])
        #expect(handler.record.withLock { $0.instances }.isEmpty)
    }

    @Test func anInstanceRefusedForItsHeaderReleasesItsTaker() throws {
        let handler = handler()
        let running = try RunningListener(handler) { $0.headerBudget = 0 }
        var set = DataSetBuilder()
        set.raw(DataSetBuilder.ct())
        for number in 0..<UInt16(20) {
            set.element(Tag(0x0021, 0x1000 + number), .OB, bytes: [UInt8](repeating: 1, count: 10_000))
        }
        #expect(try store([.bytes(set.bytes), .bytes(Self.image(10))], at: running) == [.outOfResources, .success])
        #expect(isReleased(2))
        #expect(set.bytes.starts(with: taken[0]))
        #expect(taken[0].count < set.bytes.count)
        #expect(handler.record.withLock { $0.instances } == [InstanceUID("1.2.1")])
    }
}
