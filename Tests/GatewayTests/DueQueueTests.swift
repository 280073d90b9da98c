import DICOM
import Studies
import TestSupport
import Testing
import Threads

@testable import Gateway

@Suite struct DueQueueTests {
    @Test(arguments: [0, 1, 2, 3, 10, 1_000]) func theEarliestComesFirst(count: Int) {
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
        while let first = queue.first {
            found.append(first.time.nanoseconds)
            keys.insert(first.key)
            queue.removeFirst()
        }
        #expect(found == times.sorted())
        #expect(keys.count == count)
    }
}
