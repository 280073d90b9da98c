import Spool
import Threads

/// What operators let image destinations do, in memory: every arriving instance asks.
final class DestinationModes: Sendable {
    private struct Mode {
        var mode: DestinationMode
        var since: Timestamp
    }

    private let modes = Monitor<[String: Mode]>([:])
    private let spool: Spool

    /// Unknown before `load`.
    init(_ spool: Spool) { self.spool = spool }

    /// As an earlier run of the gateway left them.
    func load() throws(SpoolError) {
        let settings = try spool.destinationSettings()
        modes.withLock { $0 = settings.mapValues { Mode(mode: $0.mode, since: $0.since) } }
    }

    subscript(name: String) -> DestinationMode { modes.withLock { $0[name]?.mode ?? .running } }

    /// Its sender has it in the spool.
    func note(_ mode: DestinationMode, of name: String, since: Timestamp) {
        modes.withLock { $0[name] = Mode(mode: mode, since: since) }
    }

    /// Since when a destination takes nothing new; nil: it does.
    func isDraining(_ name: String) -> Timestamp? {
        modes.withLock { modes in
            guard let mode = modes[name] else { return nil }
            return switch mode.mode {
            case .running, .paused: nil
            case .draining: mode.since
            }
        }
    }
}
