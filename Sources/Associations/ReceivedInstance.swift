public import DICOM
public import DICOMNetwork

/// A composite instance that came by C-STORE: its header, and what its command said (PS3.7 §9.3.1.1).
public struct ReceivedInstance {
    public let association: AssociationIdentity
    /// Affected SOP Class UID (0000,0002) of the command, not of the data set.
    public let sopClassUID: SOPClassUID
    /// Affected SOP Instance UID (0000,1000) of the command, not of the data set.
    public let sopInstanceUID: InstanceUID
    public let transferSyntax: TransferSyntax
    public let messageID: UInt16
    /// Move Originator Application Entity Title (0000,1030) and Message ID (0000,1031), when a C-MOVE caused it.
    public let moveOriginator: AETitle?
    public let moveOriginatorMessageID: UInt16?
    /// Finished.
    public let capture: HeaderCapture
    /// Bytes of the data set that have arrived, kept or not.
    public let dataSetBytes: Int
    /// Who was given its bytes, all of them or until it wanted no more.
    public let taker: (any DataSetTaker)?

    /// An instance whose last byte has come, by a peer's C-STORE or as a sub-operation of our C-GET.
    public init(
        _ instance: ArrivingInstance, by association: AssociationIdentity, taker: (any DataSetTaker)? = nil
    ) {
        let command = instance.command
        self.association = association
        sopClassUID = instance.sopClassUID
        sopInstanceUID = instance.sopInstanceUID
        transferSyntax = instance.transferSyntax
        messageID = command.messageID ?? 0
        moveOriginator = command.moveOriginator.isEmpty ? nil : AETitle(bytes: command.moveOriginator)
        moveOriginatorMessageID = command.moveOriginatorMessageID
        capture = instance.capture
        dataSetBytes = instance.dataSetBytes
        self.taker = taker
    }
}
