import COpenSSL

/// What all connections of one kind share: certificate, key, authorities, and what is demanded of peers. Connections hold
/// on to the one they began with.
///
/// TLS 1.2 and 1.3 with the cipher suites of BCP 195 (RFC 8996, RFC 9325), as PS3.15 §B.12 has it; ephemeral
/// Diffie-Hellman over finite fields stands last, for peers of the retired §B.9 and §B.10. No tickets, no sessions kept,
/// no renegotiation: an association is one connection.
public final class TLSContext: @unchecked Sendable {
    // Sendable: it is never changed after `init`, and OpenSSL counts references to it atomically.
    let context: OpaquePointer
    public let settings: TLSSettings

    static let suites = [
        "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256",
        "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
        "DHE-RSA-AES256-GCM-SHA384", "DHE-RSA-AES128-GCM-SHA256",
    ].joined(separator: ":")

    public init(_ settings: TLSSettings) throws(TrustFault) {
        self.settings = settings
        let method = settings.role == .acceptor ? TLS_server_method() : TLS_client_method()
        guard let context = CryptoLibrary.call({ SSL_CTX_new(method) }) else { throw .library(CryptoLibrary.words) }
        self.context = context
        SSL_CTX_set_security_level(context, 2)
        SSL_CTX_set_options(context, kosgate_SSL_OPTIONS)
        kosgate_SSL_CTX_keep_no_sessions(context)
        SSL_CTX_set_num_tickets(context, 0)
        kosgate_SSL_CTX_release_buffers(context)
        kosgate_SSL_CTX_set_dh_auto(context)
        guard kosgate_SSL_CTX_set_versions(context, TLS1_2_VERSION, TLS1_3_VERSION) == 1,
            SSL_CTX_set_cipher_list(context, TLSContext.suites) == 1,
            kosgate_SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384") == 1
        else { throw .library(CryptoLibrary.words) }
        if let identity = settings.identity { try show(identity) }
        try trust()
        var mode = SSL_VERIFY_PEER
        if settings.role == .acceptor, settings.demandsCertificate { mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT }
        SSL_CTX_set_verify(context, mode, CertificateJudge.verify)
    }

    deinit { SSL_CTX_free(context) }

    private func show(_ identity: TLSSettings.Identity) throws(TrustFault) {
        guard let own = identity.chain.first, let x509 = own.x509() else { throw .noCertificate }
        defer { X509_free(x509) }
        let reason = CryptoLibrary.call { SSL_CTX_use_certificate(context, x509) == 1 ? 0 : CryptoLibrary.reason }
        switch reason {
        case 0: break
        case SSL_R_EE_KEY_TOO_SMALL, SSL_R_CA_MD_TOO_WEAK: throw .tooWeak(own)
        default: throw .library(CryptoLibrary.words)
        }
        guard CryptoLibrary.call({ X509_check_private_key(x509, identity.key.key) }) == 1 else {
            throw .keyDoesNotMatch
        }
        guard SSL_CTX_use_PrivateKey(context, identity.key.key) == 1 else { throw .library(CryptoLibrary.words) }
        for certificate in identity.chain.dropFirst() {
            guard let x509 = certificate.x509() else { throw .noCertificate }
            defer { X509_free(x509) }
            guard CryptoLibrary.call({ kosgate_SSL_CTX_add1_chain_cert(context, x509) }) == 1 else {
                throw .tooWeak(certificate)
            }
        }
    }

    private func trust() throws(TrustFault) {
        let store = SSL_CTX_get_cert_store(context)
        for authority in settings.authorities {
            guard let x509 = authority.x509() else { throw .noCertificate }
            defer { X509_free(x509) }
            X509_STORE_add_cert(store, x509)
            // So that a requestor knows which of its certificates to show.
            if settings.role == .acceptor { SSL_CTX_add_client_CA(context, x509) }
        }
        for list in settings.revocationLists { try revoke(list, store) }
        let parameters = SSL_CTX_get0_param(context)
        var flags = UInt(X509_V_FLAG_PARTIAL_CHAIN)
        if !settings.revocationLists.isEmpty { flags |= UInt(X509_V_FLAG_CRL_CHECK) }
        X509_VERIFY_PARAM_set_flags(parameters, flags)
        if let time = settings.time { X509_VERIFY_PARAM_set_time(parameters, time_t(time)) }
    }

    private func revoke(_ pem: [UInt8], _ store: OpaquePointer?) throws(TrustFault) {
        var count = 0
        _ = CryptoLibrary.call {
            CryptoLibrary.reading(pem) { source in
                while let list = PEM_read_bio_X509_CRL(source, nil, CryptoLibrary.noPassphrase, nil) {
                    X509_STORE_add_crl(store, list)
                    X509_CRL_free(list)
                    count += 1
                }
                return true
            }
        }
        ERR_clear_error()
        guard count > 0 else { throw .noRevocationList }
    }
}
