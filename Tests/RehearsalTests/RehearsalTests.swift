import Associations
import DICOM
import DICOMNetwork
import Gateway
import KeyObjects
import Studies
import TestSupport
import Testing
import Threads

@testable import Rehearsal

/// Whole rehearsals, with the gateway as it is.
@Suite struct RehearsalTests {
    private func sheet(_ configuration: Configuration, scenarios: [Scenario] = []) throws -> AcceptanceSheet {
        var options = Rehearsal.Options()
        options.scenarios = scenarios
        options.quietPeriod = .seconds(1)
        options.patience = .seconds(30)
        return try Rehearsal(configuration, options).run()
    }

    private static var maincare: Configuration {
        var configuration = Configuration()
        var source = Configuration.Source(name: "radiology")
        source.aeTitles = [AETitle("PACS1")]
        source.settings.retrieveAETitle = AETitle("PACS1")
        source.settings.retrieveLocationUID = "1.2.250.1.999.1"
        source.settings.issuerOfPatientID = Configuration.Issuer(namespace: "CHU-IPP", universalID: "1.2.250.1.999.2")
        source.settings.resendAfterRejection.incorrectWorklistEntry = .acceptIfCorrected
        configuration.sources = [source]
        var recipient = Configuration.Person(name: "CHU")
        recipient.kind = .organization
        recipient.identifier = "1250000000"
        configuration.manifest.recipients = [recipient]
        return configuration
    }

    @Test(arguments: Removal.allCases)
    func everyScenarioComesOutWithTheEmbeddedDefault(removal: Removal) throws {
        var configuration = Configuration.embeddedDefault
        configuration.manifest.removal = removal
        let sheet = try sheet(configuration)
        check(sheet, removal, isQuarantined: true)
        // What comes again under a rejected identity waits for the operator: scenarios 7, 9, 10 and 11.
        #expect(sheet.asConfigured == 4)
    }

    @Test(arguments: Removal.allCases)
    func everyScenarioComesOutWithAConfigurationForMaincare(removal: Removal) throws {
        var configuration = Self.maincare
        configuration.manifest.removal = removal
        let sheet = try sheet(configuration)
        check(sheet, removal, isQuarantined: false)
        #expect(sheet.asConfigured == 0)
    }

    private func check(_ sheet: AcceptanceSheet, _ removal: Removal, isQuarantined: Bool) {
        #expect(sheet.faults.isEmpty)
        #expect(sheet.entries.count == 33)
        #expect(sheet.isPassed)
        for entry in sheet.entries { check(entry, removal, isQuarantined: isQuarantined) }
    }

    private func check(_ entry: AcceptanceSheet.Entry, _ removal: Removal, isQuarantined: Bool) {
        let name = Comment(rawValue: "\(entry.scenario) \(entry.form) \(removal): \(entry)")
        let expected = Expected.documents(entry.scenario, entry.form, removal, isQuarantined: isQuarantined)
        let documents = entry.documents.map(\.short).inOrder(of: entry.scenario, entry.form)
        if !entry.isDrawnOut { #expect(documents == expected, name) }
        if case .failed(let faults) = entry.verdict { Issue.record("\(faults.joined(separator: " ")) \(name)") }
    }

    @Test func whatTheConfigurationLacksFailsWithItsRemedy() throws {
        var configuration = Self.maincare
        configuration.sources[0].settings.retrieveLocationUID = nil
        let sheet = try sheet(configuration, scenarios: [.imageAdded])
        #expect(!sheet.isPassed)
        for entry in sheet.entries {
            #expect(entry.end == "nothing")
            guard case .failed(let faults) = entry.verdict else {
                Issue.record("\(entry) did not fail")
                continue
            }
            #expect(faults.contains { $0.contains("retrieve_location_uid") })
        }
    }

    @Test func aSourceThatIsNotThereIsToldWithThoseThatAre() {
        var options = Rehearsal.Options()
        options.source = "cardiology"
        do throws(RehearsalError) {
            _ = try Rehearsal(Self.maincare, options)
            Issue.record("there is no such source")
        } catch {
            #expect(error.description == "the configuration has no source 'cardiology'; it has radiology")
        }
    }

    /// Invented images never reach a real PACS.
    @Test func noImageDestinationIsSentAnything() throws {
        let isReached = Monitor(false)
        let outsider = Outsider { isReached.withLock { $0 = true } }
        try outsider.serve { port in
            var configuration = Self.maincare
            var destination = Configuration.ImageDestination(
                name: "tele", aeTitle: AETitle("TELE"), host: "127.0.0.1", port: port)
            destination.rules = [Configuration.ImageRule()]
            configuration.imageDestinations = [destination]
            let sheet = try sheet(configuration, scenarios: [.imageAdded])
            #expect(sheet.isPassed && !isReached.withLock { $0 })
            #expect(sheet.replaced.contains("image destination tele, by none: no image is sent on"))
        }
    }

    @Test func theSheetSaysWhatWasReplaced() throws {
        var configuration = Self.maincare
        configuration.platforms = [
            Configuration.Platform(aeTitle: AETitle("IDEOCONNECT"), host: "192.0.2.1", port: 104)
        ]
        let sheet = try sheet(configuration, scenarios: [.seriesAdded])
        #expect(sheet.isPassed)
        #expect(sheet.replaced.contains("platform IDEOCONNECT at 192.0.2.1:104, by a simulated one"))
        #expect(sheet.replaced.contains { $0.contains("source 'radiology'") && $0.contains("PACS1") })
        #expect(sheet.description.contains("3 entries: 3 passed, 0 ended as configured, 0 failed"))
        #expect(!sheet.description.contains("EXEMPLE") && !sheet.description.contains("REHEARSAL-"))
    }
}

/// What the platform must be sent, as the platform's table says it: `M5` a manifest of five, `N1` a note of one; `o` of
/// the old patient, `n` of the new one.
private enum Expected {
    static func documents(
        _ scenario: Scenario, _ form: Form, _ removal: Removal, isQuarantined: Bool
    ) -> String {
        let isLater = form == .noteAfterObjects
        return switch (scenario, removal) {
        case (.imageRemoved, .iocmAndKOS): "M5 N1 M4"
        case (.imageRemoved, .iocm): "M5 N1"
        case (.imageRemoved, .kos): "M5 M4"
        case (.imageModified, .iocmAndKOS): isLater ? "M5 M6 N1 M5" : "M5 N1 M5"
        case (.imageModified, .iocm): isLater ? "M5 M6 N1" : "M5 N1 M5"
        case (.imageModified, .kos): isLater ? "M5 M6 M5" : "M5 M5"
        case (.imageAdded, _): "M5 M6"
        case (.seriesRemoved, .iocmAndKOS): "M5 N2 M3"
        case (.seriesRemoved, .iocm): "M5 N2"
        case (.seriesRemoved, .kos): "M5 M3"
        case (.seriesModified, .iocmAndKOS): isLater ? "M5 M7 N2 M5" : "M5 N2 M5"
        case (.seriesModified, .iocm): isLater ? "M5 M7 N2" : "M5 N2 M5"
        case (.seriesModified, .kos): isLater ? "M5 M7 M5" : "M5 M5"
        case (.seriesAdded, _): "M5 M7"
        case (.studyDeleted, _): "M5 N5"
        case (.studyMoved, _):
            // Of two studies with new UIDs: their order is nobody's matter.
            form == .sameUIDs ? isQuarantined ? "M5o N5o" : "M5o N5o M5n" : "M5n M5o N5o"
        case (.identityChanged, _), (.patientMerged, _), (.patientReconciled, _):
            form == .sameUIDs && isQuarantined ? "M5o N5o" : "M5o N5o M5n"
        }
    }
}

extension AcceptanceSheet.Document {
    fileprivate var short: String {
        let letter =
            switch kind {
            case .manifest: "M"
            case .rejectionNote: "N"
            case .other: "?"
            }
        return "\(letter)\(references)" + (patient == "the patient" ? "" : patient == "the old patient" ? "o" : "n")
    }
}

extension [String] {
    fileprivate func inOrder(of scenario: Scenario, _ form: Form) -> String {
        (scenario == .studyMoved && form != .sameUIDs ? sorted() : self).joined(separator: " ")
    }
}

/// A PACS that must not be asked for anything.
private final class Outsider: AssociationHandler {
    private let reached: @Sendable () -> Void

    init(_ reached: @escaping @Sendable () -> Void) { self.reached = reached }

    func accept(_ request: AssociationRequest) -> Admission {
        reached()
        return .reject(.noReasonGiven)
    }

    func store(_ instance: ReceivedInstance) -> StoreStatus { .success }

    func ended(_ summary: AssociationSummary) {}
}
