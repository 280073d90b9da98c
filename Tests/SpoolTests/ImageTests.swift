import Foundation
import Testing

@testable import Spool

@Suite struct ImageTests {
    let directory = TemporaryDirectory()
    var configuration: Spool.Configuration { Spool.Configuration(directory: "\(directory.path)/spool") }

    private static let compressions: [ImageCompression] = [.none, .zstd(level: 1), .zstd(level: 19)]

    /// Stores an arrival with this image.
    private func store(_ spool: Spool, _ image: QueuedImage, study: String = "1.2") throws {
        var arrival = arrival(study: study, header: syntheticHeader(0))
        arrival.image = image
        try spool.store(arrival)
    }

    @Test func whatHasLainForAWhileIsLookedAtBeforeItIsSent() throws {
        let spool = try Spool(configuration)
        let file = try spool.writeImage(syntheticDataSet(1, count: 10_000))
        try store(spool, queuedImage(file))
        let image = try #require(try spool.imagesDue(for: "telemedicine", at: .seconds(0), limit: 10).images.first)
        let path = "\(directory.path)/spool/images/\(try #require(try spool.imageFiles().keys.first))"
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[5_000] ^= 1
        try bytes.write(to: URL(filePath: path))
        try #require(try spool.begin(image.id, at: image.queuedAt) != nil, "who sends at once reads what was written")
        for milliseconds in [-1, 60_000] as [Int64] {
            #expect(throws: SpoolError.self) {
                _ = try spool.begin(
                    image.id, at: Timestamp(milliseconds: image.queuedAt.milliseconds + milliseconds))
            }
        }
    }

    @Test(arguments: compressions) func whatWasWrittenIsReadByteForByteAndGoneOnceAcknowledged(
        _ compression: ImageCompression
    ) throws {
        let spool = try Spool(configuration)
        let dataSet = syntheticDataSet(1, count: 300_001, isSmooth: true)
        let file = try spool.writeImage(dataSet, compression: compression, pieces: 7_001)
        #expect(file.dataSetBytes == dataSet.count && file.headBytes == imageHead.count)
        #expect(try spool.imageFiles().values.map { $0 } == [file.storedBytes])
        #expect((file.storedBytes < dataSet.count) == (compression != .none))
        try store(spool, queuedImage(file))
        let due = try spool.imagesDue(for: "telemedicine", at: .seconds(0), limit: 10).images
        #expect(due.map(\.instance) == ["1.2.3"] && due.map(\.bytes) == [dataSet.count])
        #expect(due.map(\.sopClass) == ["1.2.840.10008.5.1.4.1.1.2"])
        #expect(due.map(\.arrival) == [try spool.openStudies().first?.lastOpen])
        let id = try #require(due.first).id
        #expect(try spool.dataSet(of: id) == dataSet)
        #expect(spool.imageBytes == file.storedBytes)
        #expect(try spool.acknowledgeImages([id]) == [StudyEntry.ID(1)])
        #expect(try spool.imagesDue(for: "telemedicine", at: .seconds(0), limit: 10).images.isEmpty)
        #expect(try spool.imageFiles().isEmpty && spool.imageBytes == 0)
        #expect(try spool.begin(id) == nil)
    }

    @Test func aPlainFileIsHeadAndDataSetAndSaysWhereItBegins() throws {
        let spool = try Spool(configuration)
        let dataSet = syntheticDataSet(2, count: 70_000)
        try store(spool, queuedImage(try spool.writeImage(dataSet)))
        let id = try #require(try spool.imagesDue(for: "telemedicine", at: .seconds(0), limit: 1).images.first).id
        let plain = try #require(try spool.begin(id)?.plainFile)
        let bytes = try #require(FileManager.default.contents(atPath: plain.path))
        #expect(Array(bytes.prefix(plain.offset)) == imageHead && Array(bytes.dropFirst(plain.offset)) == dataSet)
    }

    @Test func whatNoArrivalTookIsRemoved() throws {
        let spool = try Spool(configuration)
        do {
            let writer = try spool.newImage(head: imageHead, compression: .none)
            try writer.append(syntheticDataSet(0, count: 100_000).span.bytes)
            #expect(try spool.imageFiles().count == 1 && spool.imageBytes > 100_000)
        }
        #expect(try spool.imageFiles().isEmpty && spool.imageBytes == 0)
        do {
            let file = try spool.writeImage([1, 2, 3])
            #expect(try spool.imageFiles().values.map { $0 } == [file.storedBytes])
        }
        #expect(try spool.imageFiles().isEmpty && spool.imageBytes == 0)
    }
}
