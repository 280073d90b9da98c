/// Why no TLS connection came to be, or why it broke.
public enum TLSFault: Error, Hashable, Sendable {
    /// The peer's bytes are no TLS.
    case notTLS
    /// The peer's certificate is not accepted; nil: it could not be read.
    case certificate(CertificateProblem, Certificate?)
    /// The peer was to show a certificate and has none.
    case noCertificate
    /// The peer does not offer TLS 1.2 or 1.3.
    case noCommonVersion
    /// The peer offers no cipher suite that is accepted.
    case noCommonCipher
    /// The peer says why it ends the connection.
    case alert(TLSAlert)
    /// The peer closed in the middle of the handshake.
    case closed
    case timedOut
    /// The socket failed in the middle of the handshake; errno.
    case socket(code: Int32)
    /// The peer does not keep to the protocol; OpenSSL's words.
    case violation(String)
}

/// Why a certificate is not accepted.
public enum CertificateProblem: Hashable, Sendable {
    case expired
    case notYetValid
    /// No authority that we trust stands behind it.
    case unknownAuthority
    /// It may not be used for this end of a connection (Extended Key Usage, RFC 5280 §4.2.1.12).
    case wrongPurpose
    /// It is not for the name or address that we called.
    case wrongName(String)
    /// It is none of those that the configuration expects.
    case notExpected([CertificatePattern])
    case keyTooSmall
    case weakSignature
    case revoked
    /// No valid revocation list of its authority is at hand.
    case revocationUnknown
    /// OpenSSL's words.
    case other(String)
}

extension TLSFault: CustomStringConvertible {
    /// What happened, in one line without its end.
    public var description: String {
        switch self {
        case .notTLS: "the peer does not speak TLS here"
        case .certificate(let problem, let certificate?):
            "the peer's certificate, \(certificate), is not accepted: \(problem)"
        case .certificate(let problem, nil): "the peer's certificate is not accepted: \(problem)"
        case .noCertificate: "the peer shows no certificate"
        case .noCommonVersion: "the peer offers neither TLS 1.2 nor TLS 1.3"
        case .noCommonCipher: "the peer offers no cipher suite that BCP 195 recommends"
        case .alert(let alert): alert.description
        case .closed: "the peer closed the connection in the middle of the TLS handshake"
        case .timedOut: "the TLS handshake was not finished in time"
        case .socket(let code): "the connection failed in the middle of the TLS handshake (errno \(code))"
        case .violation(let words): "the peer does not keep to TLS: \(words)"
        }
    }

    /// What an operator may try, in one line; nil when there is nothing to say beyond `description`.
    public var remedy: String? {
        switch self {
        case .notTLS: "check whether TLS is meant, and the port: plain DICOM and TLS have ports of their own"
        case .certificate(let problem, _): problem.remedy
        case .noCertificate: "give the peer a certificate, from an authority that is listed here"
        case .noCommonVersion, .noCommonCipher: "the peer must be configured for a BCP 195 profile, or renewed"
        case .alert(let alert): alert.remedy
        case .closed, .timedOut: "look at the peer's log; it may want to know our certificate's authority"
        case .socket, .violation: nil
        }
    }
}

extension CertificateProblem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .expired: "it has expired"
        case .notYetValid: "it is not valid yet"
        case .unknownAuthority: "no authority that we trust stands behind it (unknown CA)"
        case .wrongPurpose: "it is not for this use: its extended key usage does not allow this end of a connection"
        case .wrongName(let name): "it is not for \(name)"
        case .notExpected(let patterns):
            "expected is \(patterns.map(\.description).joined(separator: " or "))"
        case .keyTooSmall: "its key, or that of its authority, is too small"
        case .weakSignature: "it is signed with a broken digest"
        case .revoked: "its authority has revoked it"
        case .revocationUnknown: "no valid revocation list of its authority is at hand"
        case .other(let words): words
        }
    }

    fileprivate var remedy: String? {
        switch self {
        case .expired: "the peer needs a new certificate"
        case .notYetValid: "check the clocks of both machines"
        case .unknownAuthority: "list the authority of the peer's certificate, or the certificate itself"
        case .wrongPurpose: "its authority must issue one for client and server authentication"
        case .wrongName: "give the name that the certificate has, or the certificate's fingerprint"
        case .notExpected: "list this certificate if it is the peer's new one"
        case .keyTooSmall, .weakSignature: "its authority must issue one with RSA of 2048 bits or more, or P-256"
        case .revoked: "ask its authority"
        case .revocationUnknown: "bring the revocation list of its authority up to date"
        case .other: nil
        }
    }
}
