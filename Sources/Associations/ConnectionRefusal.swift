public import Trust

/// A connection that was closed before it could ask for an association.
public struct ConnectionRefusal: Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        /// Bytes that are no TLS came on the port for TLS.
        case plainOnTLSPort
        /// The peer speaks TLS on the port for plain associations.
        case tlsOnPlainPort
        case handshake(TLSFault)
        /// On the port for TLS: the handler knows nobody at this address.
        case unknownAddress
        /// There is a port for TLS, but no certificate to show.
        case notConfigured
    }

    /// Numeric, without port.
    public let peerAddress: String
    public let reason: Reason

    public init(peerAddress: String, reason: Reason) {
        self.peerAddress = peerAddress
        self.reason = reason
    }
}

extension ConnectionRefusal: CustomStringConvertible {
    /// What happened, in one line without its end.
    public var description: String {
        switch reason {
        case .plainOnTLSPort: "\(peerAddress) speaks no TLS on the port for TLS"
        case .tlsOnPlainPort: "\(peerAddress) speaks TLS on the port for plain associations"
        case .handshake(let fault): "no TLS connection with \(peerAddress): \(fault)"
        case .unknownAddress: "no source has the address \(peerAddress), which called the port for TLS"
        case .notConfigured: "\(peerAddress) called the port for TLS, and no certificate is configured"
        }
    }

    /// What an operator may try, in one line; nil when there is nothing to say beyond `description`.
    public var remedy: String? {
        switch reason {
        case .plainOnTLSPort, .tlsOnPlainPort: "plain DICOM and TLS have ports of their own: check the peer's"
        case .handshake(let fault): fault.remedy
        case .unknownAddress: "add it to the source's networks if it is one"
        case .notConfigured: "configure a certificate and its key"
        }
    }
}
