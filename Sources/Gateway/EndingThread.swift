import Threads

/// A thread that is waited for when the gateway ends, but not for ever.
struct EndingThread {
    private let thread: OSThread
    private let hasEnded = Monitor(false)

    init(name: String, _ body: @escaping @Sendable () -> Void) throws(ThreadError) {
        thread = try OSThread(name: name) { [hasEnded] in
            body()
            hasEnded.update { $0 = true }
        }
    }

    /// Whoever is late is left behind.
    func end(before deadline: MonotonicInstant) {
        let isOver = hasEnded.wait(until: deadline) { $0 ? true : nil } ?? false
        if isOver { thread.join() } else { thread.detach() }
    }
}
