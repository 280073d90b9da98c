import DICOM
import Gateway
import KeyObjects
import Studies

/// What the configuration says that decides how a scenario ends.
struct Conditions: Sendable, Equatable {
    /// How the platform is told that instances go.
    var removal = Removal.iocmAndKOS
    /// What becomes of a copy whose instance was rejected.
    var policies: [RejectionTitle: ResendPolicy]
    /// Titles of notes that count for nothing.
    var ignored: Set<RejectionTitle> = []
    var excludedSOPClasses: Set<SOPClassUID> = []
    var listsOnlyImages = false

    init(_ configuration: Configuration, _ source: Configuration.SourceDefaults) {
        removal = configuration.manifest.removal
        policies = source.resendAfterRejection.policies
        ignored = Set(source.ignoredRejections)
        excludedSOPClasses = Set(configuration.manifest.excludedSOPClasses)
        listsOnlyImages = configuration.manifest.references == .imagesOnly
    }

    /// As the platform's table means it: what is sent corrected takes the place of what was rejected.
    var ofTable: Conditions {
        var table = self
        table.policies = Swift.Dictionary(uniqueKeysWithValues: RejectionTitle.allCases.map { ($0, .acceptIfChanged) })
        table.ignored = []
        return table
    }

    func lists(_ sopClass: SOPClassUID) -> Bool {
        !excludedSOPClasses.contains(sopClass) && (!listsOnlyImages || sopClass == .ctImage)
    }

    func policy(_ title: RejectionTitle) -> ResendPolicy { policies[title] ?? .quarantine }
}
