import Associations
import DICOM
import DICOMNetwork
import Spool
import Threads

extension ImageSender {
    /// Instances of one request.
    private static let limit = 500

    /// Images that the destination took are kept until it has committed to keep them (PS3.4 Annex J).
    func commit(_ images: [ImageDelivery], mayOpen: Bool) throws(SpoolError) {
        let transaction = TransactionUID.random()
        do throws(SpoolError) {
            try spool.markSent(images.map(\.id), transaction: transaction.text, at: clock.date())
            desk.update { s, _, _ in s.marked(images) }
        } catch {
            desk.update { s, _, _ in s.notWritten(images) }
            throw error
        }
        try ask(images, transaction, mayOpen: mayOpen)
    }

    /// Under a new transaction: what was asked for too long ago, or could not be asked.
    func askAgain() throws(SpoolError) {
        let (before, asksAll) = desk.update { s, _, date in (s.askBefore(date), s.asksAll) }
        do throws(SpoolError) {
            let images = try spool.sentImages(for: outbox, askedBefore: before, limit: Self.limit)
            guard !images.isEmpty else {
                return desk.update { s, now, _ in s.asked(images: 0, of: Self.limit, at: now) }
            }
            let late = images.filter { !$0.isUnasked }
            if !late.isEmpty, !asksAll {
                report(
                    .uncommitted(
                        destination: destination, images: late.count, reason: "it did not say in time",
                        retryIn: .zero))
            }
            let transaction = TransactionUID.random()
            try spool.markSent(images.map(\.id), transaction: transaction.text, at: clock.date())
            desk.update { s, now, _ in
                for former in Set(images.compactMap(\.transaction)) { s.know(former) }
                s.asked(images: images.count, of: Self.limit, at: now)
            }
            try ask(images, transaction, mayOpen: true)
        } catch {
            desk.update { s, now, _ in s.asked(images: 0, of: Self.limit, at: now) }
            throw error
        }
    }

    private func ask(
        _ images: [ImageDelivery], _ transaction: TransactionUID, mayOpen: Bool
    ) throws(SpoolError) {
        guard let obstacle = request(images, transaction, mayOpen) else { return }
        // As if it had been asked long ago, so that it is asked again soon, after a restart too.
        try spool.markSent(images.map(\.id), transaction: transaction.text, at: .unasked)
        let reason: String? =
            switch obstacle {
            case .notNow, .ours: nil
            case .theirs(let reason): mayOpen ? reason : nil
            }
        let (delay, isNews) = desk.update { s, now, _ in s.notAsked(reason, at: now, chance: clock.chance()) }
        if case .ours(let shortage) = obstacle { stuck(shortage, .sending) }
        guard isNews, let reason else { return }
        report(.uncommitted(destination: destination, images: images.count, reason: reason, retryIn: delay))
    }

    /// Why the destination could not be asked, or did not take the request.
    private enum Obstacle {
        case notNow
        case theirs(String)
        /// For want of descriptors, say: it says nothing of the destination.
        case ours(String)
    }

    /// - Returns: nil: it took the request.
    private func request(_ images: [ImageDelivery], _ transaction: TransactionUID, _ mayOpen: Bool) -> Obstacle? {
        let request = CommitmentRequest(
            transaction,
            of: images.map { .init(SOPClassUID($0.sopClass), InstanceUID($0.instance)) })
        do throws(AssociationError) {
            if !takesCommitment {
                guard mayOpen, let first = images.first else { return .notNow }
                try associate(
                    desk.read { s, _, _ in s.presentations.proposals(for: first.presentation, withCommitment: true) })
            }
            guard var open = association.take() else { return .theirs("no association") }
            let (status, result) = try open.requestCommitment(request, waiting: configuration.commitmentPatience)
            association = consume open
            guard status.status.isStored else { return .theirs("it answered \(status.sentence)") }
            desk.update { s, _, _ in s.takesRequests() }
            if let result { _ = book.answer(to: result) } else { awaited.withLock { _ = $0.insert(transaction) } }
            return nil
        } catch {
            return error.isShortage ? .ours(error.description) : .theirs(DeliveryFailure(error).reason)
        }
    }

    private var takesCommitment: Bool {
        association?.contexts.contains { $0.isAccepted && $0.abstractSyntax == .storageCommitmentPushModel } ?? false
    }
}

extension TransactionUID {
    /// PS3.5 §B.2.
    fileprivate static func random() -> TransactionUID { TransactionUID("2.25.\(UInt128.random(in: 1...(.max)))") }
}

extension Timestamp {
    /// Of an image that is to be asked for again as soon as may be.
    static let unasked = Timestamp(milliseconds: 0)
}

extension ImageDelivery {
    fileprivate var transaction: String? {
        if case .sent(let transaction, _) = state { transaction } else { nil }
    }

    fileprivate var isUnasked: Bool {
        if case .sent(_, let at) = state { at == .unasked } else { false }
    }
}
