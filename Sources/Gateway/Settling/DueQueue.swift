import Studies
import Threads

/// Studies in the order of the time at which to look at them, by lanes: what there is much of at one time holds up
/// nothing else.
struct DueQueue {
    /// In the order in which what is due has its turn.
    enum Lane: Int, CaseIterable, Comparable {
        /// Something came for the study itself.
        case soon
        /// One of many that are due for one reason: a note that names them, a start of the gateway.
        case many
        /// Nothing is known to have ever come for it: a note names it.
        case named

        static func < (a: Lane, b: Lane) -> Bool { a.rawValue < b.rawValue }
    }

    private var lanes = Lane.allCases.map { _ in DueHeap() }
    private var turns = 0

    /// When the next is due.
    var nextTime: MonotonicInstant? { lanes.compactMap(\.first?.time).min() }

    /// Returns whether none is due before it.
    @discardableResult
    mutating func insert(_ key: StudyKey, at time: MonotonicInstant, in lane: Lane = .soon) -> Bool {
        let isFirst = nextTime.map { time < $0 } ?? true
        lanes[lane.rawValue].insert(key, at: time)
        return isFirst
    }

    /// The one whose turn it is of those that are due. Every fourth turn is another lane's first, so that none waits for
    /// ever.
    mutating func removeDue(at now: MonotonicInstant) -> StudyKey? {
        let isDue = { (lane: DueHeap) in lane.first.map { $0.time <= now } ?? false }
        let favoured = turns % 8 == 7 ? Lane.named : turns % 4 == 3 ? .many : .soon
        guard let lane = isDue(lanes[favoured.rawValue]) ? favoured.rawValue : lanes.firstIndex(where: isDue) else {
            return nil
        }
        turns = (turns + 1) % 8
        return lanes[lane].removeFirst()?.key
    }
}

/// A binary heap, so that a study more costs a few steps however many there are.
private struct DueHeap {
    private var heap: [(time: MonotonicInstant, key: StudyKey)] = []

    var first: (time: MonotonicInstant, key: StudyKey)? { heap.first }

    mutating func insert(_ key: StudyKey, at time: MonotonicInstant) {
        heap.append((time, key))
        var index = heap.count - 1
        while index > 0, heap[index].time < heap[(index - 1) / 2].time {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func removeFirst() -> (time: MonotonicInstant, key: StudyKey)? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var index = 0
        while true {
            let children = 2 * index + 1..<min(2 * index + 3, max(heap.count, 2 * index + 1))
            guard let least = children.min(by: { heap[$0].time < heap[$1].time }), heap[least].time < heap[index].time
            else { return first }
            heap.swapAt(index, least)
            index = least
        }
    }
}
