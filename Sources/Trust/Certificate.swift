import COpenSSL

/// A certificate (X.509, RFC 5280).
public struct Certificate: Hashable, Sendable {
    public let der: [UInt8]
    /// SHA-256 of `der`, as 64 small hexadecimal digits.
    public let fingerprint: String
    /// The distinguished name as RFC 2253 writes it: "CN=ct1,O=Hospital".
    public let subject: String
    /// The last Common Name of the subject.
    public let commonName: String?
    /// Subject Alternative Names that are DNS names, small letters.
    public let dnsNames: [String]
    /// Seconds since 1970.
    public let notBefore: Int64
    public let notAfter: Int64

    /// All certificates of a PEM file, in its order.
    /// - Throws: `.noCertificate` where it holds none.
    public static func chain(pem: [UInt8]) throws(TrustFault) -> [Certificate] {
        var chain: [Certificate] = []
        let isRead = CryptoLibrary.call {
            CryptoLibrary.reading(pem) { source in
                while let x509 = PEM_read_bio_X509(source, nil, CryptoLibrary.noPassphrase, nil) {
                    defer { X509_free(x509) }
                    chain.append(Certificate(x509))
                }
                return true
            }
        }
        ERR_clear_error()
        guard isRead == true, !chain.isEmpty else { throw .noCertificate }
        return chain
    }

    init(_ x509: OpaquePointer) {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = i2d_X509(x509, &bytes)
        der = Array(UnsafeBufferPointer(start: bytes, count: Int(max(count, 0))))
        CRYPTO_free(bytes, "", 0)
        var digest = [UInt8](repeating: 0, count: 32)
        EVP_Digest(der, der.count, &digest, nil, EVP_sha256(), nil)
        fingerprint = Certificate.hexadecimal(digest)
        let name = X509_get_subject_name(x509)
        let line = CryptoLibrary.bytes { X509_NAME_print_ex($0, name, 0, kosgate_RFC2253) }
        subject = String(decoding: line, as: UTF8.self)
        commonName = Certificate.commonName(name)
        dnsNames = Certificate.dnsNames(x509)
        notBefore = Certificate.seconds(X509_get0_notBefore(x509))
        notAfter = Certificate.seconds(X509_get0_notAfter(x509))
    }

    /// Its form for OpenSSL, to be freed.
    func x509() -> OpaquePointer? {
        der.withUnsafeBufferPointer { der in
            var next = der.baseAddress
            return d2i_X509(nil, &next, der.count)
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    private static func commonName(_ name: OpaquePointer?) -> String? {
        var place: Int32 = -1
        while true {
            let next = X509_NAME_get_index_by_NID(name, NID_commonName, place)
            guard next >= 0 else { break }
            place = next
        }
        guard place >= 0 else { return nil }
        var text: UnsafeMutablePointer<UInt8>?
        let count = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, place)))
        defer { CRYPTO_free(text, "", 0) }
        guard count >= 0 else { return nil }
        return String(decoding: UnsafeBufferPointer(start: text, count: Int(count)), as: UTF8.self)
    }

    private static func dnsNames(_ x509: OpaquePointer) -> [String] {
        guard let found = X509_get_ext_d2i(x509, NID_subject_alt_name, nil, nil) else { return [] }
        let names = OpaquePointer(found)
        defer { GENERAL_NAMES_free(names) }
        return (0..<kosgate_count_of_names(names)).compactMap { index in
            var bytes: UnsafePointer<UInt8>?
            let count = kosgate_dns_name(names, index, &bytes)
            guard count > 0 else { return nil }
            return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self).lowercased()
        }
    }

    /// A time that cannot be read is long ago.
    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64 {
        guard let zero = ASN1_TIME_set(nil, 0) else { return 0 }
        defer { ASN1_STRING_free(zero) }
        var days: Int32 = 0
        var seconds: Int32 = 0
        guard ASN1_TIME_diff(&days, &seconds, zero, time) == 1 else { return 0 }
        return Int64(days) * 86400 + Int64(seconds)
    }
}

extension Certificate: CustomStringConvertible {
    /// For an operator: whose it is, and which.
    public var description: String { "\(subject.isEmpty ? "no name" : subject) (sha256:\(fingerprint))" }
}
