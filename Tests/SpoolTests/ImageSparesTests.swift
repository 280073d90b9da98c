import Foundation
import Testing
import Threads

@testable import Spool

/// Files that are made before anything comes for them.
@Suite struct ImageSparesTests {
    let directory = TemporaryDirectory()
    let disk = FaultyDisk(name: "spares-\(UUID().uuidString)")
    private let images = Monitor<FaultyImageDisk?>(nil)

    private func open(budget: Int? = nil) throws -> Spool {
        var configuration = Spool.Configuration(directory: "\(directory.path)/spool")
        configuration.imageBudget = budget
        configuration.imageDisk = { system in
            let faulty = FaultyImageDisk(system, disk)
            images.withLock { $0 = faulty }
            return faulty
        }
        return try Spool(configuration)
    }

    private var reuses: Int { images.withLock { $0?.reuses ?? 0 } }

    private var folderSyncs: Int { images.withLock { $0?.folderSyncs ?? 0 } }

    private func store(
        _ count: Int, in spool: Spool, bytes: Int = 100, compression: (Int) -> ImageCompression = { _ in .none }
    ) throws -> [Int64] {
        try (0..<count).map { index in
            let file = try spool.writeImage(syntheticDataSet(index, count: bytes), compression: compression(index))
            var arrival = arrival(header: syntheticHeader(index))
            arrival.image = queuedImage(file, instance: "\(index)")
            try spool.store(arrival)
            return file.number
        }
    }

    @Test func imagesThatAreExpectedShareTheSyncOfTheFolder() throws {
        let spool = try open()
        _ = try store(5, in: spool)
        #expect(folderSyncs == 5)
        let expectation = spool.expectImages()
        let numbers = try store(30, in: spool)
        #expect(folderSyncs == 5 + 4, "for 2, 4, 8 and 16 files")
        #expect(numbers == numbers.sorted() && Set(numbers).count == 30)
        withExtendedLifetime(expectation) {}
    }

    @Test func whatIsLeftGoesWhenNobodyExpectsImagesAnyMore() throws {
        let spool = try open()
        var expectations = [spool.expectImages(), spool.expectImages()]
        _ = try store(3, in: spool)
        #expect(try spool.imageFiles().count == 2 + 4)
        expectations.removeLast()
        #expect(try spool.imageFiles().count == 2 + 4)
        expectations.removeLast()
        #expect(try spool.imageFiles().count == 3)
        #expect(try spool.imageFiles().values.reduce(0, +) == spool.imageBytes)
        _ = try store(1, in: spool)
        #expect(try spool.imageFiles().count == 4)
    }

    @Test func theNumbersAreTheOrderInWhichTheImagesBeganWhateverTheirKind() throws {
        let spool = try open()
        let expectation = spool.expectImages()
        let numbers = try store(40, in: spool) { $0 / 3 % 2 == 0 ? .none : .zstd(level: 1) }
        #expect(numbers == numbers.sorted() && Set(numbers).count == 40)
        for image in try spool.images(of: StudyEntry.ID(1)) {
            let index = try #require(Int(image.instance))
            #expect(try spool.dataSet(of: image.id) == syntheticDataSet(index, count: 100))
        }
        withExtendedLifetime(expectation) {}
    }

    /// Of the files whose names waited for a sync that failed none is taken.
    @Test(arguments: 1...12) func anOperationThatFailsSpoilsNoOtherImage(_ operation: Int) throws {
        let spool = try open()
        let expectation = spool.expectImages()
        _ = try store(6, in: spool)
        disk.fail(at: operation, .inputOutput, count: 1)
        let first = try? store(1, in: spool)
        // Of 8 files only the first must be made; it is written and synced, and then the folder.
        #expect((first == nil) == [1, 8 + 1, 8 + 2, 8 + 3].contains(operation))
        disk.heal()
        _ = try store(3, in: spool)
        #expect(try spool.images(of: StudyEntry.ID(1)).count == 6 + 3 + (first?.count ?? 0))
        withExtendedLifetime(expectation) {}
    }

    /// Its bytes would be acknowledged, and nobody would find them again.
    @Test(arguments: [false, true]) func oneThatSomebodyDeletedTakesNoImage(_ isFormer: Bool) throws {
        let spool = try open()
        let expectation = spool.expectImages()
        let former = try store(2, in: spool)
        if isFormer { try acknowledge(former, in: spool) }
        let number = try store(1, in: spool)
        let folder = "\(spool.configuration.directory)/images"
        for name in try spool.imageFiles().keys where try #require(ImageName(name)).number > number[0] {
            try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
        let begun = try spool.newImage(head: imageHead, compression: .none)
        try begun.append(syntheticDataSet(1, count: 100).span.bytes)
        #expect(throws: SpoolError.self) { try begun.finish() }
        // The others that were made with it are not tried.
        let next = try store(3, in: spool)
        for number in next {
            let id = ImageDelivery.ID(image: number, destination: "telemedicine")
            #expect(try spool.dataSet(of: id)?.count == 100)
        }
        #expect(try spool.images(of: StudyEntry.ID(1)).count == (isFormer ? 0 : 2) + 1 + 3)
        withExtendedLifetime(expectation) {}
    }

    // MARK: Files of images that are gone

    private func acknowledge(_ numbers: [Int64], in spool: Spool) throws {
        try spool.acknowledgeImages(numbers.map { ImageDelivery.ID(image: $0, destination: "telemedicine") })
    }

    @Test(arguments: [10, 100, 50_000]) func theyAreWrittenOverAndEndWhereTheNewOneEnds(_ bytes: Int) throws {
        let spool = try open()
        var expectation: ImageExpectation? = spool.expectImages()
        let former = try store(6, in: spool)
        try acknowledge(former, in: spool)
        #expect(try spool.imageFiles().count == 6 && spool.imageBytes == 0)
        let numbers = try store(6, in: spool, bytes: bytes) { $0 < 3 ? .none : .zstd(level: 1) }
        #expect(reuses == 6)
        #expect(numbers == numbers.sorted() && numbers[0] > former[5])
        for (index, image) in try spool.images(of: StudyEntry.ID(1)).enumerated() {
            #expect(try spool.dataSet(of: image.id) == syntheticDataSet(index, count: bytes))
        }
        withExtendedLifetime(expectation) {}
        expectation = nil
        let files = try spool.imageFiles()
        #expect(files.count == 6 && files.values.reduce(0, +) == spool.imageBytes)
        spool.close()
        #expect(try open().missingImages.isEmpty)
    }

    @Test func theyGoWhenNobodyExpectsImagesOrAStudyIsSettled() throws {
        let spool = try open()
        try acknowledge(try store(2, in: spool), in: spool)
        #expect(try spool.imageFiles().isEmpty, "nobody expected images")
        let expectation = spool.expectImages()
        try acknowledge(try store(2, in: spool), in: spool)
        #expect(try spool.imageFiles().count == 2)
        spool.removeFormerImages()
        #expect(try spool.imageFiles().isEmpty)
        withExtendedLifetime(expectation) {}
    }

    /// A segment that is sent once more would carry what was written over it.
    @Test func noneIsWrittenOverThatTheNetworkMayStillRead() throws {
        let spool = try open()
        let expectation = spool.expectImages()
        let numbers = try store(3, in: spool)
        func reader(_ index: Int) throws -> ImageReader {
            try #require(try spool.begin(ImageDelivery.ID(image: numbers[index], destination: "telemedicine")))
        }
        for index in 0..<3 { _ = try reader(index).plainFile() }
        for index in 0..<2 {
            let second = try reader(index)
            _ = second.plainFile()
            second.isDelivered()
        }
        let whole = try store(1, in: spool)
        let third = try #require(try spool.begin(ImageDelivery.ID(image: whole[0], destination: "telemedicine")))
        _ = third.plainFile()
        third.isDelivered()
        let before = try spool.imageFiles().count
        try acknowledge(numbers + whole, in: spool)
        #expect(try spool.imageFiles().count == before - 3, "one was sent whole at the only try")
        _ = try store(8, in: spool)
        #expect(reuses == 1)
        withExtendedLifetime(expectation) {}
    }

    @Test func theyGiveWayWhenThereIsNoRoom() throws {
        let spool = try open(budget: 10_000)
        let expectation = spool.expectImages()
        try acknowledge(try store(2, in: spool, bytes: 4_000), in: spool)
        #expect(try spool.imageFiles().count == 2 && spool.imagePressure == nil)
        images.withLock { $0?.setFreeBytes(0) }
        #expect(spool.imagePressure != nil)
        #expect(try spool.imageFiles().isEmpty)
        images.withLock { $0?.setFreeBytes(.max) }
        withExtendedLifetime(expectation) {}
    }

    @Test func noMoreAreKeptThanAFewMegabytes() {
        func file(_ number: Int, _ bytes: Int) -> StoredImage {
            StoredImage(name: ImageName(number: Int64(number), isCompressed: false), storedBytes: bytes)
        }
        var spares = ImageSpares()
        let isKeptForNobody = spares.keep(file(1, 1))
        spares.begin()
        let areKept = [60, 5, 4, 1].map { spares.keep(file($0, $0 << 20)) }
        #expect(!isKeptForNobody && areKept == [true, false, true, false])
        while spares.takeFormer() != nil {}
        let count = (0..<200).count { spares.keep(file($0, 0)) }
        #expect(count == 128)
    }

    @Test func aRestartRemovesThemAndGivesNoNumberTwice() throws {
        let old = try open()
        let expectation = old.expectImages()
        let numbers = try store(3, in: old)
        old.close()
        let spool = try open()
        #expect(try spool.imageFiles().count == 3 && spool.missingImages.isEmpty)
        let next = try store(1, in: spool)
        #expect(try #require(next.first) > numbers[2])
        withExtendedLifetime(expectation) {}
    }
}
