import DICOM
import Spool
import Testing
import Threads

@testable import Gateway

/// What the responder itself does: lists, choices, groups, the order of things, and what it must not show.
struct CommandResponderTests {
    private let study = OperatorCommand.Study(uid: "1.2.1")

    private func listing(
        _ state: String? = nil, source: String? = nil, since: String? = nil, limit: Int = 200
    ) -> OperatorCommand { .studies(state: state, source: source, since: since, limit: limit) }

    // MARK: Studies

    @Test func studiesAreListedByStateSourceAndTime() throws {
        let desk = try PreparedDesk()
        try desk.settle(desk.study("1.2.1"), .published)
        try desk.settle(desk.study("1.2.2"), .held, hold: "two-patients accession-number-missing", at: 2000)
        try desk.settle(desk.study("1.2.3", from: "mr"), .held, hold: "two-patients", at: 3000)
        try desk.study("1.2.4")
        func found(_ command: OperatorCommand) throws -> [String] {
            (try desk.json(command)["studies"] as? [[String: Any]] ?? []).compactMap { $0["study"] as? String }
        }
        #expect(try found(listing("held")) == ["1.2.3", "1.2.2"])
        #expect(try found(listing("held", source: "ct")) == ["1.2.2"])
        #expect(try found(listing("open")) == ["1.2.4"])
        #expect(try found(listing()) == ["1.2.3", "1.2.2", "1.2.1", "1.2.4"])
        #expect(try found(listing(since: "1h")) == [])
        #expect(try found(listing("published", since: "1970-01-01")) == ["1.2.1"])
    }

    @Test func aListThatIsCutSaysSo() throws {
        let desk = try PreparedDesk()
        for number in 1...3 { try desk.settle(desk.study("1.2.\(number)"), .held, hold: "x", at: Int64(number)) }
        let cut = desk.ask(listing("held", limit: 2))
        #expect(cut.text.split(separator: "\n").count == 4)
        #expect(cut.text.contains("… and more than these 2: narrow the search, or raise --limit"))
        #expect(try desk.json(listing("held", limit: 2))["has_more"] as? Bool == true)
        #expect(try desk.json(listing("held", limit: 3))["has_more"] as? Bool == false)
        #expect(!desk.ask(listing("held", limit: 3)).text.contains("more than"))
    }

    @Test(
        arguments: [
            (
                "hold", nil,
                "there is no state 'hold'; a study is open, held, sending, refused, published, withdrawn, nothing"
            ),
            (
                nil, "yesterday",
                "'yesterday' is no time: give a date (2026-03-01), a date and time (2026-03-01T09:30) or an age (12h)"
            ),
        ] as [(String?, String?, String)])
    func aWordThatIsNoneIsRefused(state: String?, since: String?, sentence: String) throws {
        let reply = try PreparedDesk().ask(listing(state, since: since))
        #expect(reply == ControlReply(code: .refused, text: sentence))
    }

    @Test func aStudyOfSeveralSourcesMustBeTold() throws {
        let desk = try PreparedDesk()
        try desk.study("1.2.1", from: "ct")
        try desk.study("1.2.1", from: "mr")
        #expect(desk.ask(.hold(study)).text == "study 1.2.1 has come from ct, mr: say which with --source")
        let other = OperatorCommand.Study(uid: "1.2.1", source: "us")
        #expect(desk.ask(.hold(other)).text == "study 1.2.1 has not come from us, but from ct, mr")
        let unknown = OperatorCommand.Study(uid: "1.2.9")
        #expect(desk.ask(.study(unknown, view: .life)).text == "nothing of study 1.2.9 has come")
        #expect(desk.ask(.study(study, view: .life)).text.contains("study 1.2.1 from mr: open"))
        #expect(desk.deeds.withLock { $0 } == [])
    }

    // MARK: Changes

    @Test func aChangeIsDoneWithItsWordAndTold() throws {
        let desk = try PreparedDesk()
        try desk.study("1.2.1")
        #expect(desk.ask(.withdraw(study, title: "113038")).text == "done: withdraw 1.2.1 113038\n")
        #expect(desk.ask(.release(study, instances: ["1.1"])).code == .done)
        #expect(
            desk.deeds.withLock { $0 } == [
                "withdraw 1.2.1 113038 by alice because a test",
                "release 1.2.1 holds all instances 1.1 by alice because a test",
            ])
        #expect(
            desk.events.withLock { $0 } == [
                .operatorCommanded(
                    by: "alice", command: "kosgate withdraw 1.2.1 --title 113038", why: "a test"),
                .operatorCommanded(
                    by: "alice", command: "kosgate release 1.2.1 --instance 1.1", why: "a test"),
            ])
    }

    @Test func aCommandIsLoggedBeforeItIsObeyedAndOnceMoreWhereItIsNotDone() throws {
        let desk = try PreparedDesk()
        try desk.study("1.2.1")
        let refused = desk.ask(.hold(.init(uid: "1.2.1", source: "the us")))
        #expect(refused.code == .refused)
        #expect(
            desk.events.withLock { $0.map(\.description) } == [
                "alice commanded: kosgate hold 1.2.1 --source \"the us\", because: a test",
                "what alice commanded is not done, or not all of it: kosgate hold 1.2.1 --source \"the us\": "
                    + refused.text,
            ])
        #expect(desk.ask(.withdraw(study, title: "113000")).code == .refused)
        #expect(desk.ask(.hold(study)).code == .done)
        let told = desk.events.withLock { $0.map(\.description) }
        #expect(told.count == 5 && told[3].hasPrefix("what alice commanded is not done") && told[3].contains("113000"))
        #expect(told[4] == "alice commanded: kosgate hold 1.2.1, because: a test")
    }

    @Test func oneCommandReleasesAllThatIsHeldForOneReason() throws {
        let desk = try PreparedDesk(stubborn: ["1.2.2"])
        try desk.settle(desk.study("1.2.1"), .held, hold: "two-patients report-missing")
        try desk.settle(desk.study("1.2.2"), .held, hold: "report-missing")
        try desk.settle(desk.study("1.2.3"), .held, hold: "two-patients")
        try desk.settle(desk.study("1.2.4", from: "mr"), .held, hold: "report-missing")
        let reply = desk.ask(.releaseGroup(reason: "report-missing", source: "ct"))
        #expect(reply.code == .finding)
        #expect(reply.text.hasSuffix("1 of 2 released\n"))
        #expect(reply.text.contains("no: its patient has no ID"))
        #expect(
            desk.deeds.withLock { $0 } == [
                "release 1.2.1 holds report-missing instances  by alice because a test"
            ])
        #expect(
            desk.events.withLock { $0.last }
                == .commandNotDone(
                    by: "alice", command: "kosgate release --reason report-missing --source ct",
                    reason: "1 of 2 released"))
        #expect(desk.ask(.releaseGroup(reason: "missing", source: nil)).code == .refused)
    }

    @Test func aStudyIsAdoptedFromASourceThatIsThere() throws {
        let desk = try PreparedDesk { configuration in
            configuration.sources = [Configuration.Source(name: "ct"), Configuration.Source(name: "mr")]
        }
        #expect(desk.ask(.adopt(study)).text == "say with --source whose PACS has the study: ct, mr")
        let named = OperatorCommand.Study(uid: "1.2.1", source: "mr")
        #expect(desk.ask(.adopt(named)).code == .done)
        #expect(desk.ask(.adopt(OperatorCommand.Study(uid: "1.02", source: "mr"))).code == .refused)
        #expect(desk.deeds.withLock { $0 } == ["adopt 1.2.1 mr by alice because a test"])
    }

    // MARK: The outbox

    private func document(_ identity: String, to destination: String) -> Outgoing {
        Outgoing(destinations: [destination], identity: identity, version: "1", fileName: identity, content: [1])
    }

    @Test func deadLettersAreToldAndTriedAgain() throws {
        let desk = try PreparedDesk(conditions: [
            DestinationStatus(outbox: "region", place: "PLATFORM at h:104", state: .working),
            DestinationStatus(
                outbox: "other", place: "OTHER at h:105",
                state: .down(reason: "refused", until: Timestamp(milliseconds: 60_000))),
            DestinationStatus(outbox: "third", place: "THIRD at h:106", state: .failing(reason: "no answer")),
        ])
        let entry = try desk.study("1.2.1")
        try desk.settle(entry, .refused, outgoing: [document("1.9", to: "region"), document("1.8", to: "gone")])
        let letter = try #require(try desk.spool.pending(for: "region").first)
        _ = try desk.spool.begin(letter.id)
        try desk.spool.bury(letter.id, error: "A900", answer: "wrong class", at: Timestamp(milliseconds: 5000))
        let letters = try desk.json(.deadLetters(destination: nil, study: nil))
        let told = try #require((letters["dead_letters"] as? [[String: Any]])?.first)
        #expect(told["study"] as? String == "1.2.1" && told["source"] as? String == "ct")
        #expect(told["error"] as? String == "A900" && told["answer"] as? String == "wrong class")
        #expect(told["dead_since"] as? String == "1970-01-01T00:00:05Z")
        let rows = try #require(try desk.json(.destinations)["destinations"] as? [[String: Any]])
        #expect(rows.map { $0["destination"] as? String } == ["region", "other", "third", "gone"])
        #expect(rows.map { $0["state"] as? String } == ["working", "down", "failing", "not configured"])
        #expect(rows.map { $0["reason"] as? String } == [nil, "refused", "no answer", nil])
        #expect(rows.map { $0["dead_letters"] as? Int } == [1, 0, 0, 0])

        #expect(
            desk.ask(.retry(target: "nowhere", study: nil)).text
                == "there is no destination 'nowhere', but: region, other, third, gone")
        let retry = OperatorCommand.retry(target: "\(letter.id.value)", study: nil)
        #expect(desk.ask(retry).text == "1 delivery tried again now: region\n")
        #expect(try desk.spool.deadLetters().isEmpty)
        #expect(desk.deeds.withLock { $0 } == ["wake region"])
        let history = try desk.spool.history(of: entry.id)
        #expect(history.map(\.detail) == ["retry of version 1 to region, by alice: a test"])
        #expect(desk.ask(retry).code == .refused)
        let again =
            "what waits is tried now: region, other, third, gone; nothing was put off or given up; "
            + "gone is not configured any more: nothing is sent to it\n"
        #expect(desk.ask(.retry(target: nil, study: nil)).text == again)
    }

    @Test func whatIsKeptAsideIsListedAndForgotten() throws {
        let desk = try PreparedDesk()
        try desk.spool.quarantine(
            [1], reason: "no UID", sender: "CT at h", attributes: "", at: Timestamp(milliseconds: 0))
        let entry = try #require((try desk.json(.quarantine)["kept_aside"] as? [[String: Any]])?.first)
        #expect(entry["reason"] as? String == "no UID" && entry["from"] as? String == "CT at h")
        let id = Int64(try #require(entry["id"] as? Int))
        #expect(
            desk.ask(.forget(id + 1)).text
                == "nothing is kept aside under \(id + 1); 'kosgate quarantine' lists what is")
        let forgotten = desk.ask(.forget(id))
        #expect(forgotten.code == .done && forgotten.text.hasPrefix("\(id), from CT at h, is deleted here for good"))
        #expect(desk.ask(.quarantine).text == "nothing is kept aside\n")
    }

    @Test func theStatusCountsAll() throws {
        let desk = try PreparedDesk()
        try desk.settle(desk.study("1.2.1"), .held, hold: "x")
        try desk.study("1.2.2")
        let status = try desk.json(.status)
        let studies = try #require(status["studies"] as? [String: Int])
        #expect(studies["total"] == 2 && studies["open"] == 1 && studies["held"] == 1 && studies["published"] == 0)
        #expect(status["version"] as? String == Version.text)
        #expect((status["spool_bytes"] as? Int ?? 0) > 0)
        #expect((status["free_bytes"] as? Int ?? 0) > 0)
        let text = desk.ask(.status).text
        #expect(text.contains("2 total, 1 open, 1 held"))
        #expect(text.contains("127.0.0.1:11112"))
    }

    @Test func aStudyThatIsOpenAgainCountsOnce() throws {
        let desk = try PreparedDesk()
        for (uid, state) in [("1.2.1", StudyState.published), ("1.2.2", .published), ("1.2.3", .held)] {
            try desk.settle(desk.study(uid), state)
        }
        try desk.study("1.2.2")
        try desk.study("1.2.4")
        var studies = try #require(try desk.json(.status)["studies"] as? [String: Int])
        #expect(studies["open"] == 2 && studies["published"] == 1 && studies["held"] == 1)
        let total = studies.removeValue(forKey: "total")
        #expect(total == 4 && studies.values.reduce(0, +) == 4)
        #expect(desk.ask(.status).text.contains("4 total, 2 open, 1 held, 1 published\n"))
    }

    @Test func aComparisonThatFindsSomethingIsAFinding() throws {
        #expect(try PreparedDesk().ask(.reconcile(days: 7)).text == "0 studies compared, no difference\n")
        let difference = Reconciliation.Difference(
            source: "ct", study: StudyUID("1.2.1"), unpublished: 2, disappeared: 0, proposal: "adopt it")
        let found = Reconciliation(compared: 3, differences: [difference], failures: ["mr does not answer"])
        let reply = try PreparedDesk(reconciliation: found).ask(.reconcile(days: 7))
        #expect(reply.code == .finding)
        #expect(reply.text.hasSuffix("3 studies compared, 1 difference\nmr does not answer\n"))
    }
}
