import Foundation
import Threads

@testable import Spool

/// The folder of images on a disk that fails when told, or loses its power: it counts and fails with the disk of the
/// database, and knows what such a disk need not have kept.
///
/// A name is kept once the folder was synced since; the bytes of a file once the file was synced since. What was removed
/// may be back, as long as the folder was not synced since.
final class FaultyImageDisk: ImageDisk {
    private struct File {
        var bytes: [UInt8] = []
        var syncedBytes = 0
        var isNameSynced = false
    }

    private struct State {
        var files: [String: File] = [:]
        var names: [Int32: String] = [:]
        /// Since the folder was synced.
        var removed: [String: File] = [:]
        var freeBytes: Int? = .max
        var totalBytes: Int? = .max
        var folderSyncs = 0
    }

    private let disk: FaultyDisk
    private let system: SystemImageDisk
    private let state = Monitor(State())

    init(_ system: SystemImageDisk, _ disk: FaultyDisk) {
        self.system = system
        self.disk = disk
    }

    /// Called before the next listing of the folder, once.
    let beforeListing = Monitor<(() -> Void)?>(nil)

    /// What the file system says it has left.
    func setFreeBytes(_ bytes: Int) { state.withLock { $0.freeBytes = bytes } }

    /// How large it says it is.
    func setTotalBytes(_ bytes: Int) { state.withLock { $0.totalBytes = bytes } }

    var totalBytes: Int? { state.withLock { $0.totalBytes } }

    /// How often the folder was synced.
    var folderSyncs: Int { state.withLock { $0.folderSyncs } }

    var freeBytes: Int? { state.withLock { $0.freeBytes } }

    func make(_ name: String) throws(DiskError) -> Int32 {
        try operate()
        let file = try system.make(name)
        state.withLock { state in
            state.files[name] = File()
            state.names[file] = name
        }
        return file
    }

    func write(_ file: Int32, _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) throws(DiskError) {
        try operate()
        try system.write(file, first, second)
        change(file) { $0.bytes += Array(first) + Array(second) }
    }

    func sync(_ file: Int32) throws(DiskError) {
        try operate()
        change(file) { $0.syncedBytes = $0.bytes.count }
    }

    func syncFolder() throws(DiskError) {
        try operate()
        state.withLock { state in
            for name in state.files.keys { state.files[name]?.isNameSynced = true }
            state.removed = [:]
            state.folderSyncs += 1
        }
    }

    func isNamed(_ file: Int32) throws(DiskError) -> Bool { try system.isNamed(file) }

    func close(_ file: Int32) {
        state.withLock { $0.names[file] = nil }
        system.close(file)
    }

    func remove(_ name: String) throws(DiskError) {
        let fault = disk.operate()
        // A full disk removes.
        if fault == .inputOutput { throw DiskError(code: EIO) }
        try system.remove(name)
        state.withLock { state in
            guard let file = state.files.removeValue(forKey: name) else { return }
            state.removed[name] = file
        }
    }

    func open(_ name: String) throws(DiskError) -> Int32 { try system.open(name) }
    func read(_ file: Int32, into buffer: UnsafeMutableRawBufferPointer) throws(DiskError) -> Int {
        try system.read(file, into: buffer)
    }
    func forEachName(_ body: (String) -> Void) throws(DiskError) {
        let before = beforeListing.withLock { before in
            defer { before = nil }
            return before
        }
        before?()
        try system.forEachName(body)
    }

    func size(of name: String) -> Int? { system.size(of: name) }

    private func operate() throws(DiskError) {
        switch disk.operate() {
        case nil: break
        case .inputOutput: throw DiskError(code: EIO)
        case .full: throw DiskError(code: ENOSPC)
        }
    }

    private func change(_ file: Int32, _ body: (inout File) -> Void) {
        state.withLock { state in
            if let name = state.names[file], state.files[name] != nil { body(&state.files[name]!) }  // just found
        }
    }

    /// Writes what such a disk might hold now: of what was not synced, chance keeps some.
    func copyAfterPowerCut(to folder: String, seed: UInt64) {
        var random = seed | 1
        func chance() -> UInt64 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return random >> 33
        }
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let (files, removed) = state.withLock { ($0.files, $0.removed) }
        for (name, file) in files.sorted(by: { $0.key < $1.key }) where file.isNameSynced || chance() % 2 == 0 {
            let kept = file.syncedBytes + Int(chance() % UInt64(file.bytes.count - file.syncedBytes + 1))
            var bytes = Array(file.bytes.prefix(kept))
            // The length may be there before the bytes are.
            if chance() % 2 == 0 { for index in file.syncedBytes..<kept { bytes[index] = 0 } }
            _ = FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: Data(bytes))
        }
        for (name, file) in removed.sorted(by: { $0.key < $1.key }) where chance() % 2 == 0 {
            _ = FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: Data(file.bytes))
        }
    }
}
