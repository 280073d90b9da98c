import Glibc

/// The signals that one thread waits for in place of all: SIGTERM, SIGINT and SIGHUP.
public enum SignalMask {
    enum Request: Equatable {
        case reload
        case end(reason: String)
    }

    private static var signals: sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&signals, signal) }
        return signals
    }

    /// Every thread made from here on leaves them to the one that waits. To be called on the first thread, before there
    /// are others: until then each of them ends the process.
    public static func hold() {
        var signals = signals
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    static func wait() -> Request {
        var signals = signals
        var signal: Int32 = 0
        sigwait(&signals, &signal)
        return switch signal {
        case SIGHUP: .reload
        case SIGINT: .end(reason: "interrupted")
        case _: .end(reason: "asked to end")
        }
    }
}
