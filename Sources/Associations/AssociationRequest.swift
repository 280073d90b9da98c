public import DICOM
public import DICOMNetwork

/// An association that a peer asks for, before it is admitted.
public struct AssociationRequest: Sendable {
    public let association: AssociationIdentity
    /// What the peer proposes, as sent.
    public let proposed: AssociateRequest

    public var calling: AETitle { association.calling }
    public var called: AETitle { association.called }
    public var peerAddress: String { association.peerAddress }
}
