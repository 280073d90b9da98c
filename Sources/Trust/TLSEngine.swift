import COpenSSL

/// One TLS connection without its transport: bytes from the peer go in, bytes for the peer come out, and nothing waits.
public struct TLSEngine: ~Copyable {
    /// How far the handshake is.
    public enum Progress: Hashable, Sendable {
        case done
        /// What `take` gives it next; before that, what `drain` has is to be sent.
        case wantsInput
        case failed(TLSFault)
    }

    public enum Step: Hashable, Sendable {
        /// So many bytes, at least one.
        case bytes(Int)
        case wantsInput
        /// The peer said that it sends no more.
        case closed
        case failed(TLSFault)
    }

    private let ssl: OpaquePointer
    private let input: OpaquePointer
    private let output: OpaquePointer
    private let judge: CertificateJudge
    private let role: TLSSettings.Role
    private var hasInput = false
    /// The peer's first byte begins no record of a handshake.
    private var isForeign = false

    /// - Parameters:
    ///   - serverName: of the peer that we call; named to it, and its certificate must be for it unless `expected` says
    ///     which it must be. A name, or a numeric address.
    ///   - expected: the peer's certificate must match one of these; empty: any of the authorities' will do.
    /// - Precondition: memory is left.
    public init(_ context: TLSContext, serverName: String? = nil, expecting expected: [CertificatePattern] = []) {
        let made = CryptoLibrary.call { (SSL_new(context.context), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem())) }
        guard let ssl = made.0, let input = made.1, let output = made.2 else {
            preconditionFailure("no memory for a TLS connection")
        }
        (self.ssl, self.input, self.output) = (ssl, input, output)
        role = context.settings.role
        judge = CertificateJudge(name: serverName, expected: expected)
        SSL_set_bio(ssl, input, output)
        SSL_set_ex_data(ssl, 0, Unmanaged.passUnretained(judge).toOpaque())
        if role == .requestor { SSL_set_connect_state(ssl) } else { SSL_set_accept_state(ssl) }
        if let serverName { call(serverName, isChecked: expected.isEmpty) }
    }

    deinit { SSL_free(ssl) }

    private func call(_ name: String, isChecked: Bool) {
        let parameters = SSL_get0_param(ssl)
        let address = a2i_IPADDRESS(name)
        let isAddress = address != nil
        ASN1_OCTET_STRING_free(address)
        // RFC 6066 §3: an address is no server name.
        if !isAddress { _ = kosgate_SSL_set_tlsext_host_name(ssl, name) }
        guard isChecked else { return }
        if isAddress {
            X509_VERIFY_PARAM_set1_ip_asc(parameters, name)
        } else {
            X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
            X509_VERIFY_PARAM_set1_host(parameters, name, 0)
        }
    }

    /// Takes what the peer sent.
    public mutating func take(_ ciphertext: UnsafeRawBufferPointer) {
        guard let first = ciphertext.first else { return }
        if !hasInput {
            hasInput = true
            // RFC 8446 §5.1: handshake, or an alert in its place.
            isForeign = first != 22 && (role == .acceptor || first != 21)
        }
        _ = BIO_write(input, ciphertext.baseAddress, Int32(clamping: ciphertext.count))
    }

    public mutating func handshake() -> Progress {
        guard !isForeign else { return .failed(.notTLS) }
        let code = CryptoLibrary.call { SSL_do_handshake(ssl) }
        guard code != 1 else { return .done }
        return switch step(code) {
        case .bytes, .wantsInput: .wantsInput
        case .closed: .failed(.closed)
        case .failed(let fault): .failed(fault)
        }
    }

    /// Reads what the peer said, at most one record of it.
    public mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Step {
        var count = 0
        let code = CryptoLibrary.call { SSL_read_ex(ssl, buffer.baseAddress, buffer.count, &count) }
        return code == 1 ? .bytes(count) : step(code)
    }

    /// Takes all of these bytes, to be drained as records.
    /// - Precondition: there is one at least, and the handshake is done.
    public mutating func write(_ bytes: UnsafeRawBufferPointer) -> Step {
        var count = 0
        let code = CryptoLibrary.call { SSL_write_ex(ssl, bytes.baseAddress, bytes.count, &count) }
        return code == 1 ? .bytes(count) : step(code)
    }

    /// Says that we send no more.
    public mutating func close() { _ = CryptoLibrary.call { SSL_shutdown(ssl) } }

    /// Bytes for the peer wait in `drain`.
    public var hasOutput: Bool { kosgate_BIO_pending(output) > 0 }

    /// Shows what is to be sent to the peer; `body` returns how much of it was.
    public mutating func drain(_ body: (UnsafeRawBufferPointer) -> Int) {
        var start: UnsafePointer<UInt8>?
        let count = kosgate_BIO_get_mem_data(output, &start)
        let sent = min(body(UnsafeRawBufferPointer(start: start, count: count)), count)
        guard sent > 0 else { return }
        if sent == count {
            BIO_ctrl(output, BIO_CTRL_RESET, 0, nil)
        } else {
            withUnsafeTemporaryAllocation(byteCount: sent, alignment: 1) {
                _ = BIO_read(output, $0.baseAddress, Int32(clamping: sent))
            }
        }
    }

    /// What was agreed on; the peer's certificate where it showed one.
    public var session: TLSSession {
        let x509 = SSL_get1_peer_certificate(ssl)
        defer { X509_free(x509) }
        return TLSSession(
            version: String(cString: SSL_get_version(ssl)),
            cipher: SSL_CIPHER_get_name(SSL_get_current_cipher(ssl)).map { String(cString: $0) } ?? "",
            certificate: x509.map { Certificate($0) })
    }

    private func step(_ code: Int32) -> Step {
        switch SSL_get_error(ssl, code) {
        case SSL_ERROR_WANT_READ: .wantsInput
        case SSL_ERROR_ZERO_RETURN: .closed
        default: .failed(fault)
        }
    }

    private var fault: TLSFault {
        // Behind a signature that is wrong stand errors of other parts than TLS.
        if let fault = judge.fault { return fault }
        let reason = CryptoLibrary.reason
        if reason > SSL_AD_REASON_OFFSET, let alert = UInt8(exactly: reason - SSL_AD_REASON_OFFSET) {
            return .alert(TLSAlert(rawValue: alert))
        }
        return switch reason {
        case SSL_R_CERTIFICATE_VERIFY_FAILED: .certificate(.other(CryptoLibrary.words), nil)
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: .noCertificate
        case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_UNKNOWN_PROTOCOL, SSL_R_VERSION_TOO_LOW, SSL_R_VERSION_TOO_HIGH,
            SSL_R_WRONG_SSL_VERSION, SSL_R_BAD_PROTOCOL_VERSION_NUMBER:
            .noCommonVersion
        case SSL_R_NO_SHARED_CIPHER: .noCommonCipher
        case SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST, SSL_R_WRONG_VERSION_NUMBER: .notTLS
        default: .violation(CryptoLibrary.words)
        }
    }
}

/// What two ends of a TLS connection agreed on.
public struct TLSSession: Hashable, Sendable {
    /// "TLSv1.3".
    public let version: String
    /// OpenSSL's name of the cipher suite.
    public let cipher: String
    /// The peer's.
    public let certificate: Certificate?

    public init(version: String, cipher: String, certificate: Certificate?) {
        self.version = version
        self.cipher = cipher
        self.certificate = certificate
    }
}
