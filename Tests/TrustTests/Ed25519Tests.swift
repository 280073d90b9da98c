import Foundation
import Testing
import Trust

/// With the second test of RFC 8032 §7.1.
struct Ed25519Tests {
    private static let seed = bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    private static let publicBytes = bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    private static let message: [UInt8] = [0x72]
    private static let signature = bytes(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")

    private static let privateKey = pem("PRIVATE KEY", bytes("302e020100300506032b657004220420") + seed)
    private static let publicKey = pem("PUBLIC KEY", bytes("302a300506032b6570032100") + publicBytes)

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = Array(hexadecimal.utf8).compactMap { UInt8(String(UnicodeScalar($0)), radix: 16) }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    private static func pem(_ label: String, _ der: [UInt8]) -> [UInt8] {
        Array("-----BEGIN \(label)-----\n\(Data(der).base64EncodedString())\n-----END \(label)-----\n".utf8)
    }

    @Test func theVectorIsVerifiedAndMade() {
        #expect(Ed25519.verify(Self.message, signature: Self.signature, publicKey: Self.publicKey))
        #expect(Ed25519.sign(Self.message, privateKey: Self.privateKey) == Self.signature)
    }

    @Test func nothingElseIs() {
        for index in Self.signature.indices {
            var wrong = Self.signature
            wrong[index] ^= 1
            #expect(!Ed25519.verify(Self.message, signature: wrong, publicKey: Self.publicKey))
        }
        #expect(!Ed25519.verify(Self.message + [0], signature: Self.signature, publicKey: Self.publicKey))
        #expect(!Ed25519.verify(Self.message, signature: [], publicKey: Self.publicKey))
        #expect(!Ed25519.verify(Self.message, signature: Self.signature, publicKey: Self.privateKey))
        #expect(!Ed25519.verify(Self.message, signature: Self.signature, publicKey: []))
        #expect(Ed25519.sign(Self.message, privateKey: Self.publicKey) == nil)
    }
}
