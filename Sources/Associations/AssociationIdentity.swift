public import DICOM

/// Which association something came by.
public struct AssociationIdentity: Hashable, Sendable {
    /// Unique within a listener's life.
    public let id: UInt64
    public let calling: AETitle
    public let called: AETitle
    /// Numeric address of the peer, without port.
    public let peerAddress: String

    public init(id: UInt64, calling: AETitle, called: AETitle, peerAddress: String) {
        self.id = id
        self.calling = calling
        self.called = called
        self.peerAddress = peerAddress
    }
}
