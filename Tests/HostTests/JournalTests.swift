import Foundation
import Testing
import Threads

@testable import Host

struct JournalTests {
    /// What journald would get; it can be made to hang.
    private final class Reader: Sendable {
        struct State {
            var messages: [String] = []
            var hangs = false
            var refuses = false
        }

        let state = Monitor(State())

        func journal() throws -> Journal {
            try Journal(
                send: { [state] fields in
                    let message = fields.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
                    let takes = state.wait { $0.hangs ? nil : !$0.refuses }
                    if takes == true { state.update { $0.messages.append(message) } }
                    return takes ?? false
                },
                loss: { [(name: "MESSAGE", value: "\($0) lost")] })
        }

        func change(_ body: (inout State) -> Void) { state.update(body) }
        func waitFor(_ count: Int) -> [String] { state.wait { $0.messages.count >= count ? $0.messages : nil } ?? [] }
    }

    private static func event(_ text: String) -> [Journal.Field] { [(name: "MESSAGE", value: text)] }

    @Test func eventsArriveInTheirOrderAndTheLastBeforeTheEnd() throws {
        let reader = Reader()
        let journal = try reader.journal()
        for number in 0..<100 { journal.post(Self.event("\(number)")) }
        journal.close(within: .seconds(60))
        #expect(reader.state.withLock { $0.messages } == (0..<100).map { "MESSAGE=\($0)" })
        journal.post(Self.event("too late"))
        #expect(journal.lost == 1)
    }

    @Test func whileJournaldHangsNothingWaitsAndWhatIsLostIsCountedAndTold() throws {
        let reader = Reader()
        reader.change { $0.hangs = true }
        let journal = try reader.journal()
        for number in 0..<(Journal.eventLimit + 50) { journal.post(Self.event("\(number)")) }
        #expect(journal.lost == 50)
        reader.change { $0.hangs = false }
        let messages = reader.waitFor(Journal.eventLimit + 1)
        #expect(messages.filter { $0 == "MESSAGE=50 lost" }.count == 1)
        #expect(messages.filter { !$0.hasSuffix("lost") } == (0..<Journal.eventLimit).map { "MESSAGE=\($0)" })
    }

    @Test func longEventsFillTheQueueToo() throws {
        let reader = Reader()
        reader.change { $0.hangs = true }
        let journal = try reader.journal()
        let long = String(repeating: "x", count: Journal.byteLimit / 4)
        for _ in 0..<5 { journal.post(Self.event(long)) }
        #expect(journal.lost == 2)
        reader.change { $0.hangs = false }
        _ = reader.waitFor(3)
        journal.close(within: .seconds(60))
        journal.post(Self.event("x"))
    }

    @Test func whatJournaldDoesNotTakeIsLostAndToldLater() throws {
        let reader = Reader()
        reader.change { $0.refuses = true }
        let journal = try reader.journal()
        journal.post(Self.event("a"))
        while journal.lost == 0 { sched_yield() }
        reader.change { $0.refuses = false }
        journal.post(Self.event("b"))
        #expect(reader.waitFor(2) == ["MESSAGE=b", "MESSAGE=1 lost"])
    }

    @Test func theEndWaitsNoLongerThanItMay() throws {
        let reader = Reader()
        reader.change { $0.hangs = true }
        let journal = try reader.journal()
        journal.post(Self.event("a"))
        let start = MonotonicInstant.now
        journal.close(within: .milliseconds(50))
        #expect(MonotonicInstant.now - start < .seconds(30))
        reader.change { $0.hangs = false }
    }

    /// With its standard error redirected a process has the variable all the same.
    @Test func journaldReadsOnlyWhatTheVariableNames() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        var status = stat()
        fstat(ends[1], &status)
        #expect(!Journal.reads(ends[1]))
        setenv("JOURNAL_STREAM", "\(status.st_dev):\(status.st_ino)", 1)
        defer { unsetenv("JOURNAL_STREAM") }
        #expect(Journal.reads(ends[1]))
        #expect(!Journal.reads(STDIN_FILENO))
        #expect(!Journal.reads(-1))
    }
}
