import Spool
import Threads

/// Tries a failed spool again, at most once per interval. Whoever wants to write is the clock: senders that come back,
/// a study that is due, a manifest that is delivered.
final class SpoolRecovery: Sendable {
    private let spool: Spool
    private let post: @Sendable (OperatorEvent) -> Void
    /// When it was last looked at; nil: nothing is in the way.
    private let lastTry = Monitor<MonotonicInstant?>(nil)

    private static let interval = Duration.seconds(5)

    init(_ spool: Spool, post: @escaping @Sendable (OperatorEvent) -> Void) {
        self.spool = spool
        self.post = post
    }

    /// Whether instances can be stored, perhaps again.
    func attempt() -> Bool {
        lastTry.withLock { last in
            guard let obstacle = spool.obstacle else {
                if last != nil { post(.spoolWritable) }
                last = nil
                return true
            }
            if last == nil { post(.spoolUnwritable(reason: obstacle.description)) }
            if let last, MonotonicInstant.now - last < Self.interval { return false }
            last = .now
            // A full disk needs no recovery but room.
            guard spool.failure != nil else { return false }
            do throws(SpoolError) { try spool.recover() } catch { return false }
            guard spool.obstacle == nil else { return false }
            last = nil
            post(.spoolWritable)
            return true
        }
    }
}
