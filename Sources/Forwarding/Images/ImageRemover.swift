import Spool
import Threads

/// Has the files of images that were sent removed on a thread of its own: the disk takes a millisecond and more for
/// each, which those who send do not wait for.
final class ImageRemover: Sendable {
    private struct State {
        var leftovers: [ImageLeftovers] = []
        var isRunning = false
        var isEnding = false
    }

    private let state = Monitor(State())
    /// Of more groups at once, a sender removes its own: nothing piles up.
    private static let limit = 8

    /// Cheap, unless the thread is not there or cannot keep up.
    func take(_ leftovers: ImageLeftovers) {
        state.update { state in
            guard state.isRunning, state.leftovers.count < Self.limit else { return }
            state.leftovers.append(leftovers)
        }
    }

    /// Until `end`, and until nothing is left then.
    func run() {
        state.withLock { $0.isRunning = true }
        while let leftovers = next() { withExtendedLifetime(leftovers) {} }
    }

    func end() { state.update { $0.isEnding = true } }

    private func next() -> [ImageLeftovers]? {
        state.wait { state -> [ImageLeftovers]?? in
            defer { state.leftovers = [] }
            if !state.leftovers.isEmpty { return .some(state.leftovers) }
            guard state.isEnding else { return nil }
            (state.isRunning, state.isEnding) = (false, false)
            return .some(nil)
        } ?? nil
    }
}
