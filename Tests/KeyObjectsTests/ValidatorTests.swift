import DICOM
import Foundation
import Testing

@testable import KeyObjects

/// What the tools that others judge us by say of our manifests: dciodvfy (dicom3tools) and dsrdump (DCMTK).
struct ValidatorTests {
    private static func path(of tool: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
        return folders.map { "\($0)/\(tool)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    private static func run(_ path: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardError = pipe
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    /// Notes that withdraw what the variants published, some of it or all, under each title.
    private static func rejectionNotes() throws -> [(name: String, bytes: [UInt8])] {
        var manifests = try Study.variants().map { ($0.name, try Study.file($0.content, $0.settings)) }
        for syntax in [TransferSyntax.explicitVRLittleEndian, .implicitVRLittleEndian] {
            manifests.append(("of a PACS in \(syntax)", try Study.poorManifest(syntax)))
        }
        return try manifests.enumerated().map { index, manifest in
            let title = RejectionTitle.allCases[index % RejectionTitle.allCases.count]
            let published = try PublishedReferences(manifest.1).references.map(\.sopInstanceUID)
            let some = index % 2 == 0 ? nil : Set(published.prefix((published.count + 1) / 2))
            let note = try RejectionNote(withdrawing: some, from: manifest.1, title: title)
            let syntax: TransferSyntax = index % 3 == 0 ? .implicitVRLittleEndian : .explicitVRLittleEndian
            return ("note for \(manifest.0)", note.bytes(note.identity(at: Study.instant), transferSyntax: syntax))
        }
    }

    private func eachVariant(_ body: (String, URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("kosgate-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let variants = Study.variants()
        #expect(variants.count >= 30)
        for (index, variant) in variants.enumerated() {
            let file = folder.appendingPathComponent("\(index).dcm")
            try Data(try Study.file(variant.content, variant.settings)).write(to: file)
            try body(variant.name, file)
        }
        for (index, note) in try Self.rejectionNotes().enumerated() {
            let file = folder.appendingPathComponent("note-\(index).dcm")
            try Data(note.bytes).write(to: file)
            try body(note.name, file)
        }
        let implicit = folder.appendingPathComponent("implicit.dcm")
        try Data(try Study.file(transferSyntax: .implicitVRLittleEndian)).write(to: implicit)
        try body("implicit VR", implicit)
    }

    @Test(.enabled(if: path(of: "dciodvfy") != nil, "dciodvfy is not installed (apt: dicom3tools)"))
    func dciodvfyFindsNoError() throws {
        let tool = try #require(Self.path(of: "dciodvfy"))
        try eachVariant { name, file in
            let output = try Self.run(tool, ["-new", file.path]).output
            let errors = output.split(separator: "\n").filter { $0.hasPrefix("Error") }
            #expect(errors.isEmpty, "\(name): \(errors)")
        }
    }

    @Test(.enabled(if: path(of: "dsrdump") != nil, "dsrdump is not installed (apt: dcmtk)"))
    func dsrdumpReadsEveryManifest() throws {
        let tool = try #require(Self.path(of: "dsrdump"))
        try eachVariant { name, file in
            let result = try Self.run(tool, ["-v", file.path])
            #expect(result.status == 0, "\(name): \(result.output)")
        }
    }

    @Test func ourOwnJudgeFindsNoErrorEither() throws {
        for variant in Study.variants() {
            let file = try Study.file(variant.content, variant.settings)
            let errors = try Judgement(file: file, profile: variant.settings.profile).findings
                .filter { $0.severity == .error }
            #expect(errors.isEmpty, "\(variant.name): \(errors)")
        }
        for note in try Self.rejectionNotes() {
            for profile in ManifestProfile.all {
                let findings = try Judgement(file: note.bytes, profile: profile).findings
                let errors = findings.filter { $0.severity == .error }
                #expect(errors.isEmpty, "\(note.name): \(errors)")
            }
        }
    }
}
