import Spool
import Threads

/// What operators let image destinations do, in memory: every arriving instance asks.
final class DestinationModes: Sendable {
    private let modes = Monitor<[String: DestinationMode]>([:])
    private let spool: Spool

    /// Unknown before `load`.
    init(_ spool: Spool) { self.spool = spool }

    /// As an earlier run of the gateway left them.
    func load() throws(SpoolError) {
        let settings = try spool.destinationSettings()
        modes.withLock { $0 = settings.mapValues(\.mode) }
    }

    subscript(name: String) -> DestinationMode { modes.withLock { $0[name] ?? .running } }

    /// Its sender has it in the spool.
    func note(_ mode: DestinationMode, of name: String) { modes.withLock { $0[name] = mode } }

    /// Of these destinations those that take something new.
    func taking(_ names: [String]) -> [String] {
        modes.withLock { modes in
            names.filter { name in
                switch modes[name] ?? .running {
                case .running, .paused: true
                case .draining: false
                }
            }
        }
    }
}
