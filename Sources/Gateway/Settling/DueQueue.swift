import Studies
import Threads

/// Studies in the order of the time at which to look at them: a binary heap, so that a study more costs a few steps
/// however many there are.
struct DueQueue {
    private var heap: [(time: MonotonicInstant, key: StudyKey)] = []

    var first: (time: MonotonicInstant, key: StudyKey)? { heap.first }

    /// Returns whether it is the first now.
    @discardableResult
    mutating func insert(_ key: StudyKey, at time: MonotonicInstant) -> Bool {
        heap.append((time, key))
        var index = heap.count - 1
        while index > 0, heap[index].time < heap[(index - 1) / 2].time {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
        return index == 0
    }

    mutating func removeFirst() {
        guard let last = heap.popLast(), !heap.isEmpty else { return }
        heap[0] = last
        var index = 0
        while true {
            let children = 2 * index + 1..<min(2 * index + 3, max(heap.count, 2 * index + 1))
            guard let least = children.min(by: { heap[$0].time < heap[$1].time }), heap[least].time < heap[index].time
            else { return }
            heap.swapAt(index, least)
            index = least
        }
    }
}
