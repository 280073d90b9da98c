import Foundation
import TestSupport
import Testing
import Trust

struct CertificateTests {
    private let authority = TestAuthority()

    @Test func whatIsInItIsRead() throws {
        let issued = authority.issue("ct1", names: ["CT1.example", "IP:10.0.0.1"], until: 86400)
        let certificate = try #require(try Certificate.chain(pem: issued.certificate).first)
        #expect(certificate.commonName == "ct1")
        #expect(certificate.dnsNames == ["ct1.example"])
        #expect(certificate.subject == "CN=ct1,O=Test Hospital")
        #expect(certificate.description == "CN=ct1,O=Test Hospital (sha256:\(certificate.fingerprint))")
        #expect(certificate.notAfter - certificate.notBefore == 86400 + 3600)
        #expect(abs(certificate.notBefore + 3600 - Int64(Date.now.timeIntervalSince1970)) < 60)
    }

    /// As the openssl tool has it: its words and digits are what operators paste.
    @Test func theFingerprintIsThatOfOpenSSL() throws {
        let issued = authority.issue("ct1")
        let certificate = try #require(try Certificate.chain(pem: issued.certificate).first)
        let tool = Process()
        tool.executableURL = URL(filePath: "/usr/bin/env")
        tool.arguments = ["openssl", "x509", "-noout", "-fingerprint", "-sha256"]
        let (input, output) = (Pipe(), Pipe())
        (tool.standardInput, tool.standardOutput) = (input, output)
        try tool.run()
        try input.fileHandleForWriting.write(contentsOf: Data(issued.certificate))
        try input.fileHandleForWriting.close()
        let line = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let digits = line.split(separator: "=").last.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) } ?? ""
        #expect(CertificatePattern("sha256:" + digits) == .fingerprint(certificate.fingerprint))
    }

    @Test func aChainIsReadInItsOrderAndNothingElseIsOne() throws {
        let issued = authority.issue("ct1")
        let chain = try Certificate.chain(pem: issued.key + issued.certificate + authority.certificate)
        #expect(chain.map(\.commonName) == ["ct1", "Test Authority"])
        #expect(throws: TrustFault.noCertificate) { try Certificate.chain(pem: []) }
        #expect(throws: TrustFault.noCertificate) { try Certificate.chain(pem: issued.key) }
        #expect(throws: TrustFault.noCertificate) { try Certificate.chain(pem: Array("-----BEGIN CERT".utf8)) }
    }

    @Test func patternsAreReadAndMatched() throws {
        let issued = authority.issue("ct1", names: ["ct1.example"])
        let certificate = try #require(try Certificate.chain(pem: issued.certificate).first)
        let other = try #require(try Certificate.chain(pem: authority.certificate).first)
        for text in ["sha256:\(certificate.fingerprint.uppercased())", "dns:CT1.example", "cn:ct1"] {
            let pattern = try #require(CertificatePattern(text))
            #expect(pattern.matches(certificate) && !pattern.matches(other), "\(text)")
        }
        for text in [
            "", "ct1", "sha1:00", "sha256:", "sha256:12", "dns:", "cn:", "sha256:" + String(repeating: "g", count: 64),
        ] {
            #expect(CertificatePattern(text) == nil, "\(text)")
        }
        #expect(CertificatePattern("cn:CT1")?.matches(certificate) == false)
    }

    @Test func aKeyIsTakenWithoutPassphraseAndForItsCertificateOnly() throws {
        let (issued, other) = (authority.issue("ct1"), authority.issue("ct2"))
        #expect(throws: TrustFault.noPrivateKey) { try PrivateKey(pem: issued.certificate) }
        #expect(throws: TrustFault.noPrivateKey) { try PrivateKey(pem: []) }
        let locked = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"
        #expect(throws: TrustFault.keyHasPassphrase) { try PrivateKey(pem: Array(locked.utf8)) }
        let identity = TLSSettings.Identity(
            chain: try Certificate.chain(pem: issued.certificate), key: try PrivateKey(pem: other.key))
        #expect(throws: TrustFault.keyDoesNotMatch) {
            try TLSContext(TLSSettings(role: .acceptor, identity: identity, authorities: []))
        }
    }
}
