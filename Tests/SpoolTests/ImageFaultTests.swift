import Foundation
import Testing
import Threads

@testable import Spool

/// The power is cut, or the disk fails or is full, at each operation in turn of a life of images, of their files and of
/// the database alike (`ingest.md` R1, R9, case 50).
@Suite struct ImageFaultTests {
    let directory = TemporaryDirectory(isInMemory: true)

    /// Every life begins with a copy of it: one study.
    init() throws {
        let spool = try Spool(Spool.Configuration(directory: "\(directory.path)/first"))
        try spool.store(arrival(header: syntheticHeader(0)))
        spool.close()
    }

    /// A spool on this disk.
    private func open(_ name: String, _ disk: FaultyDisk) throws -> (spool: Spool, images: FaultyImageDisk) {
        let images = Monitor<FaultyImageDisk?>(nil)
        let path = "\(directory.path)/\(name)"
        if !FileManager.default.fileExists(atPath: path) { try copySpool("\(directory.path)/first", to: path) }
        var configuration = Spool.Configuration(directory: path)
        configuration.vfs = disk.name
        configuration.checkpointPages = 4
        configuration.imageDisk = { system in
            let faulty = FaultyImageDisk(system, disk)
            images.withLock { $0 = faulty }
            return faulty
        }
        let spool = try Spool(configuration)
        return (spool, try #require(images.withLock { $0 }))
    }

    @Test(arguments: [1, 2] as [UInt64], [false, true])
    func aPowerCutLeavesEachImageThatWasPromisedAndNoOtherFile(_ seed: UInt64, _ isExpecting: Bool) throws {
        var cut = 1
        while try lifeReaches(cut, seed: seed, isExpecting) { cut += 1 }
        #expect(cut > 100, "operations")
    }

    /// False: the life was over before.
    private func lifeReaches(_ cut: Int, seed: UInt64, _ isExpecting: Bool) throws -> Bool {
        let name = "\(seed)-\(cut)-\(isExpecting)"
        let path = "\(directory.path)/\(name)"
        let disk = FaultyDisk(name: "image-\(name)")
        let (spool, images) = try open(name, disk)
        let life = ImageLife(spool)
        let atCut = Monitor<ImageLife.Promises?>(nil)
        disk.cutPower(before: cut) { unsynced in
            atCut.withLock { $0 = life.promised }
            let seed = seed &+ UInt64(cut) &* 77
            copyAfterPowerCut(path, unsynced, to: "\(path)-cut", seed: seed)
            images.copyAfterPowerCut(to: "\(path)-cut/images", seed: seed)
        }
        try life.run(isExpecting: isExpecting)
        guard let promised = atCut.withLock({ $0 }) else { return false }
        let survivor = try Spool(Spool.Configuration(directory: "\(path)-cut"))
        try ImageLife.check(survivor, promised, "before operation \(cut)")
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.removeItem(atPath: "\(path)-cut")
        return true
    }

    @Test(arguments: [FaultyDisk.Fault.full, .inputOutput], [1, .max])
    func aDiskThatRefusesLosesNothingThatWasPromisedAndGoesOn(_ fault: FaultyDisk.Fault, _ count: Int) throws {
        var operation = 1
        while try lifeFails(at: operation, count, fault) { operation += 1 }
        #expect(operation > 100, "operations")
    }

    /// So many operations fail, from this one on; where it is one, files are made ahead. False: the life was over before.
    private func lifeFails(at operation: Int, _ count: Int, _ fault: FaultyDisk.Fault) throws -> Bool {
        let name = "\(fault)-\(count)-\(operation)"
        let disk = FaultyDisk(name: "image-\(name)")
        defer { try? FileManager.default.removeItem(atPath: "\(directory.path)/\(name)") }
        let (spool, _) = try open(name, disk)
        let life = ImageLife(spool)
        disk.fail(at: operation, fault, count: count)
        try life.run(isExpecting: count == 1)
        let isReached = disk.operations >= operation
        disk.heal()
        // By itself, unless the database is in doubt.
        if spool.failure != nil {
            try spool.recover()
        } else if fault == .inputOutput {
            // What could not be removed is found at the next start.
            spool.close()
            try ImageLife.check(try open(name, disk).spool, life.promised, "at operation \(operation)")
            return isReached
        }
        try ImageLife.check(spool, life.promised, "at operation \(operation)")
        return isReached
    }
}
