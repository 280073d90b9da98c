import COpenSSL

/// OpenSSL, made ready once and before anything else of it is called.
enum CryptoLibrary {
    /// Without the machine's openssl.cnf, which must not weaken what is decided here; and without what it would do at
    /// `exit`, under the feet of threads that still run.
    static let isReady: Bool = OPENSSL_init_ssl(kosgate_OPENSSL_INIT, nil) == 1

    /// Runs `body` with the queue of errors of this thread empty.
    static func call<Result>(_ body: () -> Result) -> Result {
        _ = isReady
        ERR_clear_error()
        return body()
    }

    /// The first error of this thread's queue; 0: none.
    static var reason: Int32 { kosgate_ERR_GET_REASON(ERR_peek_error()) }

    /// OpenSSL's words for it.
    static var words: String {
        ERR_reason_error_string(ERR_peek_error()).map { String(cString: $0) } ?? "no reason given"
    }

    /// What `write` writes.
    static func bytes(_ write: (OpaquePointer) -> Void) -> [UInt8] {
        guard let sink = BIO_new(BIO_s_mem()) else { return [] }
        defer { BIO_free(sink) }
        write(sink)
        var start: UnsafePointer<UInt8>?
        let count = kosgate_BIO_get_mem_data(sink, &start)
        return Array(UnsafeBufferPointer(start: start, count: count))
    }

    /// Has `read` read these bytes.
    static func reading<Result>(_ bytes: [UInt8], _ read: (OpaquePointer) -> Result?) -> Result? {
        bytes.withUnsafeBytes { bytes in
            guard let source = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count)) else { return nil }
            defer { BIO_free(source) }
            return read(source)
        }
    }

    /// A key with a passphrase is none here: nobody is asked for it.
    static let noPassphrase:
        @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 = { _, _, _, _ in
            -1
        }
}
