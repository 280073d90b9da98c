import Threads

/// How many events alike are told: a number at once, then one each few seconds, for each kind and what it is about.
/// What is held back is counted, and told later in one line.
struct EventLimit: Sendable {
    enum Admission: Equatable, Sendable {
        /// To be told; so many alike were held back since the last one.
        case post(suppressed: Int)
        case hold
    }

    /// What was held back, and no event alike came since to tell it with.
    struct Overdue: Equatable, Sendable {
        let kind: EventKind
        let subject: String
        let events: Int
    }

    private struct Key: Hashable {
        let kind: EventKind
        let subject: String
    }

    private struct Bucket {
        /// From then on it is as if nothing had come; it lies further ahead with each event that is told.
        var fullAt: MonotonicInstant
        var held = 0
        var heldSince = MonotonicInstant(nanoseconds: 0)
    }

    /// One more is told after so long.
    static let interval = Duration.seconds(3)
    /// So many are told at once: of what is an error, and of the rest.
    static let burstOfErrors = 100
    static let burst = 20
    /// What is held back is told after so long at the latest.
    static let patience = Duration.seconds(60)
    /// What events are about; beyond that all of a kind are alike.
    static let keyLimit = 4096

    private var buckets: [Key: Bucket] = [:]
    private var nextSweep = MonotonicInstant(nanoseconds: 0)
    /// When `overdue` may next find something; nil: nothing is held back.
    private(set) var nextOverdue: MonotonicInstant?

    init() {}

    /// - Parameter subject: what it is about; empty: all of the kind are alike.
    mutating func admit(_ kind: EventKind, subject: String, at now: MonotonicInstant) -> Admission {
        guard !EventKind.neverHeldBack.contains(kind) else { return .post(suppressed: 0) }
        let key = key(kind, subject, at: now)
        var bucket = buckets[key] ?? Bucket(fullAt: now)
        defer { buckets[key] = bucket }
        let burst = kind.priority <= 3 ? Self.burstOfErrors : Self.burst
        let start = max(bucket.fullAt, now)
        guard start - now <= Self.interval * (burst - 1) else {
            if bucket.held == 0 { bucket.heldSince = now }
            bucket.held += 1
            if nextOverdue == nil { nextOverdue = now + Self.patience }
            return .hold
        }
        bucket.fullAt = start + Self.interval
        defer { bucket.held = 0 }
        return .post(suppressed: bucket.held)
    }

    /// What has been held back for long enough; it counts as told.
    /// - Parameter patience: how long; zero: all of it.
    mutating func overdue(
        at now: MonotonicInstant, patience: Duration = EventLimit.patience
    ) -> [Overdue] {
        var found: [Overdue] = []
        for (key, bucket) in buckets where bucket.held > 0 && now - bucket.heldSince >= patience {
            found.append(Overdue(kind: key.kind, subject: key.subject, events: bucket.held))
            buckets[key]?.held = 0
        }
        nextOverdue = buckets.values.filter { $0.held > 0 }.map { $0.heldSince + Self.patience }.min()
        return found.sorted { ($0.kind.rawValue, $0.subject) < ($1.kind.rawValue, $1.subject) }
    }

    private mutating func key(_ kind: EventKind, _ subject: String, at now: MonotonicInstant) -> Key {
        let key = Key(kind: kind, subject: subject)
        guard buckets[key] == nil, buckets.count >= Self.keyLimit else { return key }
        if now >= nextSweep {
            buckets = buckets.filter { $0.value.held > 0 || $0.value.fullAt > now }
            nextSweep = now + Self.interval
        }
        return buckets.count < Self.keyLimit ? key : Key(kind: kind, subject: "")
    }
}

extension EventKind {
    /// Who did what is told each time; so is that a study settles, which it does once in a quiet period at most.
    static let neverHeldBack: Set<EventKind> = [.operatorCommanded, .commandNotDone, .studySettled, .studyUnchanged]

    /// What each study comes to: told of every one, however many there are.
    static let outcomesOfStudies: Set<EventKind> = [
        .studySettled, .studyUnchanged, .studyRemark, .studyHeld, .instancesWithdrawn, .studyDiffers,
        .manifestDelivered, .rejectionNoteDelivered, .documentBuried, .imagesForwarded, .imagesNotAllForwarded,
        .imagesDropped, .formerCopiesKept, .imageNoteQueued, .imageNoteMissing,
    ]
}
