public import Foundation

/// The real files that tests read where they are: `corpus` in the folder `$KOSGATE_SHARED`, by default the folder
/// `shared` beside the checkout.
public enum Corpus {
    public static let folder: URL = {
        if let shared = ProcessInfo.processInfo.environment["KOSGATE_SHARED"], !shared.isEmpty {
            return URL(filePath: shared).appending(path: "corpus")
        }
        var checkout = URL(filePath: #filePath)
        for _ in 0..<3 { checkout.deleteLastPathComponent() }
        return checkout.deletingLastPathComponent().appending(path: "shared/corpus")
    }()

    public static let isPresent = FileManager.default.fileExists(atPath: folder.appending(path: "MANIFEST.tsv").path)

    public static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }
}
