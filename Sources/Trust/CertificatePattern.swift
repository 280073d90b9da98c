/// Which certificate a peer must show.
public enum CertificatePattern: Hashable, Sendable {
    /// That one: SHA-256 of its DER form, 64 small hexadecimal digits.
    case fingerprint(String)
    /// One with this DNS name among its Subject Alternative Names; small letters. No wildcard is looked into.
    case dnsName(String)
    /// One whose subject has this Common Name.
    case commonName(String)

    /// `sha256:…` (colons between the digits do not matter), `dns:…` or `cn:…`; nil for anything else.
    public init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let value = String(text[text.index(after: colon)...])
        guard !value.isEmpty else { return nil }
        switch text[..<colon].lowercased() {
        case "sha256":
            let digits = value.replacing(":", with: "").lowercased()
            guard digits.utf8.count == 64, digits.utf8.allSatisfy(CertificatePattern.isDigit) else { return nil }
            self = .fingerprint(digits)
        case "dns": self = .dnsName(value.lowercased())
        case "cn": self = .commonName(value)
        default: return nil
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    public func matches(_ certificate: Certificate) -> Bool {
        switch self {
        case .fingerprint(let digits): certificate.fingerprint == digits
        case .dnsName(let name): certificate.dnsNames.contains(name)
        case .commonName(let name): certificate.commonName == name
        }
    }
}

extension CertificatePattern: CustomStringConvertible {
    public var description: String {
        switch self {
        case .fingerprint(let digits): "sha256:\(digits)"
        case .dnsName(let name): "dns:\(name)"
        case .commonName(let name): "cn:\(name)"
        }
    }
}
