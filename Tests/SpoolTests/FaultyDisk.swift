import CSQLite
import Glibc
import Threads

/// A disk for SQLite that fails when told: the n-th write, sync or truncation, and all after it until it is healed.
/// Or the power is cut before it: then a copy is made of what such a disk might hold, some of what was not synced lost.
///
/// Sendable: the counter is under a lock, and the rest never changes.
final class FaultyDisk: @unchecked Sendable {
    enum Fault { case inputOutput, full }

    private struct State {
        var operations = 0
        var failsAt: Int?
        var failures = Int.max
        var fault = Fault.inputOutput
        var cutAt: Int?
        var cut: ([String: [Unsynced]]) -> Void = { _ in }
        var unsynced: [String: [Unsynced]] = [:]
    }

    /// What a write has replaced that was not synced yet.
    struct Unsynced {
        var offset: Int64
        var old: [UInt8]
    }

    let name: String
    private let state = Monitor(State())
    private let system: UnsafeMutablePointer<sqlite3_vfs>
    private let vfs = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    private let cName: UnsafeMutablePointer<CChar>

    init(name: String) {
        self.name = name
        cName = strdup(name)!  // a short string
        system = sqlite3_vfs_find(nil)!  // every build for Unix has one
        vfs.initialize(to: system.pointee)
        vfs.pointee.zName = UnsafePointer(cName)
        vfs.pointee.pNext = nil
        vfs.pointee.szOsFile = system.pointee.szOsFile + Int32(MemoryLayout<FaultyFile>.stride)
        vfs.pointee.pAppData = Unmanaged.passUnretained(self).toOpaque()
        vfs.pointee.xOpen = { vfs, path, file, flags, outFlags in
            let disk = Unmanaged<FaultyDisk>.fromOpaque(vfs!.pointee.pAppData).takeUnretainedValue()
            let real = realFile(file)
            let code = disk.system.pointee.xOpen(disk.system, path, real, flags, outFlags)
            file!.withMemoryRebound(to: FaultyFile.self, capacity: 1) { faulty in
                faulty.pointee.disk = vfs!.pointee.pAppData
                faulty.pointee.path = path
                faulty.pointee.file.pMethods = real.pointee.pMethods == nil ? nil : faultyMethods
            }
            return code
        }
        sqlite3_vfs_register(vfs, 0)
    }

    deinit {
        sqlite3_vfs_unregister(vfs)
        vfs.deallocate()
        free(cName)
    }

    /// From the `first`-th operation on (1: the next one), so many of them.
    func fail(at first: Int, _ fault: Fault, count: Int = .max) {
        state.withLock { state in
            state.operations = 0
            state.failsAt = first
            state.failures = count
            state.fault = fault
        }
    }

    /// Calls `cut` before the `count`-th operation with what the disk need not have kept.
    func cutPower(before count: Int, _ cut: @escaping ([String: [Unsynced]]) -> Void) {
        state.withLock { state in
            state.operations = 0
            state.cutAt = count
            state.cut = cut
        }
    }

    func heal() { state.withLock { $0.failsAt = nil } }

    /// Operations since `fail(at:)`.
    var operations: Int { state.withLock { $0.operations } }

    fileprivate func written(_ path: String, _ unsynced: Unsynced) {
        state.withLock { $0.unsynced[path, default: []].append(unsynced) }
    }

    fileprivate func synced(_ path: String) { state.withLock { $0.unsynced[path] = nil } }

    /// Counts an operation, and tells what is wrong with it; nil: nothing.
    func operate() -> Fault? {
        state.withLock { state in
            state.operations += 1
            if state.operations == state.cutAt { state.cut(state.unsynced) }
            guard let failsAt = state.failsAt, state.operations >= failsAt else { return nil }
            return state.operations - failsAt < state.failures ? state.fault : nil
        }
    }

    fileprivate func failure(of kind: Int32) -> Int32? {
        switch operate() {
        case nil: nil
        case .inputOutput: kind
        case .full: kind == SQLITE_IOERR | (4 << 8) ? kind : SQLITE_FULL
        }
    }
}

/// What SQLite sees as the file; the system's own lies behind it.
private struct FaultyFile {
    var file: sqlite3_file
    var disk: UnsafeMutableRawPointer?
    /// SQLite keeps it as long as the file is open.
    var path: UnsafePointer<CChar>?
}

private func realFile(_ file: UnsafeMutablePointer<sqlite3_file>?) -> UnsafeMutablePointer<sqlite3_file> {
    (UnsafeMutableRawPointer(file!) + MemoryLayout<FaultyFile>.stride).assumingMemoryBound(to: sqlite3_file.self)
}

private func disk(of file: UnsafeMutablePointer<sqlite3_file>?) -> FaultyDisk {
    file!.withMemoryRebound(to: FaultyFile.self, capacity: 1) {
        Unmanaged<FaultyDisk>.fromOpaque($0.pointee.disk!).takeUnretainedValue()
    }
}

private func path(of file: UnsafeMutablePointer<sqlite3_file>?) -> String {
    file!.withMemoryRebound(to: FaultyFile.self, capacity: 1) { $0.pointee.path.map { String(cString: $0) } ?? "" }
}

private func remember(_ file: UnsafeMutablePointer<sqlite3_file>?, count: Int32, at offset: Int64) {
    let methods = realFile(file).pointee.pMethods.pointee
    var old = [UInt8](repeating: 0, count: Int(count))
    _ = methods.xRead(realFile(file), &old, count, offset)
    disk(of: file).written(path(of: file), FaultyDisk.Unsynced(offset: offset, old: old))
}

// The table is made once and never changes.
nonisolated(unsafe) private let faultyMethods: UnsafePointer<sqlite3_io_methods> = {
    var methods = sqlite3_io_methods()
    methods.iVersion = 2
    methods.xClose = { realFile($0).pointee.pMethods.pointee.xClose(realFile($0)) }
    methods.xRead = { realFile($0).pointee.pMethods.pointee.xRead(realFile($0), $1, $2, $3) }
    methods.xWrite = { file, bytes, count, offset in
        // SQLITE_IOERR_WRITE
        if let failure = disk(of: file).failure(of: SQLITE_IOERR | (3 << 8)) { return failure }
        remember(file, count: count, at: offset)
        return realFile(file).pointee.pMethods.pointee.xWrite(realFile(file), bytes, count, offset)
    }
    methods.xTruncate = { file, size in
        // SQLITE_IOERR_TRUNCATE
        if let failure = disk(of: file).failure(of: SQLITE_IOERR | (6 << 8)) { return failure }
        disk(of: file).synced(path(of: file))
        return realFile(file).pointee.pMethods.pointee.xTruncate(realFile(file), size)
    }
    methods.xSync = { file, flags in
        // SQLITE_IOERR_FSYNC
        if let failure = disk(of: file).failure(of: SQLITE_IOERR | (4 << 8)) { return failure }
        // Nothing need reach the real disk: what it would lose is known here.
        disk(of: file).synced(path(of: file))
        return SQLITE_OK
    }
    methods.xFileSize = { realFile($0).pointee.pMethods.pointee.xFileSize(realFile($0), $1) }
    methods.xLock = { realFile($0).pointee.pMethods.pointee.xLock(realFile($0), $1) }
    methods.xUnlock = { realFile($0).pointee.pMethods.pointee.xUnlock(realFile($0), $1) }
    methods.xCheckReservedLock = { realFile($0).pointee.pMethods.pointee.xCheckReservedLock(realFile($0), $1) }
    methods.xFileControl = { realFile($0).pointee.pMethods.pointee.xFileControl(realFile($0), $1, $2) }
    methods.xSectorSize = { realFile($0).pointee.pMethods.pointee.xSectorSize(realFile($0)) }
    methods.xDeviceCharacteristics = { realFile($0).pointee.pMethods.pointee.xDeviceCharacteristics(realFile($0)) }
    methods.xShmMap = { realFile($0).pointee.pMethods.pointee.xShmMap(realFile($0), $1, $2, $3, $4) }
    methods.xShmLock = { realFile($0).pointee.pMethods.pointee.xShmLock(realFile($0), $1, $2, $3) }
    methods.xShmBarrier = { realFile($0).pointee.pMethods.pointee.xShmBarrier(realFile($0)) }
    methods.xShmUnmap = { realFile($0).pointee.pMethods.pointee.xShmUnmap(realFile($0), $1) }
    let table = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    table.initialize(to: methods)
    return UnsafePointer(table)
}()
