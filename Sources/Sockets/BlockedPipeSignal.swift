import Glibc

/// Keeps SIGPIPE from this thread until `restore`: sendfile(2) cannot be told not to raise it.
public struct BlockedPipeSignal {
    private var before = sigset_t()

    public init() {
        var pipe = BlockedPipeSignal.set
        pthread_sigmask(SIG_BLOCK, &pipe, &before)
    }

    /// One that was raised meanwhile is taken away.
    public func restore() {
        var before = before
        guard sigismember(&before, SIGPIPE) == 0 else { return }
        var pipe = BlockedPipeSignal.set
        var none = timespec()
        sigtimedwait(&pipe, nil, &none)
        pthread_sigmask(SIG_SETMASK, &before, nil)
    }

    private static var set: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGPIPE)
        return set
    }
}
