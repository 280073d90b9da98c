internal import Threads

/// Syncs the folder for all threads that need it at once.
///
/// A sync keeps the names that were there when it began, so whoever made a file waits for one that began afterwards;
/// while one runs, the others gather for the next. Once one has failed, the names from before it are never trusted.
final class FolderSync: Sendable {
    private struct State {
        /// Of the next sync to begin.
        var next = 1
        var done = 0
        var lastFailure: (sync: Int, error: DiskError)?
        var isRunning = false
    }

    /// A sync, or a later one, that keeps a name.
    struct Need {
        fileprivate var sync: Int
    }

    private let state = Monitor(State())
    private let sync: @Sendable () throws(DiskError) -> Void

    init(_ sync: @escaping @Sendable () throws(DiskError) -> Void) { self.sync = sync }

    /// To be asked after the name was made.
    var need: Need { state.withLock { Need(sync: $0.next) } }

    /// Returns once the name is on the disk.
    func wait(for need: Need) throws(DiskError) {
        while true {
            let mine = state.wait { state -> Int? in
                if state.done >= need.sync { return 0 }
                if state.isRunning { return nil }
                defer { state.next += 1 }
                state.isRunning = true
                return state.next
            }
            guard let mine, mine > 0 else { break }
            run(mine)
        }
        if let failure = state.withLock({ $0.lastFailure }), failure.sync >= need.sync { throw failure.error }
    }

    private func run(_ mine: Int) {
        var failure: DiskError?
        do throws(DiskError) { try sync() } catch { failure = error }
        state.update { state in
            state.isRunning = false
            state.done = mine
            if let failure { state.lastFailure = (mine, failure) }
        }
    }
}
