import DICOM
import Spool
import Studies
import Threads

/// Studies that have a rejection note or a decision: their images wait for the settling, while those of all others leave
/// as they come.
///
/// What is stored as free and the first note of its study never cross: the note waits for the image.
final class StudyCaution: Sendable {
    private struct State {
        /// Whether the study has a note or a decision; what is not here is looked up.
        var known: [StudyKey: Bool] = [:]
        /// Notes and decisions on their way into the spool.
        var noting: [StudyKey: Int] = [:]
        /// That ever began: what was looked up before one did is old.
        var notes = 0
        /// Images on their way into the spool that are free.
        var free: [StudyKey: Int] = [:]
        /// Studies that are being settled, and whether something came meanwhile that the settling does not know.
        var settling: [StudyKey: Bool] = [:]
        /// Those of which images are being let go.
        var releasing: Set<StudyKey> = []
    }

    private let state = Monitor(State())
    private let spool: Spool

    /// Studies remembered; more would only grow.
    static let remembered = 10_000

    init(_ spool: Spool) { self.spool = spool }

    /// An image is about to be stored: whether it is withheld. To be ended by `end` once it is durable, or is not.
    func begin(_ key: StudyKey) throws(SpoolError) -> Bool {
        let (isWithheld, notes) = state.withLock { (Self.enter(key, &$0), $0.notes) }
        if let isWithheld { return isWithheld }
        let isCautious = try lookUp(key)
        return state.withLock { state in
            // What came meanwhile may be of this study.
            guard state.notes == notes else { return Self.enter(key, &state) ?? true }
            Self.learn(key, isCautious, &state)
            return Self.enter(key, &state) ?? true
        }
    }

    private static func learn(_ key: StudyKey, _ isCautious: Bool, _ state: inout State) {
        if state.known.count >= remembered { state.known = [:] }
        state.known[key] = isCautious
    }

    private static func enter(_ key: StudyKey, _ state: inout State) -> Bool? {
        if state.noting[key] != nil { return true }
        guard let isCautious = state.known[key] else { return nil }
        if !isCautious { state.free[key, default: 0] += 1 }
        return isCautious
    }

    /// - Parameter isWithheld: as `begin` said.
    func end(_ key: StudyKey, isWithheld: Bool) {
        guard !isWithheld else { return }
        state.update { state in
            let left = (state.free[key] ?? 1) - 1
            state.free[key] = left > 0 ? left : nil
        }
    }

    /// Stores a note of these studies, or a decision on them, by `body`. It begins when all images that came as free are
    /// in the spool, where the note withholds them itself; later ones are withheld as they come.
    func note(_ keys: some Sequence<StudyKey>, _ body: () throws(SpoolError) -> Void) throws(SpoolError) {
        let keys = Set(keys)
        state.withLock { state in
            state.notes += 1
            for key in keys {
                Self.learn(key, true, &state)
                state.noting[key, default: 0] += 1
                if state.settling[key] != nil { state.settling[key] = true }
            }
        }
        defer {
            state.withLock { state in
                for key in keys {
                    let left = (state.noting[key] ?? 1) - 1
                    state.noting[key] = left > 0 ? left : nil
                }
            }
        }
        for key in keys {
            _ = state.wait { $0.free[key] == nil && !$0.releasing.contains(key) ? true : nil }
        }
        try body()
    }

    /// The study is about to be read, to be settled. What is just being stored it may miss.
    func beginSettling(_ key: StudyKey) { state.withLock { $0.settling[key] = $0.noting[key] != nil } }

    func endSettling(_ key: StudyKey) { state.withLock { $0.settling[key] = nil } }

    /// Lets images go by `body`, unless something came since `beginSettling` by which they might have to stay.
    func release(_ key: StudyKey, _ body: () throws(SpoolError) -> Void) throws(SpoolError) {
        let isNoted = state.withLock { state in
            let isNoted = state.settling[key] ?? true
            if !isNoted { state.releasing.insert(key) }
            return isNoted
        }
        guard !isNoted else { return }
        defer { state.update { _ = $0.releasing.remove(key) } }
        try body()
    }

    /// What an earlier run of the gateway took, by the spool.
    private func lookUp(_ key: StudyKey) throws(SpoolError) -> Bool {
        let entries = try spool.studies(uid: key.studyInstanceUID.text)
        guard let entry = entries.first(where: { $0.source == key.source }) else { return false }
        var isCautious = false
        try spool.headers(of: entry.id) { stored, _ in
            if !isCautious { isCautious = InstanceAttributes(text: stored.attributes).kind.mayWithdraw }
        }
        return isCautious
    }
}

extension InstanceAttributes.Kind {
    /// It may say of instances that they must not be shown.
    var mayWithdraw: Bool {
        switch self {
        case .rejectionNote, .excerpt, .strayNote, .strayNoteOfFormerCopies, .decision: true
        case .instance, .manifest, .adopted: false
        }
    }
}
