import Foundation
import Testing

@testable import Forwarding

@Suite struct ManifestFolderTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "manifests-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private func index(_ path: String) throws -> [String] {
        try String(contentsOfFile: path + "/index.tsv", encoding: .utf8).split(separator: "\n").map(String.init)
    }

    @Test func aManifestIsAFileAndALineOfTheIndex() throws {
        try withFolder { path in
            let folder = try ManifestFolder(path: path)
            try folder.write([1, 2, 3], name: "study-1-v1.dcm", description: ["1.2.3", "1"])
            #expect(try Data(contentsOf: URL(fileURLWithPath: path + "/study-1-v1.dcm")) == Data([1, 2, 3]))
            #expect(try index(path) == ["study-1-v1.dcm\t1.2.3\t1"])
        }
    }

    @Test func aDeliveryRepeatedAfterACrashIsIndexedOnce() throws {
        try withFolder { path in
            let folder = try ManifestFolder(path: path)
            for _ in 1...3 { try folder.write([9], name: "study-1-v1.dcm", description: ["1.2.3"]) }
            #expect(try index(path) == ["study-1-v1.dcm\t1.2.3"])
        }
    }

    @Test func aTornLineOfTheIndexSpoilsNoOther() throws {
        try withFolder { path in
            let folder = try ManifestFolder(path: path)
            try "study-1-v1.dcm\t1.2".write(toFile: path + "/index.tsv", atomically: true, encoding: .utf8)
            try folder.write([9], name: "study-1-v1.dcm", description: ["1.2.3"])
            #expect(try index(path) == ["study-1-v1.dcm\t1.2", "study-1-v1.dcm\t1.2.3"])
        }
    }

    @Test func controlCharactersDoNotBreakTheIndex() throws {
        try withFolder { path in
            try ManifestFolder(path: path).write([9], name: "a.dcm", description: ["x\ty\nz"])
            #expect(try index(path) == ["a.dcm\tx?y?z"])
        }
    }

    @Test func nothingHalfWrittenIsLeftBehind() throws {
        try withFolder { path in
            try ManifestFolder(path: path).write([9], name: "a.dcm", description: [])
            #expect(try FileManager.default.contentsOfDirectory(atPath: path).sorted() == ["a.dcm", "index.tsv"])
        }
    }

    @Test func aFolderThatCannotBeMadeIsSaid() throws {
        let failure = try #require(throws: DeliveryFailure.self) { try ManifestFolder(path: "/proc/none/manifests") }
        #expect(failure.kind == .unreachable)
        #expect(failure.reason.contains("/proc/none/manifests"))
    }
}
