/// What a peer says when it ends a connection (RFC 8446 §6.2).
public struct TLSAlert: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The standard's name, in words.
    public var name: String {
        switch rawValue {
        case 10: "unexpected message"
        case 20: "bad record MAC"
        case 22: "record overflow"
        case 40: "handshake failure"
        case 42: "bad certificate"
        case 43: "unsupported certificate"
        case 44: "certificate revoked"
        case 45: "certificate expired"
        case 46: "certificate unknown"
        case 47: "illegal parameter"
        case 48: "unknown CA"
        case 49: "access denied"
        case 50: "decode error"
        case 51: "decrypt error"
        case 70: "protocol version"
        case 71: "insufficient security"
        case 80: "internal error"
        case 86: "inappropriate fallback"
        case 90: "user cancelled"
        case 109: "missing extension"
        case 110: "unsupported extension"
        case 112: "unrecognized name"
        case 116: "certificate required"
        default: "alert \(rawValue)"
        }
    }

    /// It is about the certificate that we showed.
    public var isAboutCertificate: Bool { (42...49).contains(rawValue) && rawValue != 47 }
}

extension TLSAlert: CustomStringConvertible {
    public var description: String {
        switch rawValue {
        case 116: "the peer wants a certificate of ours (\(name))"
        case 70: "the peer accepts neither TLS 1.2 nor TLS 1.3 (\(name))"
        case 40, 71: "the peer accepts no cipher suite that BCP 195 recommends, or wants a certificate (\(name))"
        default:
            isAboutCertificate
                ? "the peer does not accept our certificate (\(name))" : "the peer ends the TLS connection (\(name))"
        }
    }

    var remedy: String {
        switch rawValue {
        case 44, 45: "we need a new certificate"
        case 48: "make the authority of our certificate known to the peer"
        case 116: "configure a certificate and its key"
        case 40, 70, 71: "the peer must be configured for a BCP 195 profile"
        default: isAboutCertificate ? "look at the peer's log, and compare our certificate" : "look at the peer's log"
        }
    }
}
