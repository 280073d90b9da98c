/// What is wrong with certificates or keys that we were given for ourselves.
public enum TrustFault: Error, Hashable, Sendable {
    case noCertificate
    case noPrivateKey
    case keyHasPassphrase
    /// The private key is not that of the certificate.
    case keyDoesNotMatch
    /// Its key is shorter than RSA 2048 or its like, or its signature uses a broken digest.
    case tooWeak(Certificate)
    case noRevocationList
    /// OpenSSL's words.
    case library(String)
}

extension TrustFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noCertificate: "it holds no certificate in PEM"
        case .noPrivateKey: "it holds no private key in PEM"
        case .keyHasPassphrase: "the private key has a passphrase, which nobody could give: store it without"
        case .keyDoesNotMatch: "the private key is not that of the certificate"
        case .tooWeak(let certificate):
            "the certificate of \(certificate) is too weak: RSA keys need 2048 bits, elliptic curves 224, and SHA-1 is "
                + "not accepted"
        case .noRevocationList: "it holds no certificate revocation list in PEM"
        case .library(let words): "OpenSSL says: \(words)"
        }
    }
}
