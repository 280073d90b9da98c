public import Threads
public import Trust

/// How an association is to be opened in TLS.
public struct TLSRequest: Sendable {
    /// Of a requestor; a new one holds from the next association on.
    public var context: Monitor<TLSContext>
    /// The name that the peer is asked for and that its certificate must be for; nil: the host's.
    public var serverName: String?
    /// The peer's certificate must match one of these, whatever its name; empty: its name tells.
    public var expected: [CertificatePattern]

    public init(
        _ context: Monitor<TLSContext>, serverName: String? = nil, expecting expected: [CertificatePattern] = []
    ) {
        self.context = context
        self.serverName = serverName
        self.expected = expected
    }

    func engine(host: String) -> TLSEngine {
        TLSEngine(context.withLock { $0 }, serverName: serverName ?? host, expecting: expected)
    }
}
