import Spool
import Studies
import Threads

/// Studies that are held for another one's instances, by that one. After a restart every held study is settled again.
struct WaitingStudies: Sendable {
    private struct State {
        var waiting: [StudyEntry.ID: Set<StudyKey>] = [:]
        /// Studies that changed at a destination since the settling under way began to read.
        var changed: Set<StudyEntry.ID> = []
    }

    private let state = Monitor(State())

    /// What other studies have at destinations is read from now on, by one settling at a time.
    func beginReading() {
        state.withLock { $0.changed = [] }
    }

    /// Remembers for whose instances a study is held.
    /// - Returns: whether what was read of them may be outdated; who changes from now on wakes the study.
    func note(_ key: StudyKey, waitsFor others: Set<StudyEntry.ID>) -> Bool {
        state.withLock { state in
            for (study, keys) in state.waiting where keys.contains(key) {
                state.waiting[study] = keys.count == 1 ? nil : keys.subtracting([key])
            }
            for study in others { state.waiting[study, default: []].insert(key) }
            return !state.changed.isDisjoint(with: others)
        }
    }

    /// A study has changed at a destination, or is decided anew.
    /// - Returns: who waits for it and may be free of it now.
    func changed(_ study: StudyEntry.ID) -> [StudyKey] {
        state.withLock { state in
            state.changed.insert(study)
            return state.waiting[study].map(Array.init) ?? []
        }
    }
}
