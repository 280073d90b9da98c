public import DICOM
public import DICOMNetwork

/// Why an association could not be opened or did not last.
public enum AssociationError: Error, Hashable, Sendable {
    /// The name has no address; the resolver's words.
    case unknownHost(String, reason: String)
    /// TCP could not connect; errno.
    case connect(code: Int32)
    case rejected(Rejection)
    case aborted(Abort)
    /// The peer closed TCP without a word.
    case closed
    case timedOut(Wait)
    /// What the peer sent is not what PS3.8 allows.
    case fault(ProtocolFault)
    /// The peer accepted the association, but no context for this.
    case noContext(SOPClassUID, TransferSyntax?, ContextResult?)
    /// The socket failed; errno.
    case socket(code: Int32)
    /// What we were to send could not be read; errno.
    case source(code: Int32)
}
