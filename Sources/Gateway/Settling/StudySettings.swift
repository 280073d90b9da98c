import KeyObjects

/// What the configuration says of the studies of one source.
struct StudySettings: Sendable {
    let source: Configuration.SourceDefaults
    let manifest: ManifestSettings
    /// Names of the outboxes.
    let destinations: [String]

    init(_ configuration: Configuration, source: Configuration.Source) {
        self.source = source.settings
        manifest = ManifestSettings(configuration, source: source)
        destinations = configuration.destinations.map(\.outbox)
    }
}
