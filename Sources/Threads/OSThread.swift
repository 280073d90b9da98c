import Glibc

/// A thread of the operating system, for work that blocks.
public struct OSThread: Sendable {
    private let handle: pthread_t

    /// Starts `body` on a new thread.
    /// - Parameter name: at most 15 bytes are kept by the kernel; seen in `top -H` and in core dumps.
    /// - Throws: `ThreadError` when the system has no thread to give.
    @discardableResult
    public init(
        name: String, stackSize: Int = 512 * 1024, _ body: @escaping @Sendable () -> Void
    ) throws(ThreadError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackSize)
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        var handle = pthread_t()
        let code = pthread_create(&handle, &attributes, run, start.toOpaque())
        guard code == 0 else {
            start.release()
            throw ThreadError(code: code)
        }
        self.handle = handle
    }

    /// Waits for the end of the thread. Exactly one of `join` and `detach` is called, once.
    public func join() { pthread_join(handle, nil) }
    public func detach() { pthread_detach(handle) }
}

/// The system refused a thread; `code` is an errno.
public struct ThreadError: Error, Equatable {
    public let code: Int32
}

private final class Start: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }
}

// A function, not a closure: closures for pthreads may inherit an actor and trap.
private func run(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
    nameThisThread(start.name)
    start.body()
    return nil
}

private func nameThisThread(_ name: String) {
    let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    _ = Array(name.utf8.prefix(15)).withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
    close(file)
}
