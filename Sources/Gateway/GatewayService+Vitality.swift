import Associations
import Forwarding
import Glibc
import Spool
import Threads

extension GatewayService {
    /// What the supervisor is told of, and what tells that all is well.
    var signs: Vitality.Signs {
        Vitality.Signs(
            pulses: { [listener, curation, ingest, control, forwarders, imageForwarders] in
                [listener.pulse, ingest.pulse, curation.pulse, control.pulse].map(\.state)
                    + forwarders.map(\.pulse.state) + imageForwarders.map(\.pulse.state)
            },
            status: { [self] in statusLine },
            lastCommit: { [spool] in spool.lastCommit },
            // A disk that says no has answered; the log says it elsewhere.
            probe: { [spool] in try? spool.probe() })
    }

    private var statusLine: String {
        var line = StatusLine(associations: listener.associationCount, openStudies: curation.openCount)
        line.held = (try? spool.studyCounts())?[StudyState.held.rawValue] ?? 0
        let waiting = (try? spool.outboxSummary()) ?? [:]
        line.destinations = forwarders.map { forwarder in
            let condition = forwarder.condition
            var isUp = true
            if case .waiting = condition.activity { isUp = false }
            return .init(name: condition.outbox, waiting: waiting[condition.outbox]?.depth ?? 0, isUp: isUp)
        }
        line.imageDestinationsDown = imageForwarders.map(\.condition).filter { condition in
            if case .waiting = condition.activity { true } else { false }
        }.map(\.outbox)
        line.freeBytes = DiskUse.freeBytes(configuration.dataDirectory)
        line.isRefusing = spool.obstacle != nil
        return line.text
    }
}
