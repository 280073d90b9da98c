import COpenSSL

/// A private key: RSA, elliptic curves, Ed25519.
public final class PrivateKey: @unchecked Sendable {
    // Sendable: it is never changed, and OpenSSL counts references to it atomically.
    let key: OpaquePointer

    /// - Parameter pem: PKCS #8, or the older forms, without passphrase.
    /// - Throws: `.noPrivateKey`, `.keyHasPassphrase`.
    public init(pem: [UInt8]) throws(TrustFault) {
        let found = CryptoLibrary.call {
            CryptoLibrary.reading(pem) { PEM_read_bio_PrivateKey($0, nil, CryptoLibrary.noPassphrase, nil) }
        }
        ERR_clear_error()
        guard let key = found else {
            throw String(decoding: pem, as: UTF8.self).contains("ENCRYPTED") ? .keyHasPassphrase : .noPrivateKey
        }
        self.key = key
    }

    deinit { EVP_PKEY_free(key) }
}
