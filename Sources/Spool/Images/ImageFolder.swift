import Glibc
internal import Threads

/// The files of images: their numbers, what they take of the disk, what may not be removed.
///
/// A file with a row in the database is an image; one without is a leftover, unless somebody holds its claim.
final class ImageFolder: Sendable {
    struct Limits {
        /// Bytes of the file system that images leave free.
        var reserve: Int
        /// Bytes of images at most; nil: what the file system holds.
        var budget: Int?
    }

    private struct State {
        var lastNumber: Int64
        /// Of all files, those that are being written too.
        var bytes = 0
        /// Files that no row tells of yet.
        var held: [ImageName: Int] = [:]
    }

    let path: String
    let disk: any ImageDisk
    let folderSync: FolderSync
    let compressors = ImageCompressors()
    private let limits: Limits
    private let state: Monitor<State>
    /// Files with larger numbers were written by this process.
    let lastNumberAtStart: Int64

    /// - Parameter lastNumber: no new file has a smaller one.
    init(path: String, disk: any ImageDisk, limits: Limits, lastNumber: Int64) throws(SpoolError) {
        self.path = path
        self.disk = disk
        self.limits = limits
        folderSync = FolderSync { () throws(DiskError) in try disk.syncFolder() }
        var last = lastNumber
        do throws(DiskError) {
            try disk.forEachName { last = max(last, ImageName($0)?.number ?? 0) }
        } catch {
            throw .cannotOpen(path: path, reason: error.reason)
        }
        lastNumberAtStart = last
        state = Monitor(State(lastNumber: last))
    }

    /// Of all files, in bytes.
    var bytes: Int { state.withLock { $0.bytes } }

    /// Why so many bytes more are not taken; nil: they are.
    func refusal(adding count: Int) -> SpoolError? {
        if let budget = limits.budget {
            let left = budget - bytes
            if count > left { return .full(path: path, free: max(0, left), reserve: 0) }
        }
        guard let free = disk.freeBytes, free - limits.reserve < count else { return nil }
        return .full(path: path, free: free, reserve: limits.reserve)
    }

    /// Nine tenths of what images may take are taken.
    var pressure: SpoolError? {
        let used = bytes
        let free = disk.freeBytes ?? .max
        let room = min(limits.budget.map { $0 - used } ?? .max, free - limits.reserve)
        guard room <= used / 9 else { return nil }
        return .full(path: path, free: max(0, free), reserve: limits.reserve)
    }

    /// Makes a file that is removed unless its claim is taken.
    func make(isCompressed: Bool) throws(SpoolError) -> (claim: ImageClaim, file: Int32) {
        if let refusal = refusal(adding: 1) { throw refusal }
        let name = state.withLock { state in
            state.lastNumber += 1
            let name = ImageName(number: state.lastNumber, isCompressed: isCompressed)
            state.held[name] = 0
            return name
        }
        do throws(DiskError) {
            let file = try disk.make(name.text)
            return (ImageClaim(name, in: self), file)
        } catch {
            state.withLock { $0.held[name] = nil }
            throw self.error(error, name)
        }
    }

    func hasGrown(_ name: ImageName, by count: Int) {
        state.withLock { state in
            state.bytes += count
            state.held[name]? += count
        }
    }

    func isTaken(_ name: ImageName) { state.withLock { $0.held[name] = nil } }

    func isGivenBack(_ name: ImageName, bytes: Int) { state.withLock { $0.held[name] = bytes } }

    /// Removes a file that no row tells of.
    func discard(_ name: ImageName) {
        try? disk.remove(name.text)
        state.withLock { state in state.bytes -= state.held.removeValue(forKey: name) ?? 0 }
    }

    /// Removes files whose rows are gone for good. One that cannot be removed is found when the spool is opened again.
    func remove(_ files: [StoredImage]) {
        for file in files {
            try? disk.remove(file.name.text)
            state.withLock { $0.bytes -= file.storedBytes }
        }
    }

    /// Brings files and rows together: removes the files that no row tells of, and returns the images whose files are
    /// not whole. Nothing may be queued or removed meanwhile.
    /// - Parameter rows: by number.
    func sweep(_ rows: [StoredImage]) throws(SpoolError) -> [Int64] {
        let held = state.withLock { $0.held }
        var kept = Set(rows.map(\.name))
        kept.formUnion(held.keys)
        var leftovers: [ImageName] = []
        do throws(DiskError) {
            try disk.forEachName { text in
                if let name = ImageName(text), !kept.contains(name) { leftovers.append(name) }
            }
            for name in leftovers { try disk.remove(name.text) }
        } catch {
            throw .unwritable(reason: "\(path): \(error.reason)")
        }
        var bytes = held.values.reduce(0, +)
        var missing: [Int64] = []
        for row in rows {
            let size = disk.size(of: row.name.text)
            bytes += size ?? 0
            if size != row.storedBytes { missing.append(row.name.number) }
        }
        state.withLock { $0.bytes = bytes }
        return missing
    }

    func error(_ error: DiskError, _ name: ImageName) -> SpoolError {
        switch error.code {
        case ENOSPC, EDQUOT: .full(path: path, free: disk.freeBytes, reserve: limits.reserve)
        case _: .unwritable(reason: "\(path)/\(name.text): \(error.reason)")
        }
    }
}

/// A file as its row tells of it.
struct StoredImage {
    var name: ImageName
    var storedBytes: Int
}

extension DiskError {
    var reason: String { String(cString: strerror(code)) }
}
