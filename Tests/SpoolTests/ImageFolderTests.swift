import Foundation
import Testing
import Threads

@testable import Spool

@Suite struct ImageFolderTests {
    let directory = TemporaryDirectory()
    var configuration: Spool.Configuration { Spool.Configuration(directory: "\(directory.path)/spool") }
    var folder: String { "\(directory.path)/spool/images" }

    private func store(_ dataSet: [UInt8], to destinations: [String] = ["a"], in spool: Spool) throws {
        var arrival = arrival(header: [1])
        arrival.image = queuedImage(try spool.writeImage(dataSet), to: destinations)
        try spool.store(arrival)
    }

    @Test(arguments: ["0000000000000001.dcm", "00000000000000ff.dcm.zst", "7fffffffffffffff.dcm"])
    func aNameOfOursIsReadBack(_ text: String) throws { #expect(try #require(ImageName(text)).text == text) }

    @Test(arguments: [
        "", "1.dcm", "000000000000000G.dcm", "00000000000000FF.dcm", "0000000000000001.dcm.gz", "-000000000000001.dcm",
        "+000000000000001.dcm", "ffffffffffffffff.dcm",
    ])
    func anotherNameIsNone(_ text: String) { #expect(ImageName(text) == nil) }

    @Test func atTheStartLeftoversGoAndWhatIsNotOursStays() throws {
        do { try store([1, 2, 3], in: try Spool(configuration)) }
        for name in ["0000000000000099.dcm", "0000000000000098.dcm.zst", "notes.txt"] {
            #expect(FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: Data([1])))
        }
        let spool = try Spool(configuration)
        #expect(Set(try spool.imageFiles().keys) == ["notes.txt", "0000000000000001.dcm"])
        #expect(spool.imageBytes == 3 + imageHead.count)
        #expect(try spool.writeImage([1]).number > 0x99, "no number twice")
    }

    @Test func numbersAreNotGivenTwiceAfterARestart() throws {
        var numbers: [Int64] = []
        for _ in 0..<3 {
            let spool = try Spool(configuration)
            try store([1], in: spool)
            let ids = try spool.images(of: StudyEntry.ID(1)).map(\.id)
            numbers += ids.map(\.image)
            try spool.acknowledgeImages(ids)
        }
        #expect(Set(numbers).count == 3 && numbers == numbers.sorted())
    }

    @Test func anImageWithoutItsWholeFileIsToldAndIsADeadLetter() throws {
        do {
            let spool = try Spool(configuration)
            for count in [10, 20, 30] { try store(syntheticDataSet(count, count: count), to: ["a", "b"], in: spool) }
        }
        try FileManager.default.removeItem(atPath: "\(folder)/0000000000000001.dcm")
        truncate("\(folder)/0000000000000002.dcm", 5)
        let spool = try Spool(configuration)
        #expect(spool.missingImages.map(\.id.image) == [1, 1, 2, 2])
        #expect(try spool.deadImages().map(\.id) == spool.missingImages.map(\.id))
        #expect(try spool.deadImages().map(\.lastError) == Array(repeating: "its file is not whole", count: 4))
        #expect(try spool.imagesDue(for: "a", at: .seconds(0), limit: 9).images.map(\.id.image) == [3])
        spool.close()
        let next = try Spool(configuration)
        #expect(next.missingImages.isEmpty, "told once")
        #expect(next.imageBytes == 5 + 30 + imageHead.count)
        try next.acknowledgeImages(try next.images(of: StudyEntry.ID(1)).map(\.id))
        #expect(next.imageBytes == 0)
    }

    /// What another process wrote is looked at before a byte of it leaves.
    @Test(arguments: [ImageCompression.none, .zstd(level: 1)]) func aDamagedFileIsTold(
        _ compression: ImageCompression
    ) throws {
        let dataSet = syntheticDataSet(1, count: 200_000)
        do {
            let spool = try Spool(configuration)
            var arrival = arrival(header: [1])
            arrival.image = queuedImage(try spool.writeImage(dataSet, compression: compression), to: ["a"])
            try spool.store(arrival)
        }
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
        var bytes = try #require(FileManager.default.contents(atPath: "\(folder)/\(name)"))
        bytes[150_000] ^= 1
        try bytes.write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        let spool = try Spool(configuration)
        let error = #expect(throws: SpoolError.self) {
            _ = try spool.dataSet(of: ImageDelivery.ID(image: 1, destination: "a"))
        }
        guard case .damaged(let place, _) = try #require(error) else {
            Issue.record("another error")
            return
        }
        #expect(place.hasSuffix(name))
        // Not even begun, where nobody would look at the bytes on their way.
        guard compression == .none else { return }
        #expect(throws: SpoolError.self) { _ = try spool.begin(ImageDelivery.ID(image: 1, destination: "a")) }
    }

    @Test func imagesStayWithinTheirBudgetAndHeadersDoNot() throws {
        var configuration = configuration
        configuration.imageBudget = 100_000
        let spool = try Spool(configuration)
        try store(syntheticDataSet(1, count: 60_000), in: spool)
        #expect(spool.imagePressure == nil)
        let refusal = #expect(throws: SpoolError.self) { try store(syntheticDataSet(2, count: 60_000), in: spool) }
        guard case .overBudget(_, 100_000) = try #require(refusal) else {
            Issue.record("another error")
            return
        }
        #expect(spool.imageBytes == 60_000 + imageHead.count, "what was begun is gone")
        try store(syntheticDataSet(3, count: 35_000), in: spool)
        #expect(spool.imagePressure != nil)
        try spool.store(arrival(header: syntheticHeader(0)))
        try spool.acknowledgeImages(try spool.images(of: StudyEntry.ID(1)).prefix(1).map(\.id))
        #expect(spool.imagePressure == nil)
        try store(syntheticDataSet(4, count: 60_000), in: spool)
    }

    @Test func whatImagesMayEverTakeIsTheBudgetOrTheFileSystemWithoutTheReserve() throws {
        let capacity = { (budget: Int?, total: Int, reserve: Int) throws -> Int? in
            var configuration = configuration
            (configuration.imageBudget, configuration.imageReserve, configuration.reserve) = (budget, reserve, 0)
            configuration.imageDisk = { system in
                let disk = FaultyImageDisk(system, FaultyDisk(name: "capacity-\(UUID().uuidString)"))
                disk.setTotalBytes(total)
                return disk
            }
            let spool = try Spool(configuration)
            defer { spool.close() }
            return spool.imageCapacity
        }
        #expect(try capacity(100, 5_000, 1_000) == 100)
        #expect(try capacity(5_000, 5_000, 1_000) == 4_000)
        #expect(try capacity(nil, 500, 1_000) == 0)
        let real = try #require(try Spool(configuration).imageCapacity)
        #expect(real > 0)
    }

    /// A pool's file system is as large as what it has and what others leave: it shrinks while they fill the pool.
    @Test func aFileSystemThatShrinksDoesNotLessenWhatImagesMayEverTake() throws {
        var configuration = configuration
        (configuration.imageBudget, configuration.imageReserve, configuration.reserve) = (nil, 1_000, 0)
        let disks = Monitor<[FaultyImageDisk]>([])
        configuration.imageDisk = { system in
            let disk = FaultyImageDisk(system, FaultyDisk(name: "shrinking-\(UUID().uuidString)"))
            disk.setTotalBytes(5_000)
            disks.withLock { $0.append(disk) }
            return disk
        }
        let spool = try Spool(configuration)
        let disk = try #require(disks.withLock { $0.last })
        for (total, capacity) in [(900, 4_000), (6_000, 5_000), (2_000, 5_000)] {
            disk.setTotalBytes(total)
            #expect(spool.imageCapacity == capacity)
        }
    }

    @Test func onceNineTenthsAreTakenThereIsNoRoomUntilEightAre() throws {
        var configuration = configuration
        configuration.imageBudget = 100_000
        let spool = try Spool(configuration)
        func acknowledgeFirst() throws {
            try spool.acknowledgeImages(try spool.images(of: StudyEntry.ID(1)).prefix(1).map(\.id))
        }
        for index in 0..<9 { try store(syntheticDataSet(index, count: 9_500), in: spool) }
        #expect(spool.imagePressure == nil)
        try store(syntheticDataSet(9, count: 9_500), in: spool)
        #expect(spool.imagePressure == .overBudget(used: spool.imageBytes, budget: 100_000))
        try acknowledgeFirst()
        #expect(spool.imagePressure != nil)
        try acknowledgeFirst()
        #expect(spool.imagePressure == nil)
        try store(syntheticDataSet(10, count: 9_500), in: spool)
        #expect(spool.imagePressure == nil)
    }

    @Test func aDocumentFindsRoomWhereImagesDoNot() throws {
        var configuration = configuration
        configuration.imageBudget = 10
        configuration.imageReserve = configuration.reserve + 1_000_000
        let (spool, disk) = try spoolAndDisk(configuration)
        let reserve = configuration.reserve
        func document() throws -> ImageFile {
            let writer = try spool.newImage(head: imageHead, compression: .none, isDocument: true)
            try writer.append(syntheticDataSet(1, count: 20_000).span.bytes)
            return try writer.finish()
        }
        #expect(throws: SpoolError.overBudget(used: 0, budget: 10)) { _ = try spool.writeImage([1, 2, 3]) }
        disk.setFreeBytes(reserve + 50_000)
        #expect(try document().dataSetBytes == 20_000)
        disk.setFreeBytes(reserve + 10_000)
        #expect(throws: SpoolError.full(path: folder, free: reserve + 10_000, reserve: reserve)) { _ = try document() }
    }

    private func spoolAndDisk(_ configuration: Spool.Configuration) throws -> (Spool, FaultyImageDisk) {
        let faulty = Monitor<FaultyImageDisk?>(nil)
        let healthy = FaultyDisk(name: "healthy-\(UUID().uuidString)")
        var configuration = configuration
        configuration.imageDisk = { system in
            let disk = FaultyImageDisk(system, healthy)
            faulty.withLock { $0 = disk }
            return disk
        }
        return (try Spool(configuration), try #require(faulty.withLock { $0 }))
    }

    @Test func whatIsBegunWhileTheFolderIsLookedThroughIsNoLeftover() throws {
        let (spool, disk) = try spoolAndDisk(configuration)
        try store(syntheticDataSet(1, count: 40_000), in: spool)
        let dataSet = syntheticDataSet(2, count: 50_000)
        let begun = Monitor<ImageWriter?>(nil)
        disk.beforeListing.withLock { before in
            before = {
                let writer = try? spool.newImage(head: imageHead, compression: .none)
                try? writer?.append(dataSet.span.bytes)
                nonisolated(unsafe) let handed = writer
                begun.withLock { $0 = handed }
            }
        }
        try spool.recover()
        var arrival = arrival(header: [1])
        arrival.image = queuedImage(try #require(begun.withLock { $0 }).finish(), to: ["a"])
        try spool.store(arrival)
        #expect(
            try spool.dataSet(
                of: #require(arrival.image.map { ImageDelivery.ID(image: $0.file.number, destination: "a") }))
                == dataSet)
        #expect(spool.imageBytes == (try spool.imageFiles().values.reduce(0, +)))
    }

    @Test func imagesLeaveTheReserveOfTheFileSystemFree() throws {
        var configuration = configuration
        configuration.imageReserve = 1_000_000
        let (spool, disk) = try spoolAndDisk(configuration)
        // The headers' own reserve is larger: images leave that.
        let reserve = configuration.reserve
        disk.setFreeBytes(reserve + 50_000)
        try store(syntheticDataSet(1, count: 40_000), in: spool)
        disk.setFreeBytes(reserve + 10_000)
        #expect(throws: SpoolError.full(path: folder, free: reserve + 10_000, reserve: reserve)) {
            try store(syntheticDataSet(2, count: 40_000), in: spool)
        }
        try spool.store(arrival(header: syntheticHeader(0)))
        #expect(spool.imagePressure == nil)
        disk.setFreeBytes(reserve + 4_000)
        #expect(spool.imagePressure != nil)
    }

    @Test func manyThreadsShareTheSyncOfTheFolder() throws {
        let spool = try Spool(configuration)
        let failures = onThreads(8) { thread -> Int in
            (0..<20).filter { index in
                do {
                    var arrival = arrival(series: "1.2.\(thread)", header: syntheticHeader(index))
                    let file = try spool.writeImage(syntheticDataSet(thread * 20 + index, count: 20_000))
                    arrival.image = queuedImage(file, instance: "\(thread * 20 + index)")
                    try spool.store(arrival)
                    return false
                } catch {
                    return true
                }
            }.count
        }
        #expect(failures.allSatisfy { $0 == 0 })
        let images = try spool.images(of: StudyEntry.ID(1))
        #expect(Set(images.map(\.instance)) == Set((0..<160).map { "\($0)" }))
        for image in images {
            let instance = try #require(Int(image.instance))
            #expect(try spool.dataSet(of: image.id) == syntheticDataSet(instance, count: 20_000))
        }
        try spool.acknowledgeImages(images.map(\.id))
        #expect(try spool.imageFiles().isEmpty && spool.imageBytes == 0)
    }
}
