import Foundation
import Spool
import Testing
import Threads

@testable import Forwarding

/// A spool with documents for destinations, in a folder of its own that goes with it.
final class TestOutbox {
    let directory = NSTemporaryDirectory() + "outbox-" + UUID().uuidString
    private(set) var spool: Spool

    /// - Parameter names: a document for each; names of the same study share what is before the dash.
    init(_ names: [String] = [], for destinations: [String] = ["platform"]) throws {
        spool = try Spool(Spool.Configuration(directory: directory))
        for name in names { try put(name, for: destinations) }
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func put(
        _ name: String, for destinations: [String] = ["platform"], content: [UInt8]? = nil,
        withdrawing withdrawn: [String] = []
    ) throws {
        let uid = String(name.split(separator: "-")[0])
        if try spool.studies(uid: uid).isEmpty {
            try spool.store(
                Arrival(source: "pacs", study: uid, series: "1", attributes: "", header: [1, 2, 3], receivedAt: .now))
        }
        let outgoing = Outgoing(
            destinations: destinations, identity: name, version: "1", fileName: name,
            content: content ?? Array(name.utf8))
        try spool.settle(
            try study(uid),
            Settlement(
                through: ArrivalNumber(1), record: nil, outgoing: [outgoing],
                withdrawn: try withdrawn.map { try delivery($0).id }, at: .now))
    }

    func study(_ uid: String) throws -> StudyEntry.ID { try #require(spool.studies(uid: uid).first).id }

    func delivery(_ name: String) throws -> Delivery {
        try #require(try pending().first { $0.fileName == name })
    }

    func pending(_ destination: String = "platform") throws -> [Delivery] { try spool.pending(for: destination) }

    /// Closes the spool as an end of the process does, and opens it again.
    func restart() throws {
        spool.close()
        spool = try Spool(Spool.Configuration(directory: directory))
    }
}

/// A destination that answers as the test says, each document in turn.
final class ScriptedCarrier: Carrier {
    private let script: Monitor<[String: [DeliveryFailure]]>
    private let received = Monitor<[OutgoingDocument]>([])
    private let rests = Monitor(0)

    /// - Parameter script: per file name, the failures before it is taken; under "", those of any document.
    init(_ script: [String: [DeliveryFailure]] = [:]) { self.script = Monitor(script) }

    var documents: [OutgoingDocument] { received.withLock { $0 } }
    var names: [String] { documents.map(\.name) }

    func deliver(_ document: OutgoingDocument, progress: () -> Void) throws(DeliveryFailure) -> String {
        received.withLock { $0.append(document) }
        let failure = script.withLock { script -> DeliveryFailure? in
            for name in ["", document.name] where script[name]?.isEmpty == false { return script[name]?.removeFirst() }
            return nil
        }
        if let failure { throw failure }
        return "there"
    }

    func rest() { rests.update { $0 += 1 } }

    /// Rounds that have ended.
    var rounds: Int { rests.withLock { $0 } }

    /// Waits for the end of another round; false after ten seconds.
    func waitForRound(after count: Int) -> Bool {
        rests.wait(until: .now + .seconds(10)) { $0 > count ? true : nil } ?? false
    }
}

/// What a forwarder told, and a way to wait for it.
final class Told: Sendable {
    private let events = Monitor<[Forwarder.Event]>([])
    private let changed = Monitor<[String]>([])

    func add(_ event: Forwarder.Event) { events.update { $0.append(event) } }
    func acknowledge(_ delivery: Delivery) { changed.update { $0.append(delivery.fileName) } }

    var all: [Forwarder.Event] { events.withLock { $0 } }
    var acknowledged: [String] { changed.withLock { $0 } }

    var deliveries: [String] { Told.deliveries(all) }
    var buried: [String] { Told.buried(all) }

    /// "down" and "up", as they were told.
    var changes: [String] {
        all.compactMap { event in
            switch event {
            case .down: "down"
            case .up: "up"
            case .delivered, .refused, .buried, .unreadable, .stuck: nil
            }
        }
    }

    static func deliveries(_ events: [Forwarder.Event]) -> [String] {
        events.compactMap { if case .delivered(let document, _, _) = $0 { document.name } else { nil } }
    }

    static func buried(_ events: [Forwarder.Event]) -> [String] {
        events.compactMap { if case .buried(let document, _, _) = $0 { document.name } else { nil } }
    }

    /// Waits until `condition` holds of all that was told; false after ten seconds.
    func wait(_ condition: ([Forwarder.Event]) -> Bool) -> Bool {
        events.wait(until: .now + .seconds(10)) { condition($0) ? true : nil } ?? false
    }
}
