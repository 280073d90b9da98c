import Foundation
import Testing
import Threads

struct OSThreadTests {
    private func kernelName(_ name: String) throws -> String {
        let seen = Monitor("")
        try OSThread(name: name) {
            let comm = try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
            seen.withLock { $0 = comm?.trimmingCharacters(in: .newlines) ?? "unreadable" }
        }.join()
        return seen.withLock { $0 }
    }

    @Test func theKernelKnowsItsName() throws {
        #expect(try kernelName("association 12") == "association 12")
    }

    @Test func aLongNameIsCut() throws {
        #expect(try kernelName("association 1234567") == "association 123")
    }

    @Test func joinReturnsOnceTheBodyHasEnded() throws {
        let monitor = Monitor(0)
        let thread = try OSThread(name: "counting") { for _ in 0..<100_000 { monitor.withLock { $0 += 1 } } }
        thread.join()
        #expect(monitor.withLock { $0 } == 100_000)
    }

    @Test func aStackThatCannotBeHadIsAnError() {
        #expect(throws: ThreadError.self) { try OSThread(name: "huge", stackSize: 1 << 60) {}.join() }
    }
}
