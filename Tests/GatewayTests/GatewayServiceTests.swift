import Associations
import DICOM
import DICOMNetwork
import Foundation
import Gateway
import KeyObjects
import Spool
import Testing

/// The whole gateway over loopback: a study in, a manifest out.
@Suite struct GatewayServiceTests {
    @Test func aStudyInIsAManifestOut() throws {
        let gateway = try RunningGateway()
        #expect(try gateway.sendWhole(TestInstance.series(3)) == [.success, .success, .success])
        let manifest = try gateway.manifest()
        #expect(manifest.references == TestInstance.series(3).map(\.instanceUID))
        #expect(manifest.text(.studyInstanceUID) == TestInstance().studyUID)
        #expect(manifest.text(.patientID) == "IPP0042")
        #expect(manifest.text(.instanceNumber) == "1")
    }

    @Test func aLaterInstanceIsANewVersionWithAllReferences() throws {
        let gateway = try RunningGateway()
        try gateway.sendWhole(TestInstance.series(2))
        let first = try gateway.manifest()
        try gateway.send(TestInstance.series(1, from: 3))
        let second = try gateway.manifest(2)
        #expect(second.references == TestInstance.series(3).map(\.instanceUID))
        #expect(second.text(.seriesInstanceUID) == first.text(.seriesInstanceUID))
        #expect(second.text(.sopInstanceUID) != first.text(.sopInstanceUID))
        #expect(second.text(.instanceNumber) == "2")
        #expect(
            second.text(.contentDate) + second.text(.contentTime) > first.text(.contentDate) + first.text(.contentTime))
    }

    @Test func theSameInstancesAgainChangeNothing() throws {
        let gateway = try RunningGateway()
        try gateway.sendWhole(TestInstance.series(2))
        _ = try gateway.manifest()
        try gateway.send(TestInstance.series(2))
        #expect(gateway.wait { if case .studyUnchanged = $0 { true } else { nil } } == true)
    }

    @Test func aSenderThatRepeatsItselfFillsNoSpool() throws {
        let gateway = try RunningGateway()
        let whole = TestInstance.series(2)
        try gateway.sendWhole(whole, whole, whole, whole, whole)
        #expect(try gateway.manifest().references == TestInstance.series(2).map(\.instanceUID))
        gateway.stop()
        let spool = try Spool(Spool.Configuration(directory: gateway.directory + "/spool"))
        var headers = 0
        try spool.headers(of: try #require(spool.studies(uid: TestInstance().studyUID ?? "").first).id) { _, _ in
            headers += 1
        }
        #expect(headers == 2)
    }

    @Test func whatWasAcknowledgedIsPublishedAfterARestart() throws {
        let gateway = try RunningGateway { $0.defaults.quietPeriod = .seconds(3600) }
        try gateway.send(TestInstance.series(4))
        try gateway.restart { $0.defaults.quietPeriod = .milliseconds(10) }
        #expect(try gateway.manifest().references.count == 4)
    }

    @Test func twoPatientsInOneStudyAreHeldAndNeverMixed() throws {
        let gateway = try RunningGateway()
        var other = TestInstance(instanceUID: "1.2.826.0.1.3680043.10.999.1.1.77")
        other.patientID = "IPP0666"
        try gateway.sendWhole(TestInstance.series(1) + [other])
        let reason = gateway.wait { if case .studyHeld(_, let reason, _) = $0 { reason } else { nil } }
        #expect(reason?.contains("2 different patients") == true)
        #expect(reason?.contains("IPP0666") == false, "no patient identity in the log")
        #expect(!FileManager.default.fileExists(atPath: gateway.directory + "/manifests"), "nothing was delivered")
    }

    @Test func anotherPatientAfterPublicationIsHeld() throws {
        let gateway = try RunningGateway()
        try gateway.send(TestInstance.series(1))
        _ = try gateway.manifest()
        var moved = TestInstance()
        moved.patientID = "IPP0666"
        try gateway.send([moved])
        let reason = gateway.wait { if case .studyHeld(_, let reason, _) = $0 { reason } else { nil } }
        #expect(reason?.contains("another patient") == true, "told: \(gateway.told)")
    }

    @Test func anIssuerThatOnlyALaterInstanceNamesMakesNoOtherPatient() throws {
        let gateway = try RunningGateway()
        try gateway.send(TestInstance.series(1))
        _ = try gateway.manifest()
        var later = TestInstance.series(1, from: 2)
        later[0].issuerOfPatientID = "HOSPITAL"
        try gateway.send(later)
        #expect(try gateway.manifest(2).text(.issuerOfPatientID) == "HOSPITAL")
    }

    @Test func anotherDefaultIssuerMakesNoOtherPatient() throws {
        let gateway = try RunningGateway()
        try gateway.send(TestInstance.series(1))
        _ = try gateway.manifest()
        try gateway.restart { $0.defaults.issuerOfPatientID = Configuration.Issuer(namespace: "HOSPITAL") }
        try gateway.send(TestInstance.series(1, from: 2))
        #expect(try gateway.manifest().text(.issuerOfPatientID) == "HOSPITAL")
    }

    @Test func belowTheReserveOfTheDiskAssociationsAreRejectedForTheTimeBeing() throws {
        let gateway = try RunningGateway { $0.limits.diskReserve = .max }
        #expect(throws: AssociationError.rejected(.temporaryCongestion)) { _ = try gateway.associate() }
        let reason = gateway.wait { if case .spoolUnwritable(let reason) = $0 { reason } else { nil } }
        #expect(reason?.contains("kept in reserve") == true)
    }

    @Test func aHoldIsCuredByTheConfiguration() throws {
        let gateway = try RunningGateway { $0.manifest.profile = .maincare }
        try gateway.sendWhole(TestInstance.series(2))
        let held = gateway.wait { if case .studyHeld = $0 { true } else { nil } }
        #expect(held == true)
        try gateway.restart { configuration in
            configuration.defaults.issuerOfPatientID = Configuration.Issuer(
                namespace: "HOPITAL", universalID: "1.2.250.1.999.2")
            configuration.defaults.retrieveAETitle = AETitle("PACS")
            configuration.defaults.retrieveLocationUID = "1.2.250.1.999.7"
        }
        #expect(try gateway.manifest().references.count == 2)
    }

    @Test func anInstanceWithoutStudyIsKeptAside() throws {
        let gateway = try RunningGateway()
        var lost = TestInstance()
        lost.studyUID = nil
        #expect(try gateway.send([lost]) == [.dataSetDoesNotMatchSOPClassWarning])
        let reason = gateway.wait { if case .instanceQuarantined(_, _, let reason) = $0 { reason } else { nil } }
        #expect(reason == "its header has no Study Instance UID")
    }

    @Test func anInstanceThatIsNotWhatTheCommandAnnouncedIsKeptAside() throws {
        let gateway = try RunningGateway()
        var other = TestInstance()
        other.announcedUID = "1.2.826.0.1.3680043.10.999.9"
        #expect(try gateway.send([other]) == [.dataSetDoesNotMatchSOPClassWarning])
    }

    @Test func aWrongCalledAETitleIsRejected() throws {
        let gateway = try RunningGateway()
        #expect(throws: AssociationError.rejected(.calledAETitleNotRecognized)) {
            _ = try gateway.associate(called: "SOMEONE")
        }
    }

    @Test func anUnknownCallingAETitleIsRejected() throws {
        let gateway = try RunningGateway { configuration in
            configuration.acceptsAnyCallingAETitle = false
            var source = Configuration.Source(name: "pacs")
            source.aeTitles = [AETitle("PACS")]
            configuration.sources = [source]
        }
        #expect(throws: AssociationError.rejected(.callingAETitleNotRecognized)) {
            _ = try gateway.associate(calling: "STRANGER")
        }
    }

    @Test func anEchoIsAnswered() throws {
        let gateway = try RunningGateway()
        var association = try gateway.associate()
        #expect(try association.echo() == .success)
        try association.release()
    }

    @Test func aSecondGatewayOnTheSameDataIsRefused() throws {
        let gateway = try RunningGateway()
        let error = try #require(throws: GatewayError.self) {
            _ = try GatewayService(configuration: gateway.configuration) { _ in }
        }
        #expect(error.description.contains("in use by process"))
    }
}
