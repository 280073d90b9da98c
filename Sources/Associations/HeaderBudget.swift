import Threads

/// Bytes that the headers of all associations of a listener may take at one time, beyond a small allowance for each.
final class HeaderBudget: Sendable {
    /// Bytes of a header that need no reservation: nearly every one fits.
    static let allowance = 64 * 1024
    private static let portion = 1024 * 1024

    private let left: Monitor<Int>

    init(bytes: Int) { left = Monitor(bytes) }

    /// Takes what a header of so many bytes needs beyond what it has; nil when there is not enough left.
    func take(for headerBytes: Int, having reserved: Int) -> Int? {
        let missing = headerBytes - HeaderBudget.allowance - reserved
        guard missing > 0 else { return 0 }
        let portions = (missing + HeaderBudget.portion - 1) / HeaderBudget.portion * HeaderBudget.portion
        return left.withLock { left in
            guard portions <= left else { return nil }
            left -= portions
            return portions
        }
    }

    func giveBack(_ bytes: Int) {
        if bytes > 0 { left.withLock { $0 += bytes } }
    }
}
