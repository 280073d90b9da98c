public import Threads

/// What the supervisor is to be told, and when. A value: the thread that keeps time asks it at each tick.
public struct Bulletin: Equatable, Sendable {
    public enum Word: Equatable, Sendable {
        case extendTimeout(Duration)
        case ready(status: String)
        case status(String)
        case reloading
        case stopping
        /// All is well.
        case ping
        /// For the log, once for each time that it is so: this stage is stuck, and the supervisor will end the process.
        case tell(stage: String, for: Duration)
    }

    private enum Phase: Equatable, Sendable {
        case starting(since: MonotonicInstant)
        case serving
        case stopping(since: MonotonicInstant)
    }

    /// Between two ticks, at most.
    public static let interval = Duration.seconds(10)
    /// What a start or a stop asks for each time: three ticks, so that a late one does no harm.
    static let more = Duration.seconds(30)
    /// A start that takes longer is no start but a hang.
    static let longestStart = Duration.seconds(1800)
    /// Associations, commands and deliveries have their grace, which are 18 s together.
    static let longestStop = Duration.seconds(20)

    private var phase: Phase
    private var status = ""
    private var isStuck = false

    public init(startingAt now: MonotonicInstant) { phase = .starting(since: now) }

    /// Ports listen, and what was left open is taken up again.
    public mutating func serving(status: String) -> [Word] {
        // Whoever was asked to stop meanwhile is not ready any more.
        if case .stopping = phase { return [] }
        phase = .serving
        self.status = status
        return [.ready(status: status)]
    }

    /// Something is read anew; `serving` follows.
    public func reloading() -> [Word] { phase == .serving ? [.reloading] : [] }

    public mutating func stopping(at now: MonotonicInstant) -> [Word] {
        if case .stopping = phase { return [] }
        phase = .stopping(since: now)
        return [.stopping, .status("stopping: associations are let end")]
    }

    public mutating func tick(_ verdict: Watchdog.Verdict, at now: MonotonicInstant) -> [Word] {
        switch phase {
        case .starting(let since): now - since < Self.longestStart ? [.extendTimeout(Self.more), .ping] : []
        case .stopping(let since): now - since < Self.longestStop ? [.extendTimeout(Self.more), .ping] : []
        case .serving: vitalSigns(verdict)
        }
    }

    /// The line for whoever looks, if it says something new.
    public mutating func news(_ status: String) -> [Word] {
        guard phase == .serving, status != self.status else { return [] }
        self.status = status
        return [.status(status)]
    }

    private mutating func vitalSigns(_ verdict: Watchdog.Verdict) -> [Word] {
        switch verdict {
        case .healthy:
            isStuck = false
            return [.ping]
        case .stuck(let stage, let duration):
            defer { isStuck = true }
            return isStuck ? [] : [.tell(stage: stage, for: duration)]
        }
    }
}
