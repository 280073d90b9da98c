import Foundation

/// A folder of its own for each test, removed with everything in it.
final class TemporaryDirectory: Sendable {
    let path: String

    /// - Parameter isInMemory: where the system has a file system for it; for disks that are simulated, which need no
    ///   real one beneath them.
    init(isInMemory: Bool = false) {
        let memory = URL(fileURLWithPath: "/dev/shm")
        let hasMemory = isInMemory && FileManager.default.isWritableFile(atPath: memory.path)
        let parent = hasMemory ? memory : FileManager.default.temporaryDirectory
        path = parent.appending(path: "kosgate-spool-\(UUID().uuidString)").path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            preconditionFailure("no temporary directory: \(error)")
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
