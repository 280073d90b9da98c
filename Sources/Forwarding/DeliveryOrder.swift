import Spool
import Threads

/// Whose turn it is in an outbox: documents in the order they were written, but for those whose study waits after a failure
/// or lies behind a dead letter. It holds the studies in trouble and a place in the outbox, not the outbox.
struct DeliveryOrder: Equatable {
    /// A study whose first document failed.
    struct Wait: Equatable {
        /// Failures of that document since the start, of any kind; 0 when the study is to be gone through anew.
        var failures = 0
        /// Refusals among them.
        var refusals = 0
        var retryAt: MonotonicInstant
        /// The destination's trouble: over when the destination is back.
        var isDestinations = false
    }

    /// Everything up to here was looked at: tried, or left to `waits` or `dead`. Nil: nothing was.
    private(set) var position: Delivery.ID?
    private(set) var waits: [StudyEntry.ID: Wait] = [:]
    /// Studies behind a dead letter.
    private(set) var dead: Set<StudyEntry.ID> = []

    /// Whether a delivery that was found at the place in the outbox is to be tried: it is the first of its study.
    mutating func take(_ delivery: Delivery) -> Bool {
        position = delivery.id
        guard waits[delivery.study] == nil, !dead.contains(delivery.study) else { return false }
        guard delivery.state == .dead else { return true }
        dead.insert(delivery.study)
        return false
    }

    /// Studies whose wait is over, the earliest first.
    func due(at now: MonotonicInstant) -> [StudyEntry.ID] {
        waits.filter { $0.value.retryAt <= now }
            .sorted { ($0.value.retryAt, $0.key.value) < ($1.value.retryAt, $1.key.value) }.map(\.key)
    }

    func isDue(_ study: StudyEntry.ID, at now: MonotonicInstant) -> Bool {
        waits[study].map { $0.retryAt <= now } ?? false
    }

    /// The study that waits for the destination and would be due first.
    var firstWaitingForDestination: StudyEntry.ID? {
        waits.filter { $0.value.isDestinations }
            .min { ($0.value.retryAt, $0.key.value) < ($1.value.retryAt, $1.key.value) }?.key
    }

    /// When the next wait is over.
    var nextDue: MonotonicInstant? { waits.values.map(\.retryAt).min() }

    /// The first document of the study failed.
    mutating func failed(_ study: StudyEntry.ID, isRefusal: Bool, retryAt: MonotonicInstant) {
        var wait = waits[study] ?? Wait(retryAt: retryAt)
        wait.failures += 1
        wait.refusals += isRefusal ? 1 : 0
        wait.retryAt = retryAt
        wait.isDestinations = !isRefusal
        waits[study] = wait
    }

    /// The first document of the study is gone: others of it may be due that were passed over.
    mutating func advanced(_ study: StudyEntry.ID, at now: MonotonicInstant) {
        if waits[study] != nil { waits[study] = Wait(retryAt: now) }
    }

    /// Nothing of the study is in the outbox.
    mutating func emptied(_ study: StudyEntry.ID) { waits[study] = nil }

    /// The first document of the study is a dead letter.
    mutating func buried(_ study: StudyEntry.ID) {
        waits[study] = nil
        dead.insert(study)
    }

    /// Something of the study was changed: it may no longer lie behind a dead letter.
    mutating func lookAgain(_ study: StudyEntry.ID, at now: MonotonicInstant) {
        if dead.remove(study) != nil { waits[study] = Wait(retryAt: now) }
    }

    /// The destination is back: what waited for it is due; what it refused waits on.
    mutating func destinationIsBack(at now: MonotonicInstant) {
        for (study, wait) in waits where wait.isDestinations { waits[study]?.retryAt = min(wait.retryAt, now) }
    }

    /// Goes through the whole outbox again.
    mutating func startOver() {
        position = nil
        dead = []
    }

    /// Nobody waits any longer, and the whole outbox is gone through again.
    mutating func startOver(at now: MonotonicInstant) {
        startOver()
        for (study, wait) in waits { waits[study]?.retryAt = min(wait.retryAt, now) }
    }
}
