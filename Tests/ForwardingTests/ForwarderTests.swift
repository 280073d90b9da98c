import Foundation
import Spool
import Testing
import Threads

@testable import Forwarding

/// What a forwarder told, and a way to wait for it.
private final class Told: Sendable {
    private let events = Monitor<[Forwarder.Event]>([])

    func add(_ event: Forwarder.Event) { events.update { $0.append(event) } }

    var all: [Forwarder.Event] { events.withLock { $0 } }

    /// Waits until `condition` holds of all that was told; false after ten seconds.
    func wait(_ condition: ([Forwarder.Event]) -> Bool) -> Bool {
        events.wait(until: .now + .seconds(10)) { condition($0) ? true : nil } ?? false
    }
}

/// A destination that answers as the test says, each document in turn.
private final class ScriptedCarrier: Carrier {
    private let script: Monitor<[String: [DeliveryFailure]]>
    private let received = Monitor<[OutgoingDocument]>([])
    private let rests = Monitor(0)

    /// - Parameter script: per file name, the failures before it is taken.
    init(_ script: [String: [DeliveryFailure]] = [:]) { self.script = Monitor(script) }

    var documents: [OutgoingDocument] { received.withLock { $0 } }

    func deliver(_ document: OutgoingDocument) throws(DeliveryFailure) -> String {
        received.withLock { $0.append(document) }
        let failure = script.withLock { script in
            script[document.name]?.isEmpty == false ? script[document.name]?.removeFirst() : nil
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

@Suite struct ForwarderTests {
    private let quick = RetrySchedule(first: .milliseconds(1), ceiling: .milliseconds(4))

    /// A spool with one document per name; names of the same study share what is before the dash.
    private func withOutbox(_ names: [String], _ body: (Spool) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "outbox-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        let spool = try Spool(Spool.Configuration(directory: path))
        for name in names { try put(name, into: spool) }
        try body(spool)
    }

    private func put(_ name: String, into spool: Spool) throws {
        let uid = String(name.split(separator: "-")[0])
        if try spool.studies(uid: uid).isEmpty {
            try spool.store(
                Arrival(source: "pacs", study: uid, series: "1", attributes: "", header: [1, 2, 3], receivedAt: .now))
        }
        let outgoing = Outgoing(
            destinations: ["platform"], identity: name, version: "1", fileName: name, content: Array(name.utf8))
        try spool.settle(
            try #require(spool.studies(uid: uid).first).id,
            Settlement(through: ArrivalNumber(1), record: nil, outgoing: [outgoing], at: .now))
    }

    /// Runs a forwarder until `condition` holds of what it told.
    private func run(
        _ spool: Spool, _ carrier: ScriptedCarrier, schedule: RetrySchedule? = nil,
        until condition: @escaping ([Forwarder.Event]) -> Bool
    ) throws -> [Forwarder.Event] {
        let told = Told()
        let forwarder = Forwarder(
            Forwarder.Configuration(outbox: "platform", destination: "platform", schedule: schedule ?? quick),
            spool: spool,
            carrier: carrier
        ) { told.add($0) }
        let thread = try OSThread(name: "forwarder") { forwarder.run() }
        #expect(told.wait(condition))
        forwarder.stop()
        thread.join()
        return told.all
    }

    private static func deliveries(_ events: [Forwarder.Event]) -> [String] {
        events.compactMap { if case .delivered(let document, _, _) = $0 { document.name } else { nil } }
    }

    @Test func theOutboxIsEmptiedInOrder() throws {
        try withOutbox(["1-a", "2-a", "1-b"]) { spool in
            let carrier = ScriptedCarrier()
            let events = try run(spool, carrier) { Self.deliveries($0).count == 3 }
            #expect(Self.deliveries(events) == ["1-a", "2-a", "1-b"])
            #expect(try spool.pending(for: "platform").isEmpty)
        }
    }

    @Test func everyTrySendsTheSameBytes() throws {
        try withOutbox(["1-a"]) { spool in
            let down = DeliveryFailure(.unreachable, "no route")
            let carrier = ScriptedCarrier(["1-a": [down, down, down]])
            let events = try run(spool, carrier) { Self.deliveries($0).count == 1 }
            #expect(carrier.documents.map(\.file) == Array(repeating: Array("1-a".utf8), count: 4))
            #expect(events.contains(.up(destination: "platform")))
        }
    }

    @Test func aDestinationThatIsDownKeepsTheOrder() throws {
        try withOutbox(["1-a", "1-b", "2-a"]) { spool in
            let carrier = ScriptedCarrier(["1-a": [DeliveryFailure(.busy, "A700")]])
            _ = try run(spool, carrier) { Self.deliveries($0).count == 3 }
            #expect(carrier.documents.map(\.name) == ["1-a", "1-a", "1-b", "2-a"])
        }
    }

    @Test func aRefusedDocumentMakesOnlyItsOwnStudyWait() throws {
        try withOutbox(["1-a", "1-b", "2-a"]) { spool in
            let carrier = ScriptedCarrier(["1-a": [DeliveryFailure(.refused, "C000")]])
            let events = try run(spool, carrier) { Self.deliveries($0).count == 3 }
            #expect(Self.deliveries(events) == ["2-a", "1-a", "1-b"])
        }
    }

    @Test func aRefusedDocumentThatComesDueWithinTheRoundIsTriedAgain() throws {
        try withOutbox(["1-a", "2-a"]) { spool in
            let carrier = ScriptedCarrier(["1-a": [DeliveryFailure(.refused, "C000")]])
            let atOnce = RetrySchedule(first: .zero, ceiling: .zero)
            let events = try run(spool, carrier, schedule: atOnce) { Self.deliveries($0).count == 2 }
            #expect(Self.deliveries(events) == ["2-a", "1-a"])
        }
    }

    @Test func aDamagedDocumentMakesOnlyItsOwnStudyWait() throws {
        let path = NSTemporaryDirectory() + "outbox-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        do {
            let spool = try Spool(Spool.Configuration(directory: path))
            for name in ["1-damaged", "2-a"] { try put(name, into: spool) }
            // Brings the log into the database.
            try spool.recover()
            spool.close()
        }
        let database = URL(fileURLWithPath: path + "/spool.db")
        var bytes = try Data(contentsOf: database)
        // The document is a zstd frame (RFC 8878 §3.1.1) of its own name; identity and file name are the same text.
        let frame = try #require(
            Self.places(of: [0x28, 0xB5, 0x2F, 0xFD], in: bytes).first { place in
                bytes[place...].prefix(24).range(of: Data("1-damaged".utf8)) != nil
            })
        let text = try #require(bytes.range(of: Data("1-damaged".utf8), in: frame..<frame + 24))
        bytes[text.lowerBound] ^= 1
        try bytes.write(to: database)
        let spool = try Spool(Spool.Configuration(directory: path))
        let events = try run(spool, ScriptedCarrier()) { Self.deliveries($0) == ["2-a"] }
        #expect(events.contains { if case .unreadable(_, let study, _, _) = $0 { study?.uid == "1" } else { false } })
        #expect(try spool.pending(for: "platform").map(\.fileName) == ["1-damaged"], "it is kept")
    }

    private static func places(of pattern: [UInt8], in bytes: Data) -> [Int] {
        var found: [Int] = []
        while let next = bytes.range(of: Data(pattern), in: (found.last ?? -1) + 1..<bytes.count) {
            found.append(next.lowerBound)
        }
        return found
    }

    @Test func anEmptyOutboxThatOnceCouldNotBeReadIsLookedAtAgain() throws {
        try withOutbox([]) { spool in
            let (told, carrier) = (Told(), ScriptedCarrier())
            let forwarder = Forwarder(
                Forwarder.Configuration(outbox: "platform", destination: "platform", schedule: quick), spool: spool,
                carrier: carrier
            ) { told.add($0) }
            let database = spool.configuration.directory + "/spool.db"
            try FileManager.default.moveItem(atPath: database, toPath: database + ".away")
            let thread = try OSThread(name: "forwarder") { forwarder.run() }
            #expect(told.wait { !$0.isEmpty })
            let rounds = carrier.rounds
            try FileManager.default.moveItem(atPath: database + ".away", toPath: database)
            // It has found the outbox empty: now it waits for news, and for nothing else.
            #expect(carrier.waitForRound(after: rounds))
            try put("9-a", into: spool)
            forwarder.wake()
            #expect(told.wait { Self.deliveries($0) == ["9-a"] })
            forwarder.stop()
            thread.join()
        }
    }

    @Test func whatIsPutInLaterIsDelivered() throws {
        try withOutbox([]) { spool in
            let told = Told()
            let forwarder = Forwarder(
                Forwarder.Configuration(outbox: "platform", destination: "platform", schedule: quick), spool: spool,
                carrier: ScriptedCarrier()
            ) { told.add($0) }
            let thread = try OSThread(name: "forwarder") { forwarder.run() }
            try put("9-a", into: spool)
            forwarder.wake()
            #expect(told.wait { Self.deliveries($0) == ["9-a"] })
            forwarder.stop()
            thread.join()
        }
    }
}
