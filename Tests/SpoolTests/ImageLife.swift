import Foundation
import Testing
import Threads

@testable import Spool

/// A life of a few images, step by step, and what was promised meanwhile.
final class ImageLife: Sendable {
    /// An instance at a destination.
    struct Key: Hashable {
        var instance: Int
        var destination: String
    }

    struct Promises {
        /// Was stored and not yet taken back.
        var kept: Set<Key> = []
        /// Something was begun with them and did not return, or failed so that nobody knows.
        var inDoubt: Set<Key> = []
        var lineages: Set<String> = []
    }

    let spool: Spool
    private let promises = Monitor(Promises())
    private static let destinations = ["a", "b"]

    init(_ spool: Spool) { self.spool = spool }

    /// At this moment.
    var promised: Promises { promises.withLock { $0 } }

    /// Of an instance, some written in one piece, some in several.
    private static let dataSets = (0..<6).map {
        syntheticDataSet($0, count: 5_000 + $0 * 5_000, isSmooth: $0 % 2 == 1)
    }

    /// All of it, whatever fails on the way.
    /// - Parameter isExpecting: files are made ahead.
    func run(isExpecting: Bool = false) throws {
        let expectation = isExpecting ? spool.expectImages() : nil
        defer { withExtendedLifetime(expectation) {} }
        for instance in 0..<3 { try attempt { try store(instance) } }
        try attempt { try begin("a") }
        // Nobody takes these.
        try attempt {
            let dataSet = Self.dataSets[4]
            try spool.newImage(head: imageHead, compression: .none).append(dataSet.span.bytes)
        }
        try attempt { _ = try spool.writeImage(Self.dataSets[0]) }
        try attempt { try remove([Key(instance: 0, destination: "a")]) }
        try attempt { try store(3, withholding: true) }
        try attempt { try remove([Key(instance: 0, destination: "b"), Key(instance: 1, destination: "a")]) }
        try attempt { try bury([Key(instance: 2, destination: "a")]) }
        try attempt { try remove([Key(instance: 1, destination: "b"), Key(instance: 2, destination: "a")]) }
        try attempt { try settleDropping([Key(instance: 3, destination: "a")]) }
        try attempt { try store(5) }
    }

    private func attempt(_ body: () throws -> Void) throws {
        do { try body() } catch is SpoolError {}
    }

    private func store(_ instance: Int, withholding: Bool = false) throws {
        let file = try spool.writeImage(
            Self.dataSets[instance], compression: instance % 2 == 1 ? .zstd(level: 1) : .none, pieces: 12_000)
        var arrival = arrival(header: syntheticHeader(instance))
        arrival.image = queuedImage(file, instance: "\(instance)", to: Self.destinations)
        arrival.withholdsImages = withholding
        try change(Set(Self.destinations.map { Key(instance: instance, destination: $0) }), keeps: true) {
            try spool.store(arrival)
        }
    }

    private func begin(_ destination: String) throws {
        try spool.beginImages(of: StudyEntry.ID(1), at: destination)
        promises.withLock { _ = $0.lineages.insert(destination) }
    }

    private func remove(_ keys: Set<Key>) throws {
        let ids = try ids(keys)
        try change(keys, keeps: false) { try spool.acknowledgeImages(ids) }
    }

    private func bury(_ keys: Set<Key>) throws {
        try spool.buryImages(try ids(keys), error: "refused", answer: "C000", at: .seconds(9))
    }

    private func settleDropping(_ keys: Set<Key>) throws {
        let settlement = settlement(through: try spool.openStudies().first?.lastOpen)
        let (dropped, released) = (try ids(keys), try spool.images(of: StudyEntry.ID(1)).map(\.id))
        try change(keys, keeps: false) { try spool.dropImages(dropped) }
        try spool.releaseImages(released)
        try spool.settle(StudyEntry.ID(1), settlement)
    }

    private func change(_ keys: Set<Key>, keeps: Bool, _ body: () throws -> Void) throws {
        promises.withLock { promises in
            promises.inDoubt.formUnion(keys)
            promises.kept.subtract(keys)
        }
        let before = try keptByRows
        do {
            try body()
        } catch {
            // Refused: all is as it was, unless the disk left a doubt.
            if spool.failure == nil { resolve(keys, kept: before.intersection(keys)) }
            throw error
        }
        resolve(keys, kept: keeps ? keys : [])
    }

    private func resolve(_ keys: Set<Key>, kept: Set<Key>) {
        promises.withLock { promises in
            promises.inDoubt.subtract(keys)
            promises.kept.formUnion(kept)
        }
    }

    private var keptByRows: Set<Key> { get throws { try Set(Self.keys(in: spool).keys) } }

    private func ids(_ keys: Set<Key>) throws -> [ImageDelivery.ID] {
        try Self.keys(in: spool).filter { keys.contains($0.key) }.map(\.value)
    }

    private static func keys(in spool: Spool) throws -> [Key: ImageDelivery.ID] {
        let images = try spool.images(of: StudyEntry.ID(1)).map { image in
            (Key(instance: Int(image.instance) ?? -1, destination: image.id.destination), image.id)
        }
        return Dictionary(uniqueKeysWithValues: images)
    }

    /// What every spool owes that was opened or recovered after this life, or a part of it.
    static func check(_ spool: Spool, _ promises: Promises, _ when: Comment) throws {
        #expect(spool.missingImages.isEmpty, when)
        let found = try keys(in: spool)
        #expect(promises.kept.isSubset(of: found.keys), when)
        #expect(promises.kept.union(promises.inDoubt).isSuperset(of: found.keys), when)
        #expect(try spool.imageLineages(of: StudyEntry.ID(1)).isSuperset(of: promises.lineages), when)
        let ids = Array(found.values)
        try spool.retryImages(ids)
        try spool.releaseImages(ids)
        for (key, id) in found { #expect(try spool.dataSet(of: id) == dataSets[key.instance], when) }
        // Neither a file too many nor one too few.
        let files = try spool.imageFiles()
        #expect(files.count == Set(ids.map(\.image)).count, when)
        #expect(files.values.reduce(0, +) == spool.imageBytes, when)
        // And it goes on.
        let file = try spool.writeImage([1, 2, 3])
        var next = arrival(study: "1.9", header: syntheticHeader(9))
        next.image = queuedImage(file)
        try spool.store(next)
        #expect(try spool.imagesDue(for: "telemedicine", at: .seconds(0), limit: 9).images.count == 1, when)
    }
}
