import DICOM
import Spool
import Testing
import Threads

@testable import Gateway

/// One study, as people and machines read it.
struct StudyReportTests {
    private var inspection: StudyInspection {
        var inspection = StudyInspection(patient: "DUPONT^JEANNE, IPP0042")
        inspection.senders = [
            .init(callingAETitle: AETitle("CT"), arrivals: 3, first: nil, last: nil)
        ]
        inspection.series = [.init(uid: SeriesUID("1.2.1.1"), live: 2, rejected: 1)]
        inspection.exceptions = [
            .init(
                instance: InstanceUID("1.2.1.1.3"), series: SeriesUID("1.2.1.1"), state: .rejected(title: "113001"),
                note: InstanceUID("1.2.9"))
        ]
        inspection.holds = [
            .init(code: "report-missing", reason: "No report has come.", remedy: "Release it.", isReleasable: true)
        ]
        inspection.waits = ["20 s more without a new instance"]
        var region = StudyInspection.AtDestination(outbox: "region")
        region.held = [
            .init(
                version: 1, sopInstanceUID: InstanceUID("1.2.8"), madeAt: Timestamp(milliseconds: 0), references: 3,
                withdrawn: 0, isCertain: true)
        ]
        region.due = [.withdraw(references: 1, version: 1, title: "113001"), .publish(version: 2, references: 2)]
        region.obstacle = "the study is held"
        region.removed = [InstanceUID("1.2.1.1.3")]
        inspection.destinations = [region]
        return inspection
    }

    private let life = OperatorCommand.study(.init(uid: "1.2.1"), view: .life)
    private let diff = OperatorCommand.study(.init(uid: "1.2.1"), view: .diff)

    private func desk(_ change: (inout Configuration) -> Void = { _ in }) throws -> PreparedDesk {
        let desk = try PreparedDesk(inspection: inspection, change)
        let entry = try desk.study("1.2.1")
        try desk.settle(entry, .held, hold: "report-missing")
        try desk.spool.append(
            OperatorWord(by: "alice", why: "seen").event("hold", at: Timestamp(milliseconds: 0)), to: entry.id)
        return desk
    }

    @Test func allThatIsKnownIsTold() throws {
        let text = try desk().ask(life).text
        for line in [
            "study 1.2.1 from ct: held", "held (report-missing): No report has come. Release it.",
            "waits: 20 s more without a new instance", "at region:",
            "due: a rejection note 113001 for 1 of version 1", "due: the manifest, version 2, 2 references",
            "not sent now: the study is held",
        ] {
            #expect(text.split(separator: "\n").contains(Substring(line)), "\(line)")
        }
        #expect(text.contains("1.2.1.1.3  1.2.9  rejected (113001)"))
        #expect(text.contains("command  hold, by alice: seen"))
        #expect(text.contains("FROM  ARRIVALS  FIRST  LAST\n") && !text.contains("ADDRESS"))
    }

    @Test func nobodyIsNamedUnlessTheOperatorOrTheConfigurationWantsIt() throws {
        let silent = try desk()
        #expect(!silent.ask(life).text.contains("DUPONT"))
        #expect(silent.events.withLock { $0 } == [])
        #expect(silent.ask(life) { $0.showsIdentity = true }.text.contains("patient DUPONT^JEANNE, IPP0042"))
        #expect(
            silent.events.withLock { $0 } == [
                .operatorCommanded(by: "alice", command: "kosgate study 1.2.1 --identity", why: "")
            ])
        #expect(try desk { $0.logsIdentity = true }.ask(life).text.contains("DUPONT"))
    }

    @Test func theDifferenceNamesEachInstance() throws {
        let reply = try desk().ask(diff)
        #expect(
            reply.text == """
                study 1.2.1 from ct: held
                held (report-missing): No report has come. Release it.
                at region: 0 to add, 1 to remove
                - 1.2.1.1.3
                due: a rejection note 113001 for 1 of version 1
                due: the manifest, version 2, 2 references
                not sent now: the study is held

                """)
    }

    @Test func machinesReadTheSame() throws {
        let desk = try desk()
        let study = try #require((try desk.json(life)["studies"] as? [[String: Any]])?.first)
        #expect(study["state"] as? String == "held")
        #expect((study["holds"] as? [[String: Any]])?.first?["code"] as? String == "report-missing")
        #expect((study["series"] as? [[String: Any]])?.first?["rejected"] as? Int == 1)
        #expect((study["exceptions"] as? [[String: Any]])?.first?["title"] as? String == "113001")
        let region = try #require((study["destinations"] as? [[String: Any]])?.first)
        #expect((region["due"] as? [[String: Any]])?.map { $0["action"] as? String } == ["withdraw", "publish"])
        #expect((region["held"] as? [[String: Any]])?.first?["references"] as? Int == 3)
        let changed = try #require((try desk.json(diff)["studies"] as? [[String: Any]])?.first)
        let there = try #require((changed["destinations"] as? [[String: Any]])?.first)
        #expect(there["removed"] as? [String] == ["1.2.1.1.3"] && there["added"] as? [String] == [])
    }

    @Test func aManifestThatIsNotKeptIsToldSo() throws {
        let reply = try desk().ask(.study(.init(uid: "1.2.1"), view: .manifest))
        let held = "held (report-missing): No report has come. Release it."
        #expect(reply == ControlReply(code: .refused, text: "no manifest of study 1.2.1 is kept; \(held)"))
    }

    @Test func countsAreWordsThatFit() {
        let words = [counted(1, "instance"), counted(0, "reference"), counted(2, "study"), counted(2, "series")]
        #expect(words == ["1 instance", "0 references", "2 studies", "2 series"])
    }

    /// What the spool's tables still say is told, and which part they do not.
    @Test func ofADamagedStudyAllIsToldThatCanBe() throws {
        let gateway = try RunningGateway()
        try gateway.sendWhole(TestInstance.series(2))
        _ = try gateway.manifest()
        gateway.stop()
        do {
            let spool = try Spool(Spool.Configuration(directory: gateway.directory + "/spool"))
            let uid = try #require(TestInstance().studyUID)
            let entry = try #require(try spool.studies(uid: uid).first)
            try spool.updateStandings(
                of: entry.id, [StandingRecord(destination: "manifests", record: [7], documents: [])],
                state: entry.state ?? "", expecting: [:], at: .now)
            spool.close()
        }
        try gateway.start()
        let uid = try #require(TestInstance().studyUID)
        let told = try Command.run(["study", uid, "--data", gateway.directory])
        #expect(told.status == 0, "\(told.errors)")
        #expect(told.text.contains("held (spool-damaged): the standing of study \(uid) at manifests cannot be read"))
        #expect(told.text.contains("PACS") && told.text.contains("2"))
        #expect(told.text.contains("nothing can be withdrawn from it"))
        #expect(told.text.contains("delivered"), "its history: \(told.text)")
        let none = try Command.run(["studies", "--source", "nosuch", "--data", gateway.directory])
        #expect(none.status != 0 && none.errors.contains("there is no source 'nosuch'"))
    }
}
