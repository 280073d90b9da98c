import DICOM
import DICOMNetwork
import TestSupport
import Testing

@testable import Gateway

/// A platform that is configured later gets what was settled before, when an operator says so.
struct LatePublicationTests {
    private static func instance(_ number: Int) -> TestInstance {
        var instance = TestInstance(instanceUID: "1.2.826.0.1.3680043.10.997.\(number).1.1")
        (instance.seriesUID, instance.studyUID) =
            ("1.2.826.0.1.3680043.10.997.\(number).1", "1.2.826.0.1.3680043.10.997.\(number)")
        return instance
    }

    private func run(_ gateway: RunningGateway, _ arguments: String...) throws -> Command {
        try Command.run(arguments + ["--data", gateway.directory])
    }

    private func end(_ gateway: RunningGateway, _ count: Int = 1) -> OperatorEvent? {
        gateway.wait(count) { if case .publishedLate = $0 { $0 } else { nil } }
    }

    @Test func itGetsWhatItKnowsNothingOfOnceAndNothingThatIsHeld() throws {
        let platform = ScriptedPlatform([])
        try platform.serve { port in
            let gateway = try RunningGateway()
            for number in 1...3 { try gateway.send([Self.instance(number)]) }
            _ = try gateway.manifest(3)
            let held = try #require(Self.instance(3).studyUID)
            #expect(try run(gateway, "hold", held, "--why", "asked for").status == 0)
            _ = gateway.wait { if case .studyHeld = $0 { true } else { nil } }
            var added = Configuration.Platform(retriedAtOnce: "LATER", port: port)
            added.name = "later"
            try gateway.restart { $0.platforms = [added] }
            #expect(platform.received.isEmpty)
            let command = try run(
                gateway, "destination", "later", "publish", "--since", "1d", "--why", "it is new")
            #expect(command.text.hasPrefix("2 studies that later knows nothing of"), "\(command.text)\(command.errors)")
            #expect(end(gateway) == .publishedLate(destination: "later", studies: 2, reason: nil))
            _ = gateway.wait(2) { if case .manifestDelivered = $0 { true } else { nil } }
            #expect(platform.received.count == 2)
            let life = try run(gateway, "study", Self.instance(1).studyUID ?? "")
            #expect(life.text.contains("publish to later"))
            #expect(life.text.contains("it is new"))
            let again = try run(
                gateway, "destination", "later", "publish", "--since", "1d", "--why", "again")
            #expect(again.text.hasPrefix("later lacks nothing"), "\(again.text)\(again.errors)")
            gateway.stop()
        }
    }

    @Test func whatChangedBeforeTheDateIsLeft() throws {
        let platform = ScriptedPlatform([])
        try platform.serve { port in
            let gateway = try RunningGateway()
            try gateway.send([Self.instance(1)])
            _ = try gateway.manifest()
            var added = Configuration.Platform(retriedAtOnce: "LATER", port: port)
            added.name = "later"
            try gateway.restart { $0.platforms = [added] }
            let command = try run(
                gateway, "destination", "later", "publish", "--since", "2099-01-01", "--why", "none is so new")
            #expect(command.text.hasPrefix("later lacks nothing"), "\(command.text)\(command.errors)")
            gateway.stop()
            #expect(platform.received.isEmpty)
        }
    }

    @Test func itNeedsATimeAReasonAndADestinationForDocuments() throws {
        let gateway = try RunningGateway()
        for (arguments, complaint) in [
            (["manifests", "publish", "--why", "new"], "publish needs --since"),
            (["manifests", "publish", "--since", "1d"], "need --why"),
            (["manifests", "pause", "--since", "1d", "--why", "new"], "publish needs --since"),
            (["nowhere", "publish", "--since", "1d", "--why", "new"], "there is no destination 'nowhere'"),
            (["manifests", "publish", "--since", "soon", "--why", "new"], "'soon' is no time"),
        ] {
            let command = try Command.run(["destination"] + arguments + ["--data", gateway.directory])
            #expect(command.status != 0)
            #expect(command.errors.contains(complaint), "\(command.errors)")
        }
    }
}
