import COpenSSL

/// A certificate authority of a test, and what it issues. All identities are invented.
public final class TestAuthority {
    public enum Key: Sendable {
        case p256
        case rsa(bits: Int)
    }

    /// A certificate and its key, in PEM.
    public struct Issued: Sendable {
        public let certificate: [UInt8]
        public let key: [UInt8]
    }

    public let name: String
    private let key: OpaquePointer?
    private let x509: OpaquePointer?
    private var lastSerial = 1

    public init(_ name: String = "Test Authority") {
        self.name = name
        key = TestAuthority.make(.p256)
        x509 = X509_new()
        TestAuthority.fill(x509, name, serial: 1, key, from: -86400, until: 3650 * 86400)
        X509_set_issuer_name(x509, X509_get_subject_name(x509))
        TestAuthority.extend(x509, x509, NID_basic_constraints, "critical,CA:TRUE")
        TestAuthority.extend(x509, x509, NID_key_usage, "critical,keyCertSign,cRLSign")
        X509_sign(x509, key, EVP_sha256())
    }

    deinit {
        X509_free(x509)
        EVP_PKEY_free(key)
    }

    public var certificate: [UInt8] { TestAuthority.pem { PEM_write_bio_X509($0, x509) } }

    /// - Parameters:
    ///   - names: DNS names or `IP:` addresses among its Subject Alternative Names.
    ///   - purposes: of Extended Key Usage, as OpenSSL writes them; empty: none is said.
    ///   - from, until: seconds from now.
    public func issue(
        _ commonName: String, names: [String] = [], purposes: String = "", from: Int = -3600, until: Int = 86400,
        key kind: Key = .p256
    ) -> Issued {
        lastSerial += 1
        let own = TestAuthority.make(kind)
        let issued = X509_new()
        defer {
            X509_free(issued)
            EVP_PKEY_free(own)
        }
        TestAuthority.fill(issued, commonName, serial: lastSerial, own, from: from, until: until)
        X509_set_issuer_name(issued, X509_get_subject_name(x509))
        if !names.isEmpty {
            let list = names.map { $0.hasPrefix("IP:") ? $0 : "DNS:" + $0 }.joined(separator: ",")
            TestAuthority.extend(issued, x509, NID_subject_alt_name, list)
        }
        if !purposes.isEmpty { TestAuthority.extend(issued, x509, NID_ext_key_usage, purposes) }
        X509_sign(issued, key, EVP_sha256())
        return Issued(
            certificate: TestAuthority.pem { PEM_write_bio_X509($0, issued) },
            key: TestAuthority.pem { PEM_write_bio_PKCS8PrivateKey($0, own, nil, nil, 0, nil, nil) })
    }

    /// A list, valid for a day, that revokes the certificates with these places in the order of issue.
    public func revocationList(of places: [Int]) -> [UInt8] {
        let list = X509_CRL_new()
        defer { X509_CRL_free(list) }
        X509_CRL_set_version(list, 1)
        X509_CRL_set_issuer_name(list, X509_get_subject_name(x509))
        let now = X509_gmtime_adj(nil, -60)
        let end = X509_gmtime_adj(nil, 86400)
        defer {
            ASN1_STRING_free(now)
            ASN1_STRING_free(end)
        }
        X509_CRL_set1_lastUpdate(list, now)
        X509_CRL_set1_nextUpdate(list, end)
        for place in places {
            let entry = X509_REVOKED_new()
            let serial = ASN1_INTEGER_new()
            ASN1_INTEGER_set(serial, place + 2)
            X509_REVOKED_set_serialNumber(entry, serial)
            X509_REVOKED_set_revocationDate(entry, now)
            X509_CRL_add0_revoked(list, entry)
            ASN1_STRING_free(serial)
        }
        X509_CRL_sign(list, key, EVP_sha256())
        return TestAuthority.pem { PEM_write_bio_X509_CRL($0, list) }
    }

    private static func fill(
        _ x509: OpaquePointer?, _ commonName: String, serial: Int, _ key: OpaquePointer?, from: Int, until: Int
    ) {
        X509_set_version(x509, 2)
        ASN1_INTEGER_set(X509_get_serialNumber(x509), serial)
        X509_gmtime_adj(X509_getm_notBefore(x509), from)
        X509_gmtime_adj(X509_getm_notAfter(x509), until)
        let subject = X509_get_subject_name(x509)
        X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_FLAG | 1, "Test Hospital", -1, -1, 0)
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_FLAG | 1, commonName, -1, -1, 0)
        X509_set_pubkey(x509, key)
    }

    private static func extend(_ x509: OpaquePointer?, _ issuer: OpaquePointer?, _ kind: Int32, _ value: String) {
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer, x509, nil, nil, 0)
        let made = X509V3_EXT_nconf_nid(nil, &context, kind, value)
        precondition(made != nil, "no extension \(value)")
        X509_add_ext(x509, made, -1)
        X509_EXTENSION_free(made)
    }

    private static func make(_ kind: Key) -> OpaquePointer? {
        let context: OpaquePointer?
        switch kind {
        case .p256:
            context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil)
            EVP_PKEY_keygen_init(context)
            EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1)
        case .rsa(let bits):
            context = EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nil)
            EVP_PKEY_keygen_init(context)
            EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(bits))
        }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        EVP_PKEY_keygen(context, &key)
        return key
    }

    private static func pem(_ write: (OpaquePointer?) -> Int32) -> [UInt8] {
        let sink = BIO_new(BIO_s_mem())
        defer { BIO_free(sink) }
        precondition(write(sink) == 1, "no PEM")
        var start: UnsafePointer<UInt8>?
        let count = kosgate_BIO_get_mem_data(sink, &start)
        return Array(UnsafeBufferPointer(start: start, count: count))
    }
}
