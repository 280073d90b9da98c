import DICOM
import Studies
import TestSupport
import Testing
import Threads

@testable import Gateway

@Suite struct DueQueueTests {
    @Test(arguments: [0, 1, 2, 3, 10, 1_000]) func theEarliestComesFirst(count: Int) throws {
        var random = SeededRandom(seed: UInt64(count))
        var queue = DueQueue()
        var times: [Int64] = []
        for number in 0..<count {
            times.append(Int64.random(in: 0..<100, using: &random))
            let isFirst = queue.insert(
                StudyKey(source: "pacs", studyInstanceUID: .init("1.\(number)")),
                at: MonotonicInstant(nanoseconds: times[number]))
            #expect(isFirst == times[..<number].allSatisfy { $0 > times[number] })
        }
        var found: [Int64] = []
        var keys: Set<StudyKey> = []
        while let time = queue.nextTime {
            #expect(queue.removeDue(at: MonotonicInstant(nanoseconds: time.nanoseconds - 1)) == nil)
            let key = queue.removeDue(at: time)
            keys.insert(try #require(key))
            found.append(time.nanoseconds)
        }
        #expect(found == times.sorted())
        #expect(keys.count == count)
    }

    @Test func whatThereIsMuchOfHoldsUpNothingElse() {
        var queue = DueQueue()
        let zero = MonotonicInstant(nanoseconds: 0)
        func key(_ uid: String) -> StudyKey { StudyKey(source: "pacs", studyInstanceUID: .init(uid)) }
        for number in 0..<100 {
            queue.insert(key("2.\(number)"), at: zero, in: .many)
            queue.insert(key("3.\(number)"), at: zero, in: .named)
        }
        for _ in 0..<20 { _ = queue.removeDue(at: zero) }
        queue.insert(key("1.1"), at: MonotonicInstant(nanoseconds: 5), in: .soon)
        let next = (0..<3).map { _ in queue.removeDue(at: MonotonicInstant(nanoseconds: 5)) }
        #expect(next.contains(key("1.1")))
        // And what comes all the time holds up nothing for ever.
        for number in 0..<1_000 { queue.insert(key("1.\(number)"), at: zero) }
        var rest: [StudyKey] = []
        for _ in 0..<80 { if let key = queue.removeDue(at: zero) { rest.append(key) } }
        for lane in ["2.", "3."] { #expect(rest.count { $0.studyInstanceUID.text.hasPrefix(lane) } >= 10) }
    }
}
