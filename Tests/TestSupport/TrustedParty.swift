public import Trust

/// An authority, what it issued to a gateway and to the modality "ct1", and TLS contexts made of it.
public final class TrustedParty: @unchecked Sendable {
    // Sendable: the authority issues in `init` only; tests that issue more make an authority of their own.
    private let authority: TestAuthority
    public let gateway: TestAuthority.Issued
    public let modality: TestAuthority.Issued

    public init(_ authority: TestAuthority = TestAuthority()) {
        self.authority = authority
        gateway = authority.issue("Gateway", names: ["gateway.example", "IP:127.0.0.1"])
        modality = authority.issue("ct1", names: ["ct1.example"])
    }

    public func authorities() throws -> [Certificate] { try Certificate.chain(pem: authority.certificate) }

    /// - Parameter shown: the acceptor's certificate and key; nil: that of the gateway.
    public func acceptor(
        _ shown: TestAuthority.Issued? = nil, _ change: (inout TLSSettings) -> Void = { _ in }
    ) throws -> TLSContext {
        try context(.acceptor, shown ?? gateway, change)
    }

    /// - Parameter shown: the requestor's certificate and key; nil: that of the modality.
    public func requestor(
        _ shown: TestAuthority.Issued? = nil, _ change: (inout TLSSettings) -> Void = { _ in }
    ) throws -> TLSContext {
        try context(.requestor, shown ?? modality, change)
    }

    private func context(
        _ role: TLSSettings.Role, _ issued: TestAuthority.Issued, _ change: (inout TLSSettings) -> Void
    ) throws -> TLSContext {
        let identity = TLSSettings.Identity(
            chain: try Certificate.chain(pem: issued.certificate), key: try PrivateKey(pem: issued.key))
        var settings = TLSSettings(role: role, identity: identity, authorities: try authorities())
        change(&settings)
        return try TLSContext(settings)
    }
}
