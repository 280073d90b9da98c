import Glibc

/// A value that several threads share: one lock, one condition (POSIX `pthread_mutex`, `pthread_cond` on the
/// monotonic clock). No callback runs under the lock but the ones passed here.
public final class Monitor<Value>: @unchecked Sendable {
    // Sendable: `value` is only reached with `mutex` held; the two pthread objects live at fixed addresses.
    private var value: Value
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    public init(_ value: sending Value) {
        self.value = value
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
        condition.initialize(to: pthread_cond_t())
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Runs `body` alone. Wakes nobody: see `notifyAll`.
    public func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value)
    }

    /// Runs `body` alone, then wakes every thread that waits.
    public func update<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // After the lock is given up: else those that wake up wait for it at once.
        defer { pthread_cond_broadcast(condition) }
        return try withLock(body)
    }

    public func notifyAll() { pthread_cond_broadcast(condition) }

    /// Waits until `body` returns a value, looking again after each wake, or until `deadline` (nil: no deadline)
    /// passes; then nil.
    public func wait<Result, Failure: Error>(
        until deadline: MonotonicInstant? = nil, _ body: (inout Value) throws(Failure) -> Result?
    ) throws(Failure) -> Result? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = try body(&value) { return result }
            guard let deadline else {
                pthread_cond_wait(condition, mutex)
                continue
            }
            var time = deadline.timespec
            if pthread_cond_timedwait(condition, mutex, &time) == ETIMEDOUT { return try body(&value) }
        }
    }
}
