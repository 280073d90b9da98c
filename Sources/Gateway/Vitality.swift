public import Host
import Spool
public import Threads

/// Tells the supervisor how the gateway fares: that it starts, serves, stops, and that all is well while that is true.
/// One thread keeps time; where nobody listens there is none.
public final class Vitality: Sendable {
    /// What is looked at while the gateway serves.
    struct Signs: Sendable {
        var pulses: @Sendable () -> [Pulse.State]
        /// One line, without identities.
        var status: @Sendable () -> String
        /// When something was last made durable.
        var lastCommit: @Sendable () -> MonotonicInstant?
        /// Makes something durable, or fails; either is an answer. May hang.
        var probe: @Sendable () -> Void
    }

    private struct State {
        var bulletin: Bulletin
        var signs: Signs?
        /// Of the last probe that came back.
        var answered: MonotonicInstant
        var isProbing = false
        var hasEnded = false
    }

    private let state: Monitor<State>
    private let watchdog: Watchdog?
    private let isHeard: Bool
    private let say: @Sendable (Bulletin.Word) -> Void

    /// - Parameter supervisor: nil: nobody listens.
    public convenience init(_ supervisor: Supervisor?, post: @escaping @Sendable (OperatorEvent) -> Void) {
        let period = supervisor?.watchdogPeriod
        self.init(
            watchdog: period.map { Watchdog(patience: $0) }, isHeard: supervisor != nil, at: .now,
            say: { word in
                switch word {
                case .extendTimeout(let duration): supervisor?.extendTimeout(by: duration)
                case .ready(let status): supervisor?.ready(status)
                case .status(let status): supervisor?.status(status)
                case .reloading: supervisor?.reloading()
                case .stopping: supervisor?.stopping()
                case .ping: supervisor?.ping()
                case .tell(let stage, let duration):
                    post(.stageStuck(stage: stage, seconds: Int(clamping: duration.components.seconds)))
                }
            })
    }

    init(
        watchdog: Watchdog?, isHeard: Bool, at now: MonotonicInstant, say: @escaping @Sendable (Bulletin.Word) -> Void
    ) {
        self.watchdog = watchdog
        self.isHeard = isHeard
        self.say = say
        state = Monitor(State(bulletin: Bulletin(startingAt: now), answered: now))
    }

    /// Begins to keep time, before what may take long. To be called once.
    public func begin() throws(ThreadError) {
        guard isHeard else { return }
        // The supervisor wants to hear of it twice in each period, at the least.
        let interval = min(Bulletin.interval, (watchdog?.patience ?? .seconds(3600)) / 3)
        try OSThread(name: "vitality") { [self] in
            while state.wait(until: .now + interval, { $0.hasEnded ? true : nil }) == nil { tick(at: .now) }
        }.detach()
    }

    /// Ports listen, and what was left open is taken up again.
    func serve(_ signs: Signs, at now: MonotonicInstant) {
        guard isHeard else { return }
        state.withLock { state in
            state.signs = signs
            state.answered = now
        }
        let status = signs.status()
        tell { $0.serving(status: status) }
    }

    /// Says that something is read anew while `body` does it.
    func reload(_ body: () -> Void) {
        tell { $0.reloading() }
        body()
        guard let status = state.withLock({ $0.signs })?.status() else { return }
        tell { $0.serving(status: status) }
    }

    func stopping(at now: MonotonicInstant) { tell { $0.stopping(at: now) } }

    /// Says nothing more.
    public func end() { state.update { $0.hasEnded = true } }

    private func tell(_ change: (inout Bulletin) -> [Bulletin.Word]) {
        guard isHeard else { return }
        state.withLock { change(&$0.bulletin) }.forEach(say)
    }

    func tick(at now: MonotonicInstant) {
        let (signs, answered) = state.withLock { ($0.signs, $0.answered) }
        var verdict = Watchdog.Verdict.healthy
        if let signs, let watchdog {
            let last = max(answered, signs.lastCommit() ?? answered)
            verdict = watchdog.verdict(signs.pulses(), spoolAnswered: last, at: now)
            if now - last >= watchdog.patience / 3 { probe(signs) }
        }
        tell { $0.tick(verdict, at: now) }
        // Last: it reads the spool, and waits for it if that is what is stuck.
        if verdict == .healthy, let status = signs?.status() { tell { $0.news(status) } }
    }

    /// On a thread of its own: it may never come back.
    private func probe(_ signs: Signs) {
        let isFirst = state.withLock { state in
            defer { state.isProbing = true }
            return !state.isProbing
        }
        guard isFirst else { return }
        let thread = try? OSThread(name: "probe") { [self] in
            signs.probe()
            state.withLock { state in
                state.isProbing = false
                state.answered = .now
            }
        }
        if let thread { thread.detach() } else { state.withLock { $0.isProbing = false } }
    }
}
