import DICOM
import Gateway
import KeyObjects

/// What the configuration says that decides how a scenario ends.
struct Conditions: Sendable, Equatable {
    /// How the platform is told that instances go (`removal` under `[manifest]`).
    enum Removal: String {
        case noteAndManifest = "iocm+kos"
        case note = "iocm"
        case manifest = "kos"
    }

    /// What becomes of a copy whose instance was rejected (`resend_after_rejection` of the source).
    enum ResendPolicy: String {
        case refuse
        case quarantine
        case acceptIfCorrected = "accept_if_corrected"
        case acceptIfChanged = "accept_if_changed"
        case accept
    }

    var removal: Removal = .noteAndManifest
    var policies: [RejectionTitle: ResendPolicy] = [:]
    /// Titles of notes that count for nothing (`ignored_rejections` of the source).
    var ignored: Set<RejectionTitle> = []
    var excludedSOPClasses: Set<SOPClassUID> = []
    var listsOnlyImages = false

    /// As the platform's table means it: what is sent corrected takes the place of what was rejected.
    static let table = Conditions(policies: .acceptIfChanged)

    private init(policies policy: ResendPolicy) {
        policies = Swift.Dictionary(uniqueKeysWithValues: RejectionTitle.allCases.map { ($0, policy) })
    }

    init(_ configuration: Configuration, _ source: Configuration.SourceDefaults) {
        policies = [
            .quality: .acceptIfChanged, .patientSafety: .quarantine, .incorrectWorklistEntry: .quarantine,
            .retentionExpired: .accept,
        ]
        excludedSOPClasses = Set(configuration.manifest.excludedSOPClasses)
        listsOnlyImages = configuration.manifest.references == .imagesOnly
    }

    /// The table's own end depends on nothing but what is listed at all.
    var ofTable: Conditions {
        var table = self
        table.policies = Self.table.policies
        table.ignored = []
        return table
    }

    func lists(_ sopClass: SOPClassUID) -> Bool {
        !excludedSOPClasses.contains(sopClass) && (!listsOnlyImages || sopClass == .ctImage)
    }

    func policy(_ title: RejectionTitle) -> ResendPolicy { policies[title] ?? .quarantine }
}
