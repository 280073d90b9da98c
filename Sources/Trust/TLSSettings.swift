/// What one end of TLS connections shows and demands.
public struct TLSSettings: Sendable {
    /// Of the association: who opens it.
    public enum Role: Sendable {
        case requestor
        case acceptor
    }

    /// What we show: our certificate, those between it and an authority, and the key.
    public struct Identity: Sendable {
        /// Ours first.
        public var chain: [Certificate]
        public var key: PrivateKey

        public init(chain: [Certificate], key: PrivateKey) {
            self.chain = chain
            self.key = key
        }
    }

    public var role: Role
    /// nil: none, which only a requestor may.
    public var identity: Identity?
    /// Whom the peer's certificate must come from; a peer's own certificate may stand here too.
    public var authorities: [Certificate]
    /// Certificate revocation lists in PEM; empty: none is asked.
    public var revocationLists: [[UInt8]] = []
    /// Of an acceptor: a peer without certificate is turned away. An acceptor always has the peer's authenticated.
    public var demandsCertificate = true
    /// The time that certificates are judged at, seconds since 1970; nil: the present.
    public var time: Int64?

    public init(role: Role, identity: Identity?, authorities: [Certificate]) {
        self.role = role
        self.identity = identity
        self.authorities = authorities
    }
}
