import Spool
import Threads

/// The associations that bring one image upon the other: for these the spool makes files ahead.
final class ImageSenders: Sendable {
    private enum Sender {
        case ofOne
        case ofSeveral(ImageExpectation)
    }

    private let spool: Spool
    private let senders = Monitor<[UInt64: Sender]>([:])

    init(_ spool: Spool) { self.spool = spool }

    /// It brings an image.
    func note(_ association: UInt64) {
        senders.withLock { senders in
            switch senders[association] {
            case nil: senders[association] = .ofOne
            case .ofOne: senders[association] = .ofSeveral(spool.expectImages())
            case .ofSeveral: break
            }
        }
    }

    func ended(_ association: UInt64) {
        // Let go of without the lock: files may be removed with it.
        _ = senders.withLock { $0.removeValue(forKey: association) }
    }
}
