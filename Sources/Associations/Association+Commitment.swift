import DICOM
public import DICOMNetwork
import Threads

extension Association.Proposal {
    /// For `requestCommitment`.
    public static let storageCommitment = Association.Proposal(
        .storageCommitmentPushModel, [.explicitVRLittleEndian, .implicitVRLittleEndian])
}

extension Association {
    /// Asks the peer to commit itself to keeping what was sent (N-ACTION of the Push Model, PS3.4 §J.3.2). The result comes
    /// on this association, or on one that the peer opens to our port (`AssociationHandler.committed`).
    ///
    /// - Parameter wait: how long to wait here for the result, once the request was accepted; in vain where the peer opens
    ///   an association for it. One that ends meanwhile ends the wait too; its next use tells so.
    /// - Returns: the peer's answer to the request, and the result where it came in time. A later one, or that of another
    ///   transaction, goes to `reportCommitments`.
    public mutating func requestCommitment(
        _ request: CommitmentRequest, waiting wait: Duration
    ) throws(AssociationError) -> (status: StoreStatus, result: CommitmentResult?) {
        let context = try context(.storageCommitmentPushModel, nil)
        var command = CommandSet(field: .actionRequest)
        command.affectedSOPClassUID = Array(SOPClassUID.storageCommitmentPushModel.text.utf8)
        command.affectedSOPInstanceUID = Array(InstanceUID.storageCommitmentPushModel.text.utf8)
        command.actionTypeID = 1
        command.messageID = nextMessageID()
        command.dataSetType = 0x0001
        try channel.send(command, context.id)
        var reader = try DataSetReader(.bytes(request.actionInformation(context.transferSyntax.encoding)))
        try channel.send(&reader, context.id)
        var commitment = Commitment(command: command, transaction: request.transaction)
        let deadline = responseDeadline
        while true {
            if let status = commitment.status { return (status, awaitResult(&commitment, for: wait)) }
            let (message, id) = try channel.command(before: deadline)
            try take(message, id, &commitment)
        }
    }

    /// What the peer reports of a transaction that is not being waited for goes there, whenever it comes on this
    /// association; the status is its answer. Without, no transaction is known but the one that is waited for.
    public mutating func reportCommitments(to take: @escaping (CommitmentResult) -> Status) {
        let contexts = contexts
        channel.takeReport = { command, context, information in
            Association.status(of: command, contexts.first { $0.id == context }, information, take)
        }
    }

    /// Takes what the peer has said unasked since, at once: results for `reportCommitments`, for which an association that
    /// is kept without work must be looked at from time to time.
    public mutating func listen() throws(AssociationError) { try channel.listen() }

    /// A request under way.
    private struct Commitment {
        let command: CommandSet
        let transaction: TransactionUID
        var status: StoreStatus?
        var result: CommitmentResult?
    }

    private mutating func awaitResult(_ commitment: inout Commitment, for wait: Duration) -> CommitmentResult? {
        let deadline = MonotonicInstant.now + wait
        while commitment.status?.status.isStored == true, commitment.result == nil {
            do {
                let (message, id) = try channel.command(before: deadline)
                try take(message, id, &commitment)
            } catch {
                break
            }
        }
        return commitment.result
    }

    private mutating func take(
        _ message: CommandSet, _ id: UInt8, _ commitment: inout Commitment
    ) throws(AssociationError) {
        if RequestorChannel.answers(message, commitment.command) {
            if message.hasDataSet { try channel.passDataSet(id) }
            commitment.status = RequestorChannel.status(of: message)
        } else if message.field == .eventReportRequest {
            let context = contexts.first { $0.id == id }
            let others = channel.takeReport
            try channel.answerReport(message, id) { information in
                Association.status(of: message, context, information) { result in
                    guard result.transaction == commitment.transaction else {
                        return others?(message, id, information) ?? CommitmentResult.unknownTransaction
                    }
                    commitment.result = result
                    return .success
                }
            }
        } else {
            try channel.passOver(message, id)
        }
    }

    /// The answer to an N-EVENT-REPORT.
    private static func status(
        of command: CommandSet, _ context: NegotiatedContext?, _ information: [UInt8],
        _ take: (CommitmentResult) -> Status
    ) -> Status {
        guard let context, context.isAccepted, context.abstractSyntax == .storageCommitmentPushModel else {
            return .unrecognizedOperation
        }
        do {
            return take(
                try CommitmentResult(
                    eventType: command.eventTypeID, eventInformation: information,
                    transferSyntax: context.transferSyntax))
        } catch {
            return error.status
        }
    }
}

extension RequestorChannel {
    /// Reads the data set of an N-EVENT-REPORT, and answers.
    mutating func answerReport(
        _ command: CommandSet, _ context: UInt8, _ take: ([UInt8]) -> Status
    ) throws(AssociationError) {
        let information = try dataSet(of: command, context, CommitmentResult.limit) ?? []
        try send(command.response(StoreStatus(take(information))), context)
    }
}
