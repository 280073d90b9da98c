import KeyObjects
import Studies

/// What the configuration says of the studies of one source.
struct StudySettings: Sendable {
    let source: Configuration.SourceDefaults
    let manifest: ManifestSettings
    let removal: Removal
    /// A note of the PACS is sent on bit for bit where it says just what is withdrawn.
    let relaysNotes: Bool
    /// Names of the outboxes.
    let destinations: [String]

    init(_ configuration: Configuration, source: Configuration.Source) {
        self.source = source.settings
        manifest = ManifestSettings(configuration, source: source)
        removal = configuration.manifest.removal
        relaysNotes = configuration.manifest.rejectionNotes == .relay
        destinations = configuration.destinations.map(\.outbox)
    }
}
