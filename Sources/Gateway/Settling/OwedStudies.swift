import Spool
import Studies
import Threads

/// Studies that are to be settled because of what the settling of another one has written, until they are: a settling
/// that fails half way owes them all the same, for the next one finds nothing new.
struct OwedStudies: Sendable {
    private struct State {
        var noted: Set<StudyKey> = []
        var changed: Set<StudyEntry.ID> = []
    }

    private let state = Monitor(State())

    /// Notes are filed under them, or images of theirs wait for the study that was settled.
    func noted(_ keys: [StudyKey]) { state.withLock { $0.noted.formUnion(keys) } }

    /// They are settled now, or will be.
    func takeNoted() -> Set<StudyKey> {
        state.withLock { state in
            defer { state.noted = [] }
            return state.noted
        }
    }

    /// What is new of a study is about to be settled; others may wait for that.
    func changes(_ study: StudyEntry.ID) { state.withLock { _ = $0.changed.insert(study) } }

    func hasChanged(_ study: StudyEntry.ID) -> Bool { state.withLock { $0.changed.contains(study) } }

    /// Whoever may wait for it is told.
    func isSettled(_ study: StudyEntry.ID) { state.withLock { _ = $0.changed.remove(study) } }
}
