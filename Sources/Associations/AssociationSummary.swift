public import DICOM
public import DICOMNetwork

/// What became of a connection.
public struct AssociationSummary: Sendable {
    /// Unique within the listener's life.
    public let id: UInt64
    public let peerAddress: String
    /// nil when no association request was read.
    public let calling: AETitle?
    public let called: AETitle?
    /// Instances answered with a status that means stored, and with another.
    public let instances: Int
    public let refusedInstances: Int
    /// Bytes received, of whatever kind.
    public let bytes: Int
    public let duration: Duration
    /// P-DATA-TF PDUs longer than announced; they were accepted.
    public let oversizedPDUs: Int
    public let ending: Ending
}
