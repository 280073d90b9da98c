import Associations
import DICOM
import DICOMNetwork
import Gateway
import KeyObjects
import TestSupport
import Testing
import Threads

/// A platform that answers as the test says and keeps what it was sent.
private final class ScriptedPlatform: AssociationHandler {
    private struct State {
        var answers: [Status]
        var received: [[UInt8]] = []
    }

    private let state: Monitor<State>

    /// - Parameter answers: one for each C-STORE; success after the last.
    init(_ answers: [Status]) { state = Monitor(State(answers: answers)) }

    /// The data sets that came, in order.
    var received: [[UInt8]] { state.withLock { $0.received } }

    func accept(_ request: AssociationRequest) -> Admission { .accept }

    func store(_ instance: ReceivedInstance) -> StoreStatus {
        state.update { state in
            state.received.append(instance.capture.header)
            return StoreStatus(state.answers.isEmpty ? .success : state.answers.removeFirst())
        }
    }

    func ended(_ summary: AssociationSummary) {}
}

@Suite struct PlatformDeliveryTests {
    /// Runs a platform and a gateway that delivers to it.
    private func withPlatform(
        _ answers: [Status], _ body: (ScriptedPlatform, RunningGateway) throws -> Void
    ) throws {
        let platform = ScriptedPlatform(answers)
        var settings = AssociationListener.Configuration()
        settings.port = 0
        let listener = try AssociationListener(settings, handler: platform)
        let thread = try OSThread(name: "platform") { listener.run() }
        defer {
            listener.stop(within: .zero)
            thread.join()
        }
        let gateway = try RunningGateway { configuration in
            configuration.platforms = [Self.destination("IDEOCONNECT", port: listener.port)]
        }
        try body(platform, gateway)
        gateway.stop()
    }

    /// One that is tried again at once.
    private static func destination(_ aeTitle: String, port: UInt16) -> Configuration.Platform {
        var platform = Configuration.Platform(aeTitle: AETitle(aeTitle), host: "127.0.0.1", port: port)
        platform.retryDelay = .milliseconds(5)
        platform.retryCeiling = .milliseconds(20)
        return platform
    }

    private func isDelivered(_ gateway: RunningGateway) -> Bool {
        gateway.wait { if case .manifestDelivered = $0 { true } else { nil } } ?? false
    }

    @Test func aManifestReachesThePlatform() throws {
        try withPlatform([]) { platform, gateway in
            try gateway.sendWhole(TestInstance.series(2))
            #expect(isDelivered(gateway))
            let manifest = try KeyObjectFile(
                DataSet(
                    parsing: try #require(platform.received.first), transferSyntax: .explicitVRLittleEndian))
            #expect(manifest.references == TestInstance.series(2).map(\.instanceUID))
        }
    }

    @Test func aPlatformThatAsksForPatienceGetsTheSameBytesAgain() throws {
        try withPlatform([.outOfResources, .outOfResources, .outOfResources]) { platform, gateway in
            try gateway.send(TestInstance.series(1))
            #expect(isDelivered(gateway))
            #expect(platform.received.count == 4)
            #expect(Set(platform.received).count == 1)
            #expect(
                gateway.told.contains { event in
                    if case .destinationUp(let name) = event {
                        name.hasPrefix("platform IDEOCONNECT at 127.0.0.1:")
                    } else {
                        false
                    }
                })
        }
    }

    @Test func aDuplicateIsASuccess() throws {
        try withPlatform([.duplicateSOPInstance]) { platform, gateway in
            try gateway.send(TestInstance.series(1))
            #expect(isDelivered(gateway))
            #expect(platform.received.count == 1)
        }
    }

    @Test func aRefusalIsToldAndTriedAgain() throws {
        try withPlatform([.cannotUnderstand]) { platform, gateway in
            try gateway.send(TestInstance.series(1))
            #expect(isDelivered(gateway))
            #expect(platform.received.count == 2)
            let reason = gateway.wait { if case .documentRefused(_, _, _, let reason, _) = $0 { reason } else { nil } }
            #expect(reason?.contains("0xC000") == true)
        }
    }

    @Test func whatWaitsGoesWhereTheConfigurationSaysNow() throws {
        let gateway = try RunningGateway { configuration in
            configuration.platforms = [Self.destination("NOBODY", port: 1)]
        }
        try gateway.send(TestInstance.series(1))
        #expect(gateway.wait { if case .destinationDown = $0 { true } else { nil } } == true)
        try gateway.restart { $0.platforms = [] }
        #expect(try gateway.manifest().references == [TestInstance.series(1)[0].instanceUID])
    }

    @Test func aPlatformThatIsDownGetsTheManifestAfterARestartOfTheGateway() throws {
        let gateway = try RunningGateway { configuration in
            configuration.platforms = [Self.destination("NOBODY", port: 1)]
        }
        try gateway.send(TestInstance.series(1))
        #expect(gateway.wait { if case .destinationDown = $0 { true } else { nil } } == true)
        let platform = ScriptedPlatform([])
        var settings = AssociationListener.Configuration()
        settings.port = 0
        let listener = try AssociationListener(settings, handler: platform)
        let thread = try OSThread(name: "platform") { listener.run() }
        try gateway.restart { configuration in
            configuration.platforms = [Self.destination("NOBODY", port: listener.port)]
        }
        #expect(isDelivered(gateway))
        #expect(platform.received.count == 1)
        gateway.stop()
        listener.stop(within: .zero)
        thread.join()
    }
}
