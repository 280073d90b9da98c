import Threads

/// How many bytes a second left of late.
struct TransferRate: Equatable {
    /// What is older says nothing of now.
    static let seconds: Int64 = 60

    /// Bytes that left in a second of the monotonic clock, each at its place modulo `seconds`.
    private var buckets = [Bucket](repeating: Bucket(), count: Int(seconds))

    private struct Bucket: Equatable {
        var second: Int64 = -1
        var bytes = 0
    }

    /// So many bytes left between two instants, as evenly as anybody knows.
    mutating func add(_ bytes: Int, from start: MonotonicInstant, until end: MonotonicInstant) {
        let last = Self.second(end)
        let first = min(Self.second(start), last)
        // Of a longer span only its end counts, and only its share of the bytes.
        let share = Int64(max(0, bytes)) / (last - first + 1)
        for second in max(first, last - Self.seconds + 1)..<(last + 1) {
            add(second == last ? max(0, Int64(bytes) - share * (last - first)) : share, in: second)
        }
    }

    private mutating func add(_ bytes: Int64, in second: Int64) {
        let place = Int(second % Self.seconds)
        if buckets[place].second != second { buckets[place] = Bucket(second: second) }
        buckets[place].bytes += Int(bytes)
    }

    /// Over the last minute, or since the first byte in it. 0: nothing left in the last minute.
    func bytesPerSecond(at now: MonotonicInstant) -> Int {
        let present = Self.second(now)
        let recent = buckets.filter { $0.second >= 0 && $0.second > present - Self.seconds && $0.second <= present }
        guard let first = recent.map(\.second).min() else { return 0 }
        return recent.reduce(0) { $0 + $1.bytes } / Int(present - first + 1)
    }

    private static func second(_ instant: MonotonicInstant) -> Int64 { max(0, instant.nanoseconds) / 1_000_000_000 }
}
