import Threads

/// Something here fails a destination's sender: told when it begins, every hour that it lasts, and when it ends.
struct OurTrouble: Equatable {
    /// What cannot be done. That one works says nothing of the others: a full disk can be read.
    enum Work {
        /// From the spool.
        case reading
        /// To the spool.
        case writing
        /// For want of descriptors, say.
        case sending
    }

    private static let reminder = Duration.seconds(3600)

    private var failing: Set<Work> = []
    private var toldAt: MonotonicInstant?
    private var hasEnded = false

    /// - Returns: whether it is to be told.
    mutating func failed(_ work: Work, at now: MonotonicInstant) -> Bool {
        failing.insert(work)
        hasEnded = false
        if let toldAt, now - toldAt < Self.reminder { return false }
        toldAt = now
        return true
    }

    mutating func worked(_ work: Work) {
        guard failing.remove(work) != nil, failing.isEmpty else { return }
        (toldAt, hasEnded) = (nil, true)
    }

    /// Whether the end is to be told; once.
    mutating func takeEnd() -> Bool {
        defer { hasEnded = false }
        return hasEnded
    }
}
