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
    /// - Parameter wait: how long to wait here for the result, once the request was accepted.
    /// - Returns: the peer's answer to the request, and the result where it came here.
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
        return (try channel.response(to: command), nil)
    }
}
