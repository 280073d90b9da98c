public import DICOM
public import Trust

/// Which association something came by.
public struct AssociationIdentity: Hashable, Sendable {
    /// Unique within a listener's life.
    public let id: UInt64
    public let calling: AETitle
    public let called: AETitle
    /// Numeric address of the peer, without port.
    public let peerAddress: String
    public let security: Security

    public init(
        id: UInt64, calling: AETitle, called: AETitle, peerAddress: String, security: Security = .plain
    ) {
        self.id = id
        self.calling = calling
        self.called = called
        self.peerAddress = peerAddress
        self.security = security
    }
}

/// How an association's bytes pass.
public enum Security: Hashable, Sendable {
    case plain
    /// The peer's certificate is one that we accept, where it showed one.
    case tls(TLSSession)

    /// The peer's.
    public var certificate: Certificate? {
        switch self {
        case .plain: nil
        case .tls(let session): session.certificate
        }
    }
}
