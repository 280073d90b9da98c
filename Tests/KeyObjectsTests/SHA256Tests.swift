import Testing

@testable import KeyObjects

/// The examples of FIPS 180-4 (NIST, SHA256.pdf) and of its test vectors.
struct SHA256Tests {
    private func hex(_ bytes: some Sequence<UInt8>) -> String {
        ContentDigest(bytes: SHA256.digest(of: bytes)).description
    }

    @Test func theStandardsExamplesGiveTheStandardsDigests() {
        #expect(hex([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(hex("abc".utf8) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8)
                == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
        #expect(
            hex(repeatElement(UInt8(ascii: "a"), count: 1_000_000))
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func wherePiecesEndDoesNotMatter() {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0) }
        for cut in [0, 1, 55, 56, 63, 64, 65, 128, 299] {
            var hash = SHA256()
            hash.update(bytes[..<cut])
            hash.update(bytes[cut...])
            #expect(hash.digest() == SHA256.digest(of: bytes))
        }
    }
}
