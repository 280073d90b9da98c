import Foundation
import Testing

@testable import Host

@Suite(.serialized) struct CredentialsTests {
    /// A folder of credentials, and the variable that names it, while `body` runs.
    private func withFolder(_ body: (_ folder: String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "credentials-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        setenv("CREDENTIALS_DIRECTORY", folder, 1)
        defer { unsetenv("CREDENTIALS_DIRECTORY") }
        try body(folder)
    }

    @Test func aCredentialIsReadWhole() throws {
        try withFolder { folder in
            try Data([1, 0, 2]).write(to: URL(fileURLWithPath: folder + "/tls-key"))
            #expect(try Credentials.read("tls-key") == [1, 0, 2])
            #expect(try Credentials.read("tls-key", limit: 3) == [1, 0, 2])
            #expect(throws: CredentialFault(name: "tls-key", reason: .tooLong(limit: 2))) {
                try Credentials.read("tls-key", limit: 2)
            }
        }
    }

    @Test(arguments: ["", ".", "..", "a/b", "../tls-key", "a\u{0}b"]) func aNameIsNoPath(name: String) throws {
        try withFolder { _ in
            #expect(throws: CredentialFault(name: name, reason: .name)) { try Credentials.read(name) }
        }
    }

    @Test func whatIsNoFileIsRefused() throws {
        try withFolder { folder in
            symlink("/etc/hostname", folder + "/link")
            mkfifo(folder + "/pipe", 0o600)
            mkdir(folder + "/folder", 0o700)
            #expect(throws: CredentialFault(name: "link", reason: .system(ELOOP))) { try Credentials.read("link") }
            #expect(throws: CredentialFault(name: "pipe", reason: .noFile)) { try Credentials.read("pipe") }
            #expect(throws: CredentialFault(name: "folder", reason: .noFile)) { try Credentials.read("folder") }
            #expect(throws: CredentialFault(name: "none", reason: .system(ENOENT))) { try Credentials.read("none") }
        }
    }

    @Test func whoWasGivenNoneIsToldHow() {
        let fault = #expect(throws: CredentialFault.self) { try Credentials.read("tls-key") }
        #expect(fault?.description.contains("LoadCredential=") == true)
    }
}
