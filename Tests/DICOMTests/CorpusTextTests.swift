import DICOM
import Foundation
import Testing

/// Real files: every text is read without a trap, and what is lost is counted.
struct CorpusTextTests {
    private static var corpus: URL {
        let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let shared = ProcessInfo.processInfo.environment["KOSGATE_SHARED"].map { URL(fileURLWithPath: $0) }
        return (shared ?? checkout.deletingLastPathComponent().appendingPathComponent("shared"))
            .appendingPathComponent("corpus")
    }

    private static var files: [URL] {
        let names = FileManager.default.enumerator(at: corpus, includingPropertiesForKeys: nil)?.allObjects ?? []
        return names.compactMap { $0 as? URL }.filter { !$0.hasDirectoryPath }
    }

    @Test(.enabled(if: !files.isEmpty, "no corpus: set KOSGATE_SHARED to the folder that has it"))
    func everyTextOfTheCorpusIsReadAndLossesShowInIt() throws {
        var texts = 0
        for file in Self.files {
            let bytes = [UInt8](try Data(contentsOf: file))
            guard let read = try? Part10File.read(bytes.span.bytes, stopBefore: .pixelData) else { continue }
            texts += Self.check(read.dataSet, file.lastPathComponent)
        }
        #expect(texts > 10_000)
    }

    /// Checks each text of a data set and of the items in it; returns how many there were.
    private static func check(_ dataSet: DataSet, _ file: String) -> Int {
        dataSet.elements.reduce(0) { count, element in
            switch element.value {
            case .items(let items): return items.reduce(count) { $0 + check($1, file) }
            case .bytes where element.vr.isTextOfCharacterSet:
                for text in dataSet.texts(element.tag) {
                    let replaced = text.text.unicodeScalars.filter { $0 == "\u{FFFD}" }.count
                    #expect(replaced == text.losses, "\(file) \(element.tag)")
                }
                return count + 1
            case .bytes, .fragments, .omitted: return count
            }
        }
    }
}
