import DICOM
import DICOMNetwork
import Testing

@testable import Gateway

/// Studies of which nothing came but the manifests that their PACS made: what these list counts as shown.
struct RelayedManifestTests {
    private static let root = "1.2.826.0.1.3680043.10.999"
    private let listed = TestInstance.series(2).map(\.instanceUID)

    private func relaying(_ configuration: inout Configuration) { configuration.defaults.pacsManifests = .relay }

    /// A manifest of one study that lists what another one may list too.
    private func manifest(_ study: Int, of patientID: String = "IPP0042") -> TestInstance {
        var manifest = TestInstance.note("113030", for: listed)
        (manifest.studyUID, manifest.patientID) = ("\(Self.root).\(study)", patientID)
        manifest.seriesUID = "\(Self.root).\(study).8"
        manifest.instanceUID = "\(Self.root).\(study).8.\(patientID.dropFirst(3))"
        return manifest
    }

    private func held(_ gateway: RunningGateway, _ words: String) -> Bool {
        gateway.wait { if case .studyHeld(_, let reason, _) = $0, reason.contains(words) { true } else { nil } }
            ?? false
    }

    private func deliveries(_ gateway: RunningGateway) -> Int {
        gateway.told.count { if case .manifestDelivered = $0 { true } else { false } }
    }

    @Test func aSecondStudyThatListsTheInstancesOfTheFirstIsHeld() throws {
        let gateway = try RunningGateway { relaying(&$0) }
        try gateway.sendWhole([manifest(1)], [manifest(2, of: "IPP0666")])
        #expect(held(gateway, "2 of its instances are also in study \(Self.root).1, which was there first"))
        #expect(try gateway.manifest().text(.studyInstanceUID) == "\(Self.root).1")
        #expect(deliveries(gateway) == 1)
    }

    @Test func theSameStudyOfAnotherSourceUnderAnotherPatientIsHeld() throws {
        let gateway = try RunningGateway { configuration in
            relaying(&configuration)
            configuration.sources = ["RIS", "PACS"].map { name in
                var source = Configuration.Source(name: name, settings: configuration.defaults)
                source.aeTitles = [AETitle(name)]
                return source
            }
        }
        try gateway.sendWhole([manifest(1)], [manifest(1, of: "IPP0666")], calling: ["PACS", "RIS"])
        #expect(held(gateway, "2 of its instances also came from PACS, under another patient"))
        #expect(try gateway.manifest().text(.patientID) == "IPP0042")
        #expect(deliveries(gateway) == 1)
    }

    @Test(arguments: [1, 2])
    func aNoteWithdrawsAnInstanceThatOnlyAManifestNamedWhateverStudyItNames(study: Int) throws {
        let gateway = try RunningGateway { relaying(&$0) }
        try gateway.sendWhole([manifest(1)])
        _ = try gateway.manifest()
        var note = TestInstance.note("113037", for: [listed[0]])
        (note.studyUID, note.seriesUID) = ("\(Self.root).\(study)", "\(Self.root).\(study).9")
        try gateway.send([note])
        let place = gateway.wait { if case .rejectionNoteDelivered(_, _, _, let place) = $0 { place } else { nil } }
        let withdrawal = try KeyObjectFile(path: #require(place, "told: \(gateway.told)"))
        #expect(withdrawal.references == [listed[0]])
        #expect(withdrawal.text(.studyInstanceUID) == "\(Self.root).1")
        #expect(held(gateway, "lists 1 instance that a rejection note withdrew"))
    }
}
