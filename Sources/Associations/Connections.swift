import Glibc
import Threads

/// The connections of a listener: who is there, who has an association, when all must end.
struct Connections {
    private struct Entry {
        /// nil once the thread is about to close it.
        var descriptor: Int32?
        let signal: Monitor<StopSignal>
        var hasAssociation = false
    }

    private var entries: [UInt64: Entry] = [:]
    private var associations = 0
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

    mutating func claim(_ id: UInt64, limit: Int) -> Bool {
        guard associations < limit else { return false }
        associations += 1
        entries[id]?.hasAssociation = true
        return true
    }

    mutating func release(_ id: UInt64) {
        guard entries[id]?.hasAssociation == true else { return }
        entries[id]?.hasAssociation = false
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
        for entry in entries.values {
            entry.signal.withLock { $0.isStopped = true }
            if let descriptor = entry.descriptor { shutdown(descriptor, Int32(SHUT_RD)) }
        }
    }
}
