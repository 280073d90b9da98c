import DICOM
import Studies

/// What must hold of an instance, whatever else the register's rules say.
struct RejectionOracle {
    private struct Memory {
        var copies: Set<Fingerprint> = []
        var wasRejected = false
        var isReleased = false
        var isWithdrawn = false
        var titles: Set<String> = []
        /// Whom the notes name.
        var patients: Set<PatientKey> = []
    }

    private var memories: [InstanceUID: Memory] = [:]
    private var notes: [InstanceUID: Set<UInt64>] = [:]

    mutating func apply(_ event: InstanceRegister.Event) {
        switch event {
        case .stored(let uid, let fingerprint, _):
            memories[uid, default: Memory()].copies.insert(fingerprint)
            memories[uid]?.isWithdrawn = false
        case .rejected(let rejection):
            guard notes[rejection.note, default: []].insert(rejection.digest).inserted else { return }
            for uid in rejection.references {
                memories[uid, default: Memory()].wasRejected = true
                memories[uid]?.isReleased = false
                memories[uid]?.titles.insert(rejection.title)
                if let patient = rejection.patient { memories[uid]?.patients.insert(patient) }
            }
        case .documentStored: break
        case .decided(let decision, _): decide(decision.action)
        }
    }

    private mutating func decide(_ action: Decision.Action) {
        switch action {
        case .hold: break
        case .release(_, let instances):
            for uid in memories.keys where instances?.contains(uid) ?? true {
                memories[uid]?.isReleased = true
                memories[uid]?.isWithdrawn = false
            }
        case .withdraw(let title):
            for (uid, memory) in memories where !memory.copies.isEmpty {
                memories[uid]?.isWithdrawn = true
                memories[uid]?.wasRejected = true
                memories[uid]?.isReleased = false
                memories[uid]?.titles.insert(title)
            }
        }
    }

    func fault(_ uid: InstanceUID, isLive: Bool, _ settings: InstanceRegister.Settings) -> String? {
        guard let memory = memories[uid] else { return isLive ? "\(uid) is live and never came" : nil }
        if memory.copies.isEmpty { return isLive ? "\(uid) is live and never came" : nil }
        if !memory.wasRejected { return isLive ? nil : "\(uid) came, was never rejected, and is not live" }
        guard isLive else { return nil }
        if memory.isWithdrawn { return "\(uid) is live although all was withdrawn" }
        let mayReturn = memory.titles.contains { settings.policies[$0] == .accept }
        let meantAnother = memory.copies.contains { copy in
            memory.patients.contains { !$0.isCompatible(with: copy.patient) }
        }
        if memory.copies.count == 1, !memory.isReleased, !mayReturn, !meantAnother {
            return "\(uid) is live with a rejected copy"
        }
        return nil
    }
}
