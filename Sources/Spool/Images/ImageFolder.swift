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
        /// Bytes of the file system that documents beside the images leave free.
        var documentReserve: Int
    }

    /// What a file is kept for.
    enum Use {
        case image
        /// It tells of images, and finds room where they find none.
        case document
    }

    private struct State {
        var lastNumber: Int64
        /// Of all files, those that are being written too.
        var bytes = 0
        /// Files that no row tells of yet, or any more.
        var held: [ImageName: Int] = [:]
        /// Bytes of images whose files are not what their rows say.
        var cut: [ImageName: Int] = [:]
        /// Images had no room when it was last looked at.
        var isTight = false
        /// The largest that the file system has been; nil: unknown.
        var largest: Int?
    }

    let path: String
    let disk: any ImageDisk
    let folderSync: FolderSync
    let compressors = ImageCompressors()
    private let limits: Limits
    private let state: Monitor<State>
    private let spares = Monitor(ImageSpares())
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
        state = Monitor(State(lastNumber: last, largest: disk.totalBytes))
    }

    /// Of all files, in bytes.
    var bytes: Int { state.withLock { $0.bytes } }

    /// What images may ever take, however empty the disk is; nil: unknown. A file system that shares its disk with others
    /// shrinks and grows with them.
    var capacity: Int? {
        let total = disk.totalBytes
        let largest = state.withLock { state in
            state.largest = [state.largest, total].compactMap(\.self).max()
            return state.largest
        }
        return [limits.budget, largest.map { max(0, $0 - limits.reserve) }].compactMap(\.self).min()
    }

    /// Why so many bytes more are not taken; nil: they are.
    func refusal(adding count: Int, for use: Use) -> SpoolError? {
        let reserve: Int
        switch use {
        case .image:
            reserve = limits.reserve
            let used = bytes
            if let budget = limits.budget, count > budget - used { return .overBudget(used: used, budget: budget) }
        case .document: reserve = limits.documentReserve
        }
        guard let free = disk.freeBytes, free - reserve < count else { return nil }
        return .full(path: path, free: free, reserve: reserve)
    }

    /// Nine tenths of what images may take were taken, and they have not come down to eight since.
    var pressure: SpoolError? {
        let free = disk.freeBytes
        return state.withLock { state in
            let used = state.bytes
            // A tenth of all they may take, or a fifth.
            let least = used / (state.isTight ? 4 : 9)
            var pressure: SpoolError?
            if let budget = limits.budget, budget - used <= least {
                pressure = .overBudget(used: used, budget: budget)
            } else if let free, free - limits.reserve <= least {
                pressure = .full(path: path, free: free, reserve: limits.reserve)
            }
            state.isTight = pressure != nil
            return pressure
        }
    }

    /// A new file, which is removed unless its claim is taken.
    func make(isCompressed: Bool, for use: Use) throws(SpoolError) -> (claim: ImageClaim, file: EmptyImage) {
        if let refusal = refusal(adding: 1, for: use) { throw refusal }
        let file = try spares.withLock { spares throws(SpoolError) in
            if let spare = spares.take(isCompressed: isCompressed) { return spare }
            remove(spares.removeAll())
            let made = try make(spares.nextCount(), isCompressed: isCompressed)
            spares.add(made.dropFirst())
            return made[0]
        }
        return (ImageClaim(file.name, in: self), file)
    }

    /// At least one, and as many as the disk lets.
    private func make(_ count: Int, isCompressed: Bool) throws(SpoolError) -> [EmptyImage] {
        var made: [(name: ImageName, file: Int32)] = []
        while made.count < count {
            let name = state.withLock { state in
                state.lastNumber += 1
                let name = ImageName(number: state.lastNumber, isCompressed: isCompressed)
                state.held[name] = 0
                return name
            }
            do throws(DiskError) {
                made.append((name, try disk.make(name.text)))
            } catch {
                state.withLock { $0.held[name] = nil }
                if made.isEmpty { throw self.error(error, name) }
                break
            }
        }
        let need = folderSync.need
        return made.map { EmptyImage(name: $0.name, file: $0.file, need: need) }
    }

    // MARK: Files made ahead

    func expect() { spares.withLock { $0.begin() } }

    func expectNoMore() { spares.withLock { remove($0.end()) } }

    /// What was made ahead is not trusted any more.
    func dropSpares() { spares.withLock { remove($0.removeAll()) } }

    private func remove(_ spares: ArraySlice<EmptyImage>) {
        for spare in spares {
            disk.close(spare.file)
            discard(spare.name)
        }
    }

    // MARK: What they take

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

    /// The rows of these are gone for good; the files are there until they are discarded. One that cannot be removed is
    /// found when the spool is opened again.
    func isForgotten(_ files: [StoredImage]) {
        state.withLock { state in
            for file in files { state.held[file.name] = state.cut.removeValue(forKey: file.name) ?? file.storedBytes }
        }
    }

    /// Brings files and rows together: removes the files that no row tells of, and returns the images whose files are
    /// not whole. No row may come or go meanwhile; files may be begun, written and given up.
    /// - Parameter rows: by number.
    func sweep(_ rows: [StoredImage]) throws(SpoolError) -> [Int64] {
        var kept = Set(rows.map(\.name))
        // What is begun or goes on from here on has a larger number, and whoever writes it counts it.
        let last = state.withLock { state in
            kept.formUnion(state.held.keys)
            state.bytes = rows.reduce(state.held.values.reduce(0, +)) { $0 + $1.storedBytes }
            state.cut = [:]
            return state.lastNumber
        }
        var leftovers: [ImageName] = []
        do throws(DiskError) {
            try disk.forEachName { text in
                guard let name = ImageName(text), name.number <= last, !kept.contains(name) else { return }
                leftovers.append(name)
            }
            for name in leftovers { try disk.remove(name.text) }
        } catch {
            throw .unwritable(reason: "\(path): \(error.reason)")
        }
        var missing: [Int64] = []
        for row in rows {
            let size = disk.size(of: row.name.text)
            guard size != row.storedBytes else { continue }
            missing.append(row.name.number)
            state.withLock { state in
                state.bytes += (size ?? 0) - row.storedBytes
                state.cut[row.name] = size ?? 0
            }
        }
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
