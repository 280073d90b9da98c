import Spool
import Testing
import Threads

@testable import Forwarding

/// What a document's refusal does to its study, and a destination's trouble to all.
@Suite struct SenderTests {
    private let down = DeliveryFailure(.unreachable, "cannot connect")
    private let busy = DeliveryFailure(.busy, "it answered 0xA700")
    private let doubtful = DeliveryFailure(.doubtful, "it answered 0xC000", answer: "0xC000")
    private let refused = DeliveryFailure(.refused, "it answered 0xA900", answer: "0xA900, \"wrong\"")

    @Test func theOutboxIsEmptiedInOrder() throws {
        let outbox = try TestOutbox(["1-a", "2-a", "1-b"])
        let sender = ManualSender(outbox, ScriptedCarrier())
        #expect(sender.pass(at: 0) == .untilNews(or: nil))
        #expect(sender.told.deliveries == ["1-a", "2-a", "1-b"])
        #expect(sender.told.acknowledged == ["1-a", "2-a", "1-b"])
        #expect(try outbox.pending().isEmpty)
        #expect(sender.condition.lastSuccess == Timestamp(milliseconds: 0))
    }

    @Test func anOutboxLongerThanAPageIsEmptiedInOrder() throws {
        let names = (1...Sender.pageSize + 2).map { "1-\($0)" }
        let outbox = try TestOutbox(names)
        let sender = ManualSender(outbox, ScriptedCarrier())
        #expect(sender.pass(at: 0) == .untilNews(or: nil))
        #expect(sender.told.deliveries == names)
    }

    @Test func aBusyAnswerMakesItsStudyWaitInOrderAndTheOthersGoOn() throws {
        let outbox = try TestOutbox(["1-a", "1-b", "2-a"])
        let carrier = ScriptedCarrier(["1-a": [busy, busy]])
        let sender = ManualSender(outbox, carrier)
        #expect(sender.pass(at: 0) == .untilNews(orSecond: 2))
        #expect(carrier.names == ["1-a", "2-a"])
        #expect(sender.pass(at: 1) == .untilNews(orSecond: 2))
        #expect(sender.pass(at: 2) == .untilNews(orSecond: 6))
        #expect(sender.pass(at: 6) == .untilNews(or: nil))
        #expect(carrier.names == ["1-a", "2-a", "1-a", "1-a", "1-b"])
        #expect(Set(carrier.documents.filter { $0.name == "1-a" }.map(\.file)) == [Array("1-a".utf8)])
        #expect(sender.told.changes.isEmpty)
    }

    @Test func whatFailedIsWrittenDown() throws {
        let outbox = try TestOutbox(["1-a"])
        let sender = ManualSender(outbox, ScriptedCarrier(["1-a": [busy]]))
        sender.pass(at: 10)
        let delivery = try outbox.delivery("1-a")
        #expect(delivery.attempts == 1)
        #expect(delivery.state == .waiting, "what was answered is not held")
        #expect(delivery.postponedUntil == Timestamp(milliseconds: 12_000))
        #expect(delivery.lastError == "it answered 0xA700")
        #expect(
            sender.condition.lastFailure
                == DestinationCondition.Failure(at: Timestamp(milliseconds: 10_000), reason: "it answered 0xA700"))
        #expect(sender.condition.waitingStudies == 1)
    }

    @Test func whatWasPostponedIsDueAfterARestart() throws {
        let outbox = try TestOutbox(["1-a"])
        ManualSender(outbox, ScriptedCarrier(["1-a": [busy]])).pass(at: 0)
        try outbox.restart()
        let carrier = ScriptedCarrier()
        ManualSender(outbox, carrier).pass(at: 1)
        #expect(carrier.documents.map(\.file) == [Array("1-a".utf8)])
        #expect(try outbox.pending().isEmpty)
    }

    @Test func whatIsRefusedForGoodIsKeptWithTheAnswerAndStopsItsStudyOnly() throws {
        let outbox = try TestOutbox(["1-a", "1-b", "2-a"])
        let carrier = ScriptedCarrier(["1-a": [refused]])
        let sender = ManualSender(outbox, carrier)
        #expect(sender.pass(at: 0) == .untilNews(or: nil))
        #expect(carrier.names == ["1-a", "2-a"])
        #expect(sender.told.buried == ["1-a"])
        #expect(sender.told.acknowledged == ["1-a", "2-a"])
        let letter = try #require(try outbox.spool.deadLetters().first)
        #expect(letter.fileName == "1-a")
        #expect(letter.lastError == "it answered 0xA900")
        #expect(letter.answer == "0xA900, \"wrong\"")
        #expect(letter.deadSince == Timestamp(milliseconds: 0))
        #expect(try outbox.spool.content(of: letter.id) == Array("1-a".utf8))
    }

    @Test func aDeadLetterStopsItsStudyAfterARestartToo() throws {
        let outbox = try TestOutbox(["1-a", "1-b"])
        ManualSender(outbox, ScriptedCarrier(["1-a": [refused]])).pass(at: 0)
        try outbox.restart()
        try outbox.put("1-c")
        let carrier = ScriptedCarrier()
        ManualSender(outbox, carrier).pass(at: 0)
        #expect(carrier.names.isEmpty)
    }

    @Test func aRetriedDeadLetterGoesAndWhatFollowsIt() throws {
        let outbox = try TestOutbox(["1-a", "1-b"])
        let carrier = ScriptedCarrier(["1-a": [refused]])
        let sender = ManualSender(outbox, carrier)
        sender.pass(at: 0)
        try outbox.spool.retry(try outbox.delivery("1-a").id)
        sender.pass(at: 1)
        #expect(carrier.names == ["1-a"], "nobody said so")
        sender.probe()
        sender.pass(at: 1)
        #expect(carrier.names == ["1-a", "1-a", "1-b"])
    }

    @Test func aDeadLetterThatThePlanningReplacesFreesItsStudy() throws {
        let outbox = try TestOutbox(["1-a", "1-b"])
        let carrier = ScriptedCarrier(["1-a": [refused]])
        let sender = ManualSender(outbox, carrier)
        sender.pass(at: 0)
        try outbox.put("1-c", withdrawing: ["1-a"])
        sender.lookAgain(try outbox.study("1"))
        #expect(sender.pass(at: 1) == .untilNews(or: nil))
        #expect(carrier.names == ["1-a", "1-b", "1-c"])
    }

    @Test func aDoubtfulRefusalIsFinalAtTheThirdTime() throws {
        let outbox = try TestOutbox(["1-a", "1-b", "2-a"])
        let carrier = ScriptedCarrier(["1-a": [doubtful, doubtful, doubtful]])
        let sender = ManualSender(outbox, carrier)
        #expect(sender.pass(at: 0) == .untilNews(orSecond: 12))
        #expect(sender.pass(at: 12) == .untilNews(orSecond: 36))
        #expect(sender.told.buried.isEmpty)
        #expect(sender.pass(at: 36) == .untilNews(or: nil))
        #expect(sender.told.buried == ["1-a"])
        #expect(carrier.names == ["1-a", "2-a", "1-a", "1-a"])
        #expect(sender.told.changes.isEmpty, "one document that is refused is no destination that is down")
        #expect(try outbox.spool.deadLetters().map(\.answer) == ["0xC000"])
    }

    @Test func aDoubtfulRefusalThatPassesLeavesNothingBehind() throws {
        let outbox = try TestOutbox(["1-a", "1-b"])
        let sender = ManualSender(
            outbox, ScriptedCarrier(["1-a": [doubtful, doubtful], "1-b": [doubtful, doubtful]]))
        for second in stride(from: Int64(0), through: 120, by: 12) { sender.pass(at: second) }
        #expect(sender.told.deliveries == ["1-a", "1-b"], "each document has tries of its own")
        #expect(sender.told.buried.isEmpty)
    }

    @Test func aDestinationThatRefusesEverythingIsLeftAloneBeforeAnythingIsGivenUp() throws {
        let outbox = try TestOutbox((1...20).map { "\($0)-a" })
        let carrier = ScriptedCarrier(["": Array(repeating: doubtful, count: 8)])
        let sender = ManualSender(outbox, carrier)
        var second: Int64 = 0
        while case .until(let next) = sender.pass(at: second) { second = next.nanoseconds / 1_000_000_000 }
        for _ in 0..<3 { sender.pass(at: second + 60) }
        #expect(sender.told.buried.isEmpty)
        #expect(Set(sender.told.deliveries).count == 20)
        #expect(sender.told.changes == ["down", "up"])
    }

    @Test func threeFailuresInARowLeaveTheDestinationAloneWhateverComes() throws {
        let outbox = try TestOutbox((1...5).map { "\($0)-a" })
        let carrier = ScriptedCarrier(["": [down, down, down, down]])
        let sender = ManualSender(outbox, carrier)
        #expect(sender.pass(at: 0) == .untilSecond(2))
        #expect(carrier.names == ["1-a", "2-a", "3-a"])
        #expect(
            sender.condition.activity == .waiting(until: Timestamp(milliseconds: 2000), reason: "cannot connect"))
        try outbox.put("6-a")
        #expect(sender.pass(at: 1) == .untilSecond(2))
        #expect(carrier.names.count == 3)
        #expect(sender.pass(at: 2) == .untilSecond(6))
        #expect(carrier.names.count == 4, "one document probes it")
        #expect(sender.pass(at: 6) == .untilNews(or: nil))
        #expect(
            Set(sender.told.deliveries) == Set((1...6).map { "\($0)-a" }), "what waited for it is due when it is up")
        #expect(sender.told.changes == ["down", "up"], "told once each")
        #expect(sender.condition.activity == .idle)
    }

    @Test func aLoneDocumentIsTriedWithGrowingDelays() throws {
        let outbox = try TestOutbox(["1-a"])
        let carrier = ScriptedCarrier(["": Array(repeating: down, count: 4)])
        let sender = ManualSender(outbox, carrier)
        #expect(sender.pass(at: 0) == .untilNews(orSecond: 2))
        #expect(sender.pass(at: 2) == .untilNews(orSecond: 6))
        #expect(sender.told.all.isEmpty, "a failure that passes is no news")
        #expect(sender.pass(at: 6) == .untilSecond(8))
        #expect(sender.pass(at: 8) == .untilSecond(12))
        #expect(sender.pass(at: 12) == .untilNews(or: nil))
        #expect(Set(carrier.documents.map(\.file)) == [Array("1-a".utf8)])
        #expect(carrier.names.count == 5)
    }

    @Test func aDocumentThatBreaksTheDestinationDoesNotKeepTheOthersFromIt() throws {
        let outbox = try TestOutbox(["1-poison"])
        let carrier = ScriptedCarrier(["1-poison": Array(repeating: down, count: 100)])
        let sender = ManualSender(outbox, carrier)
        for second in [0, 2, 6] as [Int64] { sender.pass(at: second) }
        #expect(sender.told.changes == ["down"])
        for name in ["2-a", "3-a"] { try outbox.put(name) }
        sender.pass(at: 100)
        #expect(sender.told.deliveries == ["2-a", "3-a"])
    }

    @Test func anOperatorsProbeDoesNotWait() throws {
        let outbox = try TestOutbox(["1-a", "2-a", "3-a"])
        let carrier = ScriptedCarrier(["": [down, down, down]])
        let sender = ManualSender(outbox, carrier)
        #expect(sender.pass(at: 0) == .untilSecond(2))
        sender.probe()
        #expect(sender.pass(at: 0) == .untilNews(or: nil))
        #expect(sender.told.deliveries.count == 3)
        #expect(sender.told.changes == ["down", "up"])
    }

    @Test func whatIsWithdrawnIsNotSent() throws {
        let outbox = try TestOutbox(["1-a", "2-a"])
        let carrier = ScriptedCarrier(["1-a": [busy]])
        let sender = ManualSender(outbox, carrier)
        sender.pass(at: 0)
        try outbox.put("1-b", withdrawing: ["1-a"])
        #expect(sender.pass(at: 1) == .untilNews(orSecond: 2), "its study waits on")
        sender.pass(at: 2)
        #expect(carrier.names == ["1-a", "2-a", "1-b"])
    }

    @Test func ofADestinationThatHangsTheOthersKnowNothing() throws {
        let outbox = try TestOutbox()
        try outbox.put("1-a", for: ["dead", "platform"])
        let dead = ManualSender(outbox, ScriptedCarrier(["": Array(repeating: down, count: 9)]), destination: "dead")
        let alive = ManualSender(outbox, ScriptedCarrier())
        dead.pass(at: 0)
        alive.pass(at: 0)
        #expect(alive.told.deliveries == ["1-a"])
        #expect(try outbox.pending("dead").map(\.fileName) == ["1-a"])
        #expect(try outbox.pending().isEmpty)
    }

    @Test func theHistoryOfTheStudySaysWhatBecameOfEach() throws {
        let outbox = try TestOutbox(["1-a", "2-a"])
        ManualSender(outbox, ScriptedCarrier(["2-a": [refused]])).pass(at: 0)
        #expect(
            try outbox.spool.history(of: try outbox.study("1")).map(\.kind).contains("delivered"))
        #expect(
            try outbox.spool.history(of: try outbox.study("2")).map(\.detail)
                .contains("manifest version 1 to platform P at host:104"))
    }
}
