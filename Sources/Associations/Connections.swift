import Glibc
import Threads

/// The connections of a listener: who is there, who has an association, when all must end.
struct Connections {
    private struct Entry {
        /// nil once the thread is about to close it.
        var descriptor: Int32?
        let signal: Monitor<StopSignal>
        var stage = Stage.waiting
    }

    private enum Stage {
        /// For its A-ASSOCIATE-RQ, or after its association for its end.
        case waiting
        case associated
        /// It was told to end, so that its place is free for another.
        case givingWay
    }

    private var entries: [UInt64: Entry] = [:]
    private(set) var associations = 0
    private var lastID: UInt64 = 0
    var stopBefore: MonotonicInstant?

    var isEmpty: Bool { entries.isEmpty }

    /// The new connection's id; nil when there are too many.
    mutating func add(_ descriptor: Int32, _ signal: Monitor<StopSignal>, limit: Int) -> UInt64? {
        guard entries.count < limit else { return nil }
        lastID += 1
        entries[lastID] = Entry(descriptor: descriptor, signal: signal)
        return lastID
    }

    /// Makes the connection that has waited longest end; false when there is none. Its place is free once it is removed.
    mutating func endOldestWaiting() -> Bool {
        let waiting = entries.filter { $0.value.stage == .waiting && $0.value.descriptor != nil }
        guard let oldest = waiting.min(by: { $0.key < $1.key }) else { return false }
        entries[oldest.key]?.stage = .givingWay
        end(oldest.value, .giveWay)
        return true
    }

    mutating func claim(_ id: UInt64, limit: Int) -> Bool {
        guard associations < limit, entries[id]?.stage == .waiting else { return false }
        associations += 1
        entries[id]?.stage = .associated
        return true
    }

    mutating func release(_ id: UInt64) {
        guard entries[id]?.stage == .associated else { return }
        entries[id]?.stage = .waiting
        associations -= 1
    }

    /// Its descriptor is about to be closed.
    mutating func forget(_ id: UInt64) {
        release(id)
        entries[id]?.descriptor = nil
    }

    mutating func remove(_ id: UInt64) {
        release(id)
        entries[id] = nil
    }

    /// Makes every thread stop: those that wait for bytes are woken by the end of their input.
    func stopAll() {
        for entry in entries.values { end(entry, .stop) }
    }

    private func end(_ entry: Entry, _ signal: StopSignal) {
        entry.signal.withLock { $0 = signal }
        if let descriptor = entry.descriptor { shutdown(descriptor, Int32(SHUT_RD)) }
    }
}
