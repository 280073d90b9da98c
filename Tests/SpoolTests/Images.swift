import Foundation
import Testing

@testable import Spool

/// A data set that no compressor gets small, and one that it does.
func syntheticDataSet(_ index: Int, count: Int, isSmooth: Bool = false) -> [UInt8] {
    var state = UInt64(truncatingIfNeeded: index) &* 0x9E37_79B9_7F4A_7C15 | 1
    return (0..<count).map { offset in
        if isSmooth { return UInt8(truncatingIfNeeded: (offset >> 4) &+ index) }
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
    }
}

let imageHead = Array("head of the file".utf8)

extension Spool {
    /// A durable file, written in pieces.
    func writeImage(
        _ dataSet: [UInt8], compression: ImageCompression = .none, pieces: Int = 65_536
    ) throws -> ImageFile {
        let writer = try newImage(head: imageHead, compression: compression)
        var rest = dataSet[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(pieces))
            try writer.append(piece.span.bytes)
            rest = rest.dropFirst(piece.count)
        }
        return try writer.finish()
    }

    /// The data set that is to be sent next for this delivery; nil: it is not to be sent.
    func dataSet(of id: ImageDelivery.ID, pieces: Int = 10_000) throws -> [UInt8]? {
        guard let reader = try begin(id) else { return nil }
        var (dataSet, piece) = ([UInt8](), [UInt8](repeating: 0, count: pieces))
        while true {
            let count = try piece.withUnsafeMutableBytes { try reader.read(into: $0) }
            if count == 0 { return dataSet }
            dataSet += piece.prefix(count)
        }
    }

    /// Something comes that must be judged before images of the study are sent.
    func storeNote(study: String = "1.2") throws {
        var note = arrival(study: study, header: [1])
        note.withholdsImages = true
        try store(note)
    }

    /// Names and sizes in the folder of images.
    func imageFiles() throws -> [String: Int] {
        let folder = "\(configuration.directory)/images"
        var files: [String: Int] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            files[name] = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.size] as? Int
        }
        return files
    }
}

func queuedImage(
    _ file: ImageFile, instance: String = "1.2.3", to destinations: [String] = ["telemedicine"],
    isUrgent: Bool = false, isBarrier: Bool = false, isWithheld: Bool = false
) -> QueuedImage {
    QueuedImage(
        file: file, instance: instance, sopClass: "1.2.840.10008.5.1.4.1.1.2", transferSyntax: "1.2.840.10008.1.2.1",
        destinations: destinations, isUrgent: isUrgent, isBarrier: isBarrier, isWithheld: isWithheld)
}
