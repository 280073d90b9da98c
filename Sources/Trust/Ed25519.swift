import COpenSSL

/// Signatures by Ed25519 (RFC 8032), with keys in PEM (PKCS #8, SubjectPublicKeyInfo).
public enum Ed25519 {
    /// Whether the signature of 64 bytes is that of these bytes by the owner of this public key. Anything wrong is no.
    public static func verify(_ bytes: [UInt8], signature: [UInt8], publicKey pem: [UInt8]) -> Bool {
        guard let key = key(pem, { PEM_read_bio_PUBKEY($0, nil, CryptoLibrary.noPassphrase, nil) }) else {
            return false
        }
        defer { EVP_PKEY_free(key) }
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        return EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
            && EVP_DigestVerify(context, signature, signature.count, bytes, bytes.count) == 1
    }

    /// 64 bytes; nil: this is no private key of this kind.
    public static func sign(_ bytes: [UInt8], privateKey pem: [UInt8]) -> [UInt8]? {
        guard let key = key(pem, { PEM_read_bio_PrivateKey($0, nil, CryptoLibrary.noPassphrase, nil) }) else {
            return nil
        }
        defer { EVP_PKEY_free(key) }
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: 64)
        var count = signature.count
        guard EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
            EVP_DigestSign(context, &signature, &count, bytes, bytes.count) == 1, count == signature.count
        else { return nil }
        return signature
    }

    private static func key(_ pem: [UInt8], _ read: (OpaquePointer) -> OpaquePointer?) -> OpaquePointer? {
        guard let key = CryptoLibrary.call({ CryptoLibrary.reading(pem, read) }) else { return nil }
        guard EVP_PKEY_get_id(key) == EVP_PKEY_ED25519 else {
            EVP_PKEY_free(key)
            return nil
        }
        return key
    }
}
