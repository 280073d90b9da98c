import COpenSSL

/// Judges the peer's certificate of one connection while OpenSSL walks up its chain, and keeps what was wrong.
final class CertificateJudge {
    let name: String?
    private let expected: [CertificatePattern]
    private(set) var fault: TLSFault?

    /// - Parameters:
    ///   - name: the name or address that the certificate must be for; nil: any.
    ///   - expected: one of these must match; empty: any.
    init(name: String?, expected: [CertificatePattern]) {
        self.name = name
        self.expected = expected
    }

    /// Called for each certificate of the chain, and for each fault of it.
    static let verify: @convention(c) (Int32, OpaquePointer?) -> Int32 = { isGood, chain in
        let ssl = X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx())
        guard let ssl, let judge = SSL_get_ex_data(OpaquePointer(ssl), 0) else { return 0 }
        return Unmanaged<CertificateJudge>.fromOpaque(judge).takeUnretainedValue().judge(isGood == 1, chain)
    }

    private func judge(_ isGood: Bool, _ chain: OpaquePointer?) -> Int32 {
        let certificate = X509_STORE_CTX_get_current_cert(chain).map { Certificate($0) }
        if !isGood {
            fault = .certificate(problem(X509_STORE_CTX_get_error(chain)), certificate)
            return 0
        }
        guard X509_STORE_CTX_get_error_depth(chain) == 0, !expected.isEmpty else { return 1 }
        guard let certificate, expected.contains(where: { $0.matches(certificate) }) else {
            fault = .certificate(.notExpected(expected), certificate)
            X509_STORE_CTX_set_error(chain, X509_V_ERR_APPLICATION_VERIFICATION)
            return 0
        }
        return 1
    }

    private func problem(_ code: Int32) -> CertificateProblem {
        switch code {
        case X509_V_ERR_CERT_HAS_EXPIRED: .expired
        case X509_V_ERR_CERT_NOT_YET_VALID: .notYetValid
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
            X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_SIGNATURE_FAILURE:
            .unknownAuthority
        case X509_V_ERR_INVALID_PURPOSE: .wrongPurpose
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: .wrongName(name ?? "")
        case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL: .keyTooSmall
        case X509_V_ERR_CA_MD_TOO_WEAK: .weakSignature
        case X509_V_ERR_CERT_REVOKED: .revoked
        case X509_V_ERR_UNABLE_TO_GET_CRL, X509_V_ERR_CRL_HAS_EXPIRED, X509_V_ERR_CRL_NOT_YET_VALID,
            X509_V_ERR_CRL_SIGNATURE_FAILURE:
            .revocationUnknown
        default: .other(X509_verify_cert_error_string(Int(code)).map { String(cString: $0) } ?? "error \(code)")
        }
    }
}
