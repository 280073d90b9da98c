import DICOM
import DICOMNetwork
import Gateway
import TestSupport
import Testing

@Suite struct PlatformDeliveryTests {
    /// Runs a platform and a gateway that delivers to it.
    private func withPlatform(
        _ answers: [Status], _ body: (ScriptedPlatform, RunningGateway) throws -> Void
    ) throws {
        let platform = ScriptedPlatform(answers)
        try platform.serve { port in
            let gateway = try RunningGateway { configuration in
                configuration.platforms = [Configuration.Platform(retriedAtOnce: "IDEOCONNECT", port: port)]
            }
            try body(platform, gateway)
            gateway.stop()
        }
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
                    if case .destinationUp(let destination) = event {
                        destination.title.hasPrefix("platform IDEOCONNECT at 127.0.0.1:")
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
            configuration.platforms = [Configuration.Platform(retriedAtOnce: "NOBODY", port: 1)]
        }
        try gateway.send(TestInstance.series(1))
        #expect(gateway.wait { if case .destinationDown = $0 { true } else { nil } } == true)
        try gateway.restart { $0.platforms = [] }
        #expect(try gateway.manifest().references == [TestInstance.series(1)[0].instanceUID])
    }

    @Test func aPlatformThatIsDownGetsTheManifestAfterARestartOfTheGateway() throws {
        let gateway = try RunningGateway { configuration in
            configuration.platforms = [Configuration.Platform(retriedAtOnce: "NOBODY", port: 1)]
        }
        try gateway.send(TestInstance.series(1))
        #expect(gateway.wait { if case .destinationDown = $0 { true } else { nil } } == true)
        let platform = ScriptedPlatform()
        try platform.serve { port in
            try gateway.restart { configuration in
                configuration.platforms = [Configuration.Platform(retriedAtOnce: "NOBODY", port: port)]
            }
            #expect(isDelivered(gateway))
            #expect(platform.received.count == 1)
            gateway.stop()
        }
    }
}
