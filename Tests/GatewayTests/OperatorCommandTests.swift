import DICOM
import Foundation
import Testing

@testable import Gateway

/// The operator's commands as processes, against a running gateway.
struct OperatorCommandTests {
    private let gateway: RunningGateway
    private let study = TestInstance().studyUID ?? ""

    init() throws { gateway = try RunningGateway() }

    private func run(_ arguments: String...) throws -> Command {
        try Command.run(arguments + ["--socket", gateway.directory + "/control.sock"])
    }

    private func json(_ arguments: String...) throws -> [String: Any] {
        let command = try Command.run(
            arguments + ["--format", "json", "--data", gateway.directory])
        #expect(command.errors == "")
        return try JSONSerialization.jsonObject(with: command.output) as? [String: Any] ?? [:]
    }

    private func life() throws -> [String: Any] {
        try #require((try json("study", study)["studies"] as? [[String: Any]])?.first)
    }

    private func publish(_ count: Int) throws {
        try gateway.send(TestInstance.series(count))
        _ = try gateway.manifest()
    }

    @Test func aPublishedStudyIsToldFromItsSenderToItsDestination() throws {
        try publish(2)
        let status = try json("status")
        #expect((status["studies"] as? [String: Int])?["total"] == 1)
        #expect(status["listening"] as? [String] == ["127.0.0.1:\(gateway.port)"])
        let life = try life()
        let series = try #require((life["series"] as? [[String: Any]])?.first)
        #expect(series["live"] as? Int == 2)
        let folder = try #require((life["destinations"] as? [[String: Any]])?.first)
        let held = try #require((folder["held"] as? [[String: Any]])?.first)
        #expect(held["version"] as? Int == 1 && held["references"] as? Int == 2)
        #expect((folder["due"] as? [Any])?.isEmpty == true)
        let text = try run("study", study, "--diff")
        #expect(text.text.contains("0 to add, 0 to remove"))
        let tree = try run("study", study, "--manifest")
        #expect(tree.text.contains("2 instances in 1 series"))
    }

    @Test func nobodyIsNamedUnlessTheOperatorAsksForIt() throws {
        try publish(1)
        let patient = "IPP0042"
        for view in [[], ["--manifest"], ["--diff"]] {
            let command = try Command.run(["study", study, "--data", gateway.directory] + view)
            #expect(command.status == 0 && !command.text.contains(patient))
        }
        #expect(try run("study", study, "--identity").text.contains(patient))
        #expect(try run("study", study, "--manifest", "--identity").text.contains(patient))
        let commands = gateway.told.filter { if case .operatorCommanded = $0 { true } else { false } }
        #expect(commands.count == 2)
    }

    @Test func aHeldStudyIsReleasedWithItsReasonInTheHistory() throws {
        try publish(1)
        let held = try run("hold", study, "--why", "the RIS is asked")
        #expect(held.status == 0, "\(held.errors)")
        #expect(gateway.wait { if case .studyHeld = $0 { true } else { nil } } == true)
        #expect(try run("studies", "--state", "held").text.contains(study))
        let released = try run("release", study, "--why", "the RIS agrees")
        #expect(released.status == 0, "\(released.errors)")
        let history = try #require(try life()["history"] as? [[String: Any]]).compactMap { $0["detail"] as? String }
        let user = UnixSocket.name(of: getuid())
        #expect(history.contains("hold, by \(user): the RIS is asked"))
        #expect(history.contains { $0.hasSuffix("by \(user): the RIS agrees") })
        #expect(try run("release", study, "--why", "again").status == 2)
    }

    @Test func aWithdrawnStudyIsTakenFromItsDestination() throws {
        try publish(2)
        let withdrawn = try run("withdraw", study, "--title", "113037", "--why", "wrong side")
        #expect(withdrawn.status == 0, "\(withdrawn.errors)")
        let place = gateway.wait { if case .rejectionNoteDelivered(_, _, _, let place) = $0 { place } else { nil } }
        let note = try KeyObjectFile(path: #require(place))
        #expect(note.dataSet.items(.contentSequence).count == 2)
        let exceptions = try #require(try life()["exceptions"] as? [[String: Any]])
        #expect(exceptions.map { $0["state"] as? String } == ["rejected", "rejected"])
        #expect(exceptions.map { $0["title"] as? String } == ["113037", "113037"])
    }

    @Test func anAdoptedStudySaysWhatCameOfIt() throws {
        let images = (1...2).map { ScriptedPACS.Image(series: "1.2.3.1", instance: "1.2.3.1.\($0)") }
        let other = ScriptedPACS.Image(
            series: "1.2.3.2", instance: "1.2.3.2.1", sopClass: SOPClassUID.keyObjectSelectionDocument.text)
        let pacs = try ScriptedPACS(images + [other])
        try gateway.restart {
            $0.defaults.pacs = Configuration.PACS(host: "127.0.0.1", port: pacs.port, aeTitle: AETitle("PACS"))
        }
        let adopted = try run("adopt", "1.2.3", "--why", "it was made before")
        #expect(adopted.status == 0, "\(adopted.errors)")
        let told = adopted.text.replacing("\n", with: " ")
        #expect(
            told.hasPrefix("study 1.2.3: 2 instances learnt from the PACS, as if sent by it; 1 instance left out, "))
        #expect(told.contains("it is settled now, kosgate study tells"))
        let again = try run("adopt", "1.2.3", "--why", "once more").text
        #expect(again.hasPrefix("study 1.2.3: nothing new: the 2 instances that the PACS tells of came before"))
    }

    @Test func whatCannotBeDoneIsOneLineAndExitCode2() throws {
        for arguments in [
            ["study", "1.2.3"], ["studies", "--state", "lost"], ["retry", "nowhere", "--why", "w"],
            ["dead-letters", "7"], ["quarantine", "--forget", "7", "--why", "w"],
            ["withdraw", study, "--title", "1", "--why", "w"], ["hold", study, "--why", " "],
        ] {
            let command = try Command.run(arguments + ["--data", gateway.directory])
            #expect(command.status == 2, "\(arguments)")
            #expect(command.output.isEmpty && command.complaints.count == 1, "\(arguments): \(command.errors)")
        }
        for arguments in [
            ["hold", study], ["release", "--why", "w"], ["retry", "--why", "w"], ["reconcile", "--days", "0"],
            ["release", study, "--reason", "x", "--why", "w"], ["study", study, "--diff", "--manifest"],
        ] {
            #expect(try Command.run(arguments + ["--data", gateway.directory]).status == 2, "\(arguments)")
        }
    }

    @Test func withoutAGatewayEveryCommandSaysSo() throws {
        gateway.stop()
        let command = try run("status")
        #expect(command.status == 2)
        #expect(command.complaints.count == 1)
        #expect(command.errors.contains("no gateway answers at \(gateway.directory)/control.sock"))
    }
}
