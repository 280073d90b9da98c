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
    public let ending: Ending
}

/// How a connection ended.
public enum Ending: Hashable, Sendable {
    case released
    case rejected(Rejection)
    case abortedByPeer(Abort)
    /// The peer broke the protocol, and we aborted.
    case fault(ProtocolFault)
    /// The peer closed TCP without release or abort.
    case lost
    case timedOut(Wait)
    /// We aborted since the listener stopped.
    case stopped
}

/// What was waited for when a deadline passed.
public enum Wait: String, Hashable, Sendable {
    case connection
    case associationRequest
    case associationResponse
    /// Nothing came between two messages.
    case message
    /// Nothing came within a message.
    case fragment
    /// The peer did not read what we wrote.
    case write
    case response
    case release
}
