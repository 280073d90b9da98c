import Foundation
import Testing

/// The `kosgate` binary that lies beside the tests, run as a process.
struct Command {
    var status: Int32
    var output: Data
    var errors: String

    var text: String { String(decoding: output, as: UTF8.self) }
    /// Lines of standard error.
    var complaints: [String] { errors.split(separator: "\n").map(String.init) }

    static var binary: URL {
        get throws {
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("kosgate")
        }
    }

    /// Runs to the end. - Parameter output: a file for standard output, instead of `output`.
    @discardableResult
    static func run(_ arguments: String..., in folder: URL? = nil, output: String? = nil) throws -> Command {
        try run(arguments, in: folder, output: output)
    }

    static func run(_ arguments: [String], in folder: URL? = nil, output: String? = nil) throws -> Command {
        let process = Process()
        process.executableURL = try binary
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        let scratch = try Scratch()
        let outputFile = output ?? scratch.file("output", Data()).path
        let errorFile = scratch.file("errors", Data()).path
        process.standardOutput = FileHandle(forWritingAtPath: outputFile)
        process.standardError = FileHandle(forWritingAtPath: errorFile)
        try process.run()
        process.waitUntilExit()
        return Command(
            status: process.terminationStatus,
            output: output == nil ? FileManager.default.contents(atPath: outputFile) ?? Data() : Data(),
            errors: String(decoding: FileManager.default.contents(atPath: errorFile) ?? Data(), as: UTF8.self))
    }
}

/// A folder that is gone with its owner.
final class Scratch {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("kosgate-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Makes a file, and the folders above it.
    @discardableResult
    func file(_ name: String, _ content: Data) -> URL {
        let url = folder.appendingPathComponent(name)
        try? FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        _ = FileManager.default.createFile(atPath: url.path, contents: content)
        return url
    }

    func makeFolder(_ name: String) throws -> URL {
        let url = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }
}
