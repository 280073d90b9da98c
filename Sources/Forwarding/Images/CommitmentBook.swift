import DICOM
import DICOMNetwork
import Spool
import Threads

/// Takes the results of storage commitment, on whatever thread they come.
struct CommitmentBook {
    let configuration: ImageForwarder.Configuration
    let spool: Spool
    let desk: ImageDesk
    let remover: ImageRemover
    let report: @Sendable (ImageEvent) -> Void

    init(
        _ configuration: ImageForwarder.Configuration, spool: Spool, desk: ImageDesk,
        remover: ImageRemover, report: @escaping @Sendable (ImageEvent) -> Void
    ) {
        self.configuration = configuration
        self.spool = spool
        self.desk = desk
        self.remover = remover
        self.report = report
    }

    /// What the peer is answered: one whose result cannot be written down may report again.
    func answer(to result: CommitmentResult) -> Status {
        do throws(SpoolError) {
            return try take(result) ? .success : CommitmentResult.unknownTransaction
        } catch {
            return .processingFailure
        }
    }

    /// What the destination committed to is forgotten; what it did not is sent again.
    /// - Returns: whether the transaction is one of ours.
    func take(_ result: CommitmentResult) throws(SpoolError) -> Bool {
        let transaction = result.transaction.text
        let sent = try spool.sentImages(transaction: transaction).filter {
            $0.id.destination == configuration.outbox
        }
        // A peer that did not get our answer reports again.
        guard !sent.isEmpty else { return desk.read { s, _, _ in s.isKnown(transaction) } }
        let committed = Set(result.committed)
        let failures = [InstanceUID: Status?](
            result.failed.map { ($0.sopInstanceUID, $0.reason) }, uniquingKeysWith: { first, _ in first })
        let kept = sent.filter { committed.contains(InstanceUID($0.instance)) }
        let (emptied, leftovers) = try spool.forgetImages(kept.map(\.id))
        remover.take(leftovers)
        desk.update { s, _, _ in s.committed(kept, transaction, emptied: emptied) }
        var again: [ImageDelivery.ID] = []
        for image in sent {
            guard let reason = failures[InstanceUID(image.instance)] else { continue }
            if reason == Self.duplicateTransaction { again.append(image.id) } else { try failed(image, reason) }
        }
        if again.isEmpty { return true }
        try spool.markSent(again, transaction: transaction, at: .unasked)
        _ = desk.update { s, now, _ in s.notAsked(nil, at: now, chance: desk.clock.chance()) }
        return true
    }

    /// What was sent while commitment was asked for is taken, now that it is not asked for any more.
    func acknowledgeAllSent() throws(SpoolError) {
        while true {
            let sent = try spool.sentImages(
                for: configuration.outbox, askedBefore: Timestamp(milliseconds: .max), limit: 500)
            if sent.isEmpty { return }
            try spool.acknowledgeImages(sent.map(\.id))
        }
    }

    /// PS3.3 §C.14.1.1: it says nothing of the instance.
    private static let duplicateTransaction = Status(rawValue: 0x0131)

    /// PS3.3 §C.14.1.1.
    private func failed(_ image: ImageDelivery, _ reason: Status?) throws(SpoolError) {
        let reason = "it did not commit to keep it: " + (reason.map(\.description) ?? "no reason given")
        let (fate, date) = desk.update { s, _, date in
            (s.refused(image, desk.clock.chance()), date)
        }
        let retryIn: Duration
        switch fate {
        case .postpone(let delay):
            try spool.postponeImages([image.id], until: date + delay, error: reason)
            retryIn = delay
        case .bury:
            let detail = "image \(image.instance) to \(configuration.destination): \(reason)"
            try spool.buryImages(
                [image.id], error: reason, answer: nil,
                events: [(image.study, HistoryEvent(kind: "dead letter", detail: detail, at: date))], at: date)
            retryIn = .zero
        }
        guard desk.update({ s, now, _ in s.settled(image, fate, at: now) }) else { return }
        let outgoing = OutgoingImage(image, of: try spool.study(image.study))
        switch fate {
        case .postpone:
            report(.refused(outgoing, destination: configuration.destination, reason: reason, retryIn: retryIn))
        case .bury: report(.buried(outgoing, destination: configuration.destination, reason: reason))
        }
    }
}
