import Threads

/// Runs `body` on so many threads at once; what they return, in the threads' order.
func onThreads<Result: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) -> Result) -> [Result] {
    let results = Monitor<[Int: Result]>([:])
    let threads = (0..<count).compactMap { index in
        try? OSThread(name: "test \(index)") {
            let result = body(index)
            results.withLock { $0[index] = result }
        }
    }
    precondition(threads.count == count, "no threads")
    for thread in threads { thread.join() }
    return results.withLock { results in (0..<count).compactMap { results[$0] } }
}
