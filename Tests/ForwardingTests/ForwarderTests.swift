import Foundation
import Spool
import Testing
import Threads

@testable import Forwarding

/// The thread that empties an outbox.
@Suite struct ForwarderTests {
    private let quick = RetrySchedule(first: .milliseconds(1), ceiling: .milliseconds(4))

    /// Runs a forwarder until `body` ends.
    private func withForwarder(
        _ outbox: TestOutbox, _ carrier: any Carrier, destination: String = "platform", schedule: RetrySchedule? = nil,
        _ body: (Forwarder, Told) throws -> Void
    ) throws {
        let told = Told()
        let forwarder = Forwarder(
            Forwarder.Configuration(
                outbox: destination, destination: destination, schedule: schedule ?? quick),
            spool: outbox.spool, carrier: carrier, acknowledged: { told.acknowledge($1) }
        ) { told.add($0) }
        let thread = try OSThread(name: "forwarder") { forwarder.run() }
        defer {
            forwarder.stop()
            thread.join()
        }
        try body(forwarder, told)
    }

    @Test func whatIsPutInLaterIsDelivered() throws {
        let outbox = try TestOutbox()
        try withForwarder(outbox, ScriptedCarrier()) { forwarder, told in
            try outbox.put("9-a")
            forwarder.wake()
            #expect(told.wait { Told.deliveries($0) == ["9-a"] })
        }
    }

    @Test func everyTrySendsTheSameBytes() throws {
        let outbox = try TestOutbox(["1-a"])
        let down = DeliveryFailure(.unreachable, "no route")
        let carrier = ScriptedCarrier(["1-a": Array(repeating: down, count: 5)])
        try withForwarder(outbox, carrier) { _, told in
            #expect(told.wait { Told.deliveries($0) == ["1-a"] })
            #expect(carrier.documents.map(\.file) == Array(repeating: Array("1-a".utf8), count: 6))
            #expect(told.changes == ["down", "up"])
        }
    }

    @Test func newsDoNotShortenTheWaitForADestinationAndAProbeDoes() throws {
        let outbox = try TestOutbox(["1-a", "2-a", "3-a"])
        let down = DeliveryFailure(.unreachable, "no route")
        let carrier = ScriptedCarrier(["": [down, down, down]])
        let forever = RetrySchedule(first: .seconds(3600), ceiling: .seconds(3600))
        try withForwarder(outbox, carrier, schedule: forever) { forwarder, told in
            #expect(carrier.waitForRound(after: 0))
            try outbox.put("4-a")
            forwarder.wake()
            guard case .waiting = forwarder.condition.activity else { return #expect(Bool(false), "it does not wait") }
            #expect(told.changes == ["down"])
            #expect(told.deliveries.isEmpty)
            forwarder.probe()
            #expect(told.wait { Told.deliveries($0).count == 4 })
        }
    }

    @Test func oneDestinationThatHangsCostsTheOthersNothing() throws {
        let outbox = try TestOutbox()
        for name in ["1-a", "1-b", "2-a"] { try outbox.put(name, for: ["hung", "platform"]) }
        let hung = HangingCarrier()
        try withForwarder(outbox, hung, destination: "hung") { forwarder, _ in
            #expect(hung.waitForDocument())
            try withForwarder(outbox, ScriptedCarrier()) { _, told in
                #expect(told.wait { Told.deliveries($0) == ["1-a", "1-b", "2-a"] })
            }
            #expect(forwarder.condition.activity == .sending(identity: "1-a"))
            #expect(try outbox.pending("hung").count == 3)
            hung.letGo()
        }
    }

    @Test func aDeadLetterFreedByAChangeIsFound() throws {
        let outbox = try TestOutbox(["1-a"])
        let carrier = ScriptedCarrier(["1-a": [DeliveryFailure(.refused, "it answered 0xA900")]])
        try withForwarder(outbox, carrier) { forwarder, told in
            #expect(told.wait { Told.buried($0) == ["1-a"] })
            try outbox.put("1-b", withdrawing: ["1-a"])
            forwarder.wake(try outbox.study("1"))
            #expect(told.wait { Told.deliveries($0) == ["1-b"] })
            #expect(told.acknowledged.first == "1-a")
        }
    }

    @Test func aDamagedDocumentIsGivenUpAndStopsOnlyItsOwnStudy() throws {
        let outbox = try TestOutbox(["1-damaged", "2-a"])
        // Brings the log into the database.
        try outbox.spool.recover()
        outbox.spool.close()
        let database = URL(fileURLWithPath: outbox.directory + "/spool.db")
        var bytes = try Data(contentsOf: database)
        // The document is a zstd frame (RFC 8878 §3.1.1) of its own name; identity and file name are the same text.
        let frame = try #require(
            Self.places(of: [0x28, 0xB5, 0x2F, 0xFD], in: bytes).first { place in
                bytes[place...].prefix(24).range(of: Data("1-damaged".utf8)) != nil
            })
        let text = try #require(bytes.range(of: Data("1-damaged".utf8), in: frame..<frame + 24))
        bytes[text.lowerBound] ^= 1
        try bytes.write(to: database)
        try outbox.restart()
        try withForwarder(outbox, ScriptedCarrier()) { _, told in
            #expect(told.wait { Told.buried($0) == ["1-damaged"] && Told.deliveries($0) == ["2-a"] })
            #expect(
                told.all.contains {
                    if case .unreadable(let document, _, _) = $0 { document.studyUID == "1" } else { false }
                })
        }
        #expect(try outbox.pending().map(\.fileName) == ["1-damaged"], "it is kept")
    }

    private static func places(of pattern: [UInt8], in bytes: Data) -> [Int] {
        var found: [Int] = []
        while let next = bytes.range(of: Data(pattern), in: (found.last ?? -1) + 1..<bytes.count) {
            found.append(next.lowerBound)
        }
        return found
    }

    @Test func anEmptyOutboxThatOnceCouldNotBeReadIsLookedAtAgain() throws {
        let (outbox, carrier) = (try TestOutbox(), ScriptedCarrier())
        let database = outbox.directory + "/spool.db"
        try FileManager.default.moveItem(atPath: database, toPath: database + ".away")
        try withForwarder(outbox, carrier) { forwarder, told in
            #expect(told.wait { !$0.isEmpty })
            let rounds = carrier.rounds
            try FileManager.default.moveItem(atPath: database + ".away", toPath: database)
            // It has found the outbox empty: now it waits for news, and for nothing else.
            #expect(carrier.waitForRound(after: rounds))
            try outbox.put("9-a")
            forwarder.wake()
            #expect(told.wait { Told.deliveries($0) == ["9-a"] })
        }
    }
}

/// A destination that takes a document and does not answer until the test lets it.
private final class HangingCarrier: Carrier {
    private let state = Monitor((hasDocument: false, isOver: false))

    func deliver(_ document: OutgoingDocument, progress: () -> Void) throws(DeliveryFailure) -> String {
        state.update { $0.hasDocument = true }
        _ = state.wait { $0.isOver ? true : nil }
        throw DeliveryFailure(.unreachable, "no answer in time")
    }

    func rest() {}

    func waitForDocument() -> Bool { state.wait(until: .now + .seconds(10)) { $0.hasDocument ? true : nil } ?? false }
    func letGo() { state.update { $0.isOver = true } }
}
