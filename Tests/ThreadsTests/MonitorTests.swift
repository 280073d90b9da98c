import Testing
import Threads

struct MonitorTests {
    private var soon: MonotonicInstant { .now + .seconds(10) }

    @Test func aWaiterWakesOnUpdate() throws {
        let monitor = Monitor(0)
        let thread = try OSThread(name: "updating") {
            // Answers the waiter, which is waiting or about to: the count says which, the lock sees to both.
            _ = monitor.wait { $0 == 1 ? true : nil }
            monitor.update { $0 = 2 }
        }
        monitor.update { $0 = 1 }
        #expect(monitor.wait(until: soon) { $0 == 2 ? $0 : nil } == 2)
        thread.join()
    }

    @Test func afterTheDeadlineThereIsNothing() {
        let monitor = Monitor(0)
        let deadline = MonotonicInstant.now + .milliseconds(5)
        #expect(monitor.wait(until: deadline) { _ in Bool?.none } == nil)
        #expect(MonotonicInstant.now >= deadline)
    }

    @Test(arguments: [Int64.min, -1, 0, 1])
    func aDeadlineLongPastIsNoWait(nanoseconds: Int64) {
        let monitor = Monitor(0)
        let past = MonotonicInstant(nanoseconds: nanoseconds)
        #expect(monitor.wait(until: past) { _ in Bool?.none } == nil)
        #expect(monitor.wait(until: past) { $0 == 0 ? true : nil } == true)
    }

    @Test func notifyAllWakesWhatWithLockChanged() throws {
        let monitor = Monitor((waiting: 0, isOpen: false))
        let threads = try (0..<8).map { number in
            try OSThread(name: "waiting \(number)") {
                monitor.update { $0.waiting += 1 }
                _ = monitor.wait { $0.isOpen ? true : nil }
                monitor.update { $0.waiting -= 1 }
            }
        }
        #expect(monitor.wait(until: soon) { $0.waiting == 8 ? true : nil } == true)
        monitor.withLock { $0.isOpen = true }
        monitor.notifyAll()
        #expect(monitor.wait(until: soon) { $0.waiting == 0 ? true : nil } == true)
        for thread in threads { thread.join() }
    }

    /// Each thread waits for its turn, and gives it to the next: one lost wake would stop them all.
    @Test func noWakeIsLostAmongManyThreads() throws {
        let (count, turns) = (16, 1600)
        let monitor = Monitor(0)
        let deadline = soon
        let threads = try (0..<count).map { number in
            try OSThread(name: "turn \(number)") {
                for _ in 0..<turns / count {
                    let turn = monitor.wait(until: deadline) { $0 % count == number ? true : nil }
                    if turn == true { monitor.update { $0 += 1 } }
                }
            }
        }
        for thread in threads { thread.join() }
        #expect(monitor.withLock { $0 } == turns)
    }

    @Test func oneThreadAtATimeHasTheValue() throws {
        let monitor = Monitor(0)
        let threads = try (0..<8).map { _ in
            try OSThread(name: "counting") { for _ in 0..<1000 { monitor.withLock { $0 += 1 } } }
        }
        for thread in threads { thread.join() }
        #expect(monitor.withLock { $0 } == 8000)
    }

    @Test func anErrorOfTheBodyReleasesTheLock() {
        struct Refusal: Error {}
        let monitor = Monitor(0)
        #expect(throws: Refusal.self) { try monitor.withLock { _ throws(Refusal) in throw Refusal() } }
        #expect(throws: Refusal.self) { try monitor.update { _ throws(Refusal) in throw Refusal() } }
        #expect(throws: Refusal.self) { try monitor.wait { _ throws(Refusal) -> Bool? in throw Refusal() } }
        #expect(monitor.withLock { $0 } == 0)
    }
}
