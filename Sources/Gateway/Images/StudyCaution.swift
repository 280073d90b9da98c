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
    private static let remembered = 10_000

    init(_ spool: Spool) { self.spool = spool }

    /// An image is about to be stored: whether it is withheld. To be ended by `end` once it is durable, or is not.
    func begin(_ key: StudyKey) throws(SpoolError) -> Bool {
        if let isWithheld = state.withLock({ Self.enter(key, &$0) }) { return isWithheld }
        let isCautious = try lookUp(key)
        return state.withLock { state in
            if state.known.count >= Self.remembered { state.known = [:] }
            // What came meanwhile knows better, and is never forgotten by another thread's look.
            if state.known[key] == nil { state.known[key] = isCautious }
            return Self.enter(key, &state) ?? true
        }
    }

    private static func enter(_ key: StudyKey, _ state: inout State) -> Bool? {
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

    /// A note of the study or a decision on it is about to be stored. Returns when all images that came as free are in
    /// the spool, where it withholds them itself; later ones are withheld as they come.
    func note(_ key: StudyKey) {
        state.withLock { state in
            state.known[key] = true
            if state.settling[key] != nil { state.settling[key] = true }
        }
        _ = state.wait { $0.free[key] == nil && !$0.releasing.contains(key) ? true : nil }
    }

    /// The study is about to be read, to be settled.
    func beginSettling(_ key: StudyKey) { state.withLock { $0.settling[key] = false } }

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
