import Foundation
import Testing
import Threads

@testable import Spool

/// Files that are made before anything comes for them.
@Suite struct ImageSparesTests {
    let directory = TemporaryDirectory()
    let disk = FaultyDisk(name: "spares-\(UUID().uuidString)")
    private let images = Monitor<FaultyImageDisk?>(nil)

    private func open() throws -> Spool {
        var configuration = Spool.Configuration(directory: "\(directory.path)/spool")
        configuration.imageDisk = { system in
            let faulty = FaultyImageDisk(system, disk)
            images.withLock { $0 = faulty }
            return faulty
        }
        return try Spool(configuration)
    }

    private var folderSyncs: Int { images.withLock { $0?.folderSyncs ?? 0 } }

    private func store(
        _ count: Int, in spool: Spool, compression: (Int) -> ImageCompression = { _ in .none }
    ) throws -> [Int64] {
        try (0..<count).map { index in
            let file = try spool.writeImage(syntheticDataSet(index, count: 100), compression: compression(index))
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
    @Test func oneThatSomebodyDeletedTakesNoImage() throws {
        let spool = try open()
        let expectation = spool.expectImages()
        let number = try store(3, in: spool)[2]
        let folder = "\(spool.configuration.directory)/images"
        for name in try spool.imageFiles().keys where try #require(ImageName(name)).number > number {
            try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
        let begun = try spool.newImage(head: imageHead, compression: .none)
        try begun.append(syntheticDataSet(1, count: 100).span.bytes)
        #expect(throws: SpoolError.self) { try begun.finish() }
        // The others that were made with it are not tried.
        for number in try store(3, in: spool) {
            let id = ImageDelivery.ID(image: number, destination: "telemedicine")
            #expect(try spool.dataSet(of: id)?.count == 100)
        }
        #expect(try spool.images(of: StudyEntry.ID(1)).count == 3 + 3)
        withExtendedLifetime(expectation) {}
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
