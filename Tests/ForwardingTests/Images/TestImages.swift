import DICOM
import Foundation
import Spool
import TestSupport
import Testing

@testable import Forwarding

/// A spool with images for destinations, in a folder of its own that goes with it.
final class TestImages {
    static let ct = "1.2.840.10008.5.1.4.1.1.2"
    static let mr = "1.2.840.10008.5.1.4.1.1.4"
    static let jpeg = "1.2.840.10008.1.2.4.70"

    let directory = NSTemporaryDirectory() + "images-" + UUID().uuidString
    private(set) var spool: Spool

    /// - Parameter names: an image for each; those of the same study share what is before the dash.
    init(_ names: [String] = []) throws {
        spool = try Spool(Spool.Configuration(directory: directory))
        for name in names { try put(name) }
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func put(
        _ name: String, for destinations: [String] = ["pacs"], pixels: Int = 1000, sopClass: String = ct,
        transferSyntax: String = Wire.explicitVR, compression: ImageCompression = .none, isUrgent: Bool = false,
        isBarrier: Bool = false, isWithheld: Bool = false
    ) throws {
        let writer = try spool.newImage(head: [UInt8](repeating: 7, count: 132), compression: compression)
        try writer.append(
            Self.dataSet(name, pixels: pixels, sopClass: sopClass, transferSyntax: transferSyntax).span.bytes)
        let image = QueuedImage(
            file: try writer.finish(), instance: Self.uid(name), sopClass: sopClass, transferSyntax: transferSyntax,
            destinations: destinations, isUrgent: isUrgent, isBarrier: isBarrier, isWithheld: isWithheld)
        try spool.store(
            Arrival(
                source: "pacs", study: String(name.split(separator: "-")[0]), series: "1", attributes: "",
                header: [1, 2, 3], receivedAt: .now, image: image))
    }

    /// Something comes that must be judged before images of the study are sent.
    func storeNote(study: String) throws {
        try spool.store(
            Arrival(
                source: "pacs", study: study, series: "1", attributes: "", header: [1, 2, 3], receivedAt: .now,
                withholdsImages: true))
    }

    /// A data set whose pixel data is the image's own.
    static func dataSet(
        _ name: String, pixels: Int = 1000, sopClass: String = ct, transferSyntax: String = Wire.explicitVR
    ) -> [UInt8] {
        var set = DataSetBuilder(TransferSyntax(transferSyntax).encoding)
        set.element(Tag(0x0008, 0x0016), .UI, sopClass)
        set.element(Tag(0x0008, 0x0018), .UI, uid(name))
        set.element(Tag(0x0028, 0x0100), .US, bytes: [16, 0])
        var random = SeededRandom(seed: UInt64(name.utf8.reduce(7) { $0 &* 31 &+ Int($1) } & 0xFFFF))
        let bytes = (0..<pixels).map { _ in UInt8.random(in: 0...255, using: &random) }
        set.element(Tag(0x7FE0, 0x0010), .OW, bytes: bytes)
        return set.bytes
    }

    /// "2-b" is 1.2.2.98.
    static func uid(_ name: String) -> String {
        let parts = name.split(separator: "-")
        return "1.2.\(parts[0])." + parts[1].utf8.map { "\($0)" }.joined(separator: ".")
    }

    func study(_ uid: String) throws -> StudyEntry.ID { try #require(spool.studies(uid: uid).first).id }

    /// What is queued of a study, at whatever destination.
    func queued(_ study: String) throws -> [ImageDelivery] { try spool.images(of: self.study(study)) }

    func image(_ name: String) throws -> ImageDelivery {
        try #require(queued(String(name.split(separator: "-")[0])).first { $0.instance == Self.uid(name) })
    }

    /// Of the images that lie on the disk.
    var files: [String] {
        let found = try? FileManager.default.contentsOfDirectory(atPath: directory + "/images")
        return (found ?? []).sorted().map { "\(directory)/images/\($0)" }
    }

    /// Closes the spool under whoever uses it, as the end of the process does, and opens it again.
    func restart() throws {
        spool.close()
        spool = try Spool(Spool.Configuration(directory: directory))
    }
}
