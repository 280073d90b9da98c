import DICOM
import Gateway
import KeyObjects
import Studies

/// The configuration as it is played: what stays, what is replaced, and what follows for the invented studies.
struct Setting {
    let conditions: Conditions
    let profile: ManifestProfile
    private let source: String
    /// Of the simulated PACS.
    let calling: AETitle
    /// Ours.
    let called: AETitle
    /// For the sheet.
    private(set) var replaced: [String] = []
    private var configuration: Configuration

    init(_ configuration: Configuration, _ options: Rehearsal.Options) throws(RehearsalError) {
        let source = try Self.source(options.source, in: configuration)
        calling = source.aeTitles.first ?? AETitle("REHEARSAL")
        self.source = source.name
        called = configuration.aeTitle
        conditions = Conditions(configuration, source.settings)
        profile = ManifestSettings(configuration, source: source).profile
        self.configuration = configuration
        replaceSource(source, options.quietPeriod)
        replaceDestinations()
    }

    /// The named one, the first one, or what peers belong to where there is none.
    private static func source(
        _ name: String?, in configuration: Configuration
    ) throws(RehearsalError) -> Configuration.Source {
        guard let name else {
            return configuration.sources.first
                ?? Configuration.Source(name: "any", settings: configuration.defaults)
        }
        guard let source = configuration.sources.first(where: { $0.name == name }) else {
            throw .unknownSource(name, known: configuration.sources.map(\.name))
        }
        return source
    }

    private mutating func replaceSource(_ source: Configuration.Source, _ quietPeriod: Duration) {
        var played = source
        played.networks = []
        played.settings.quietPeriod = quietPeriod
        if played.settings.complete != .timer || played.settings.pacs != nil {
            played.settings.complete = .timer
            played.settings.pacs = nil
            replaced.append("queries to the PACS, by none: a study is whole when its quiet period is over")
        }
        if played.settings.issuerOfPatientID == nil, configuration.knownIssuers.isEmpty {
            // As real headers would name it.
            played.settings.issuerOfPatientID = Configuration.Issuer(
                namespace: "REHEARSAL", universalID: "2.25.105820135310294582105")
            replaced.append("the issuer of Patient IDs that the source's headers name, by an invented one")
        }
        configuration.sources = [played]
        configuration.listen = ["127.0.0.1"]
        configuration.port = 0
        configuration.limits.diskReserve = 0
        replaced.append("the PACS of source '\(source.name)', by a simulated one that calls itself \(calling)")
        replaced.append("its networks and our addresses, by 127.0.0.1 and free ports")
        replaced.append("its quiet period of \(source.settings.quietPeriod), by \(quietPeriod)")
        replaced.append("the data directory, by a temporary one")
    }

    private mutating func replaceDestinations() {
        for destination in configuration.destinations {
            switch destination {
            case .platform(let platform):
                replaced.append("platform \(platform.aeTitle) at \(platform.host):\(platform.port), by a simulated one")
            case .folder: replaced.append("the folder of manifests, by a simulated platform")
            }
        }
        for destination in configuration.imageDestinations {
            replaced.append("image destination \(destination.name), by none: no image is sent on")
        }
        if configuration.platforms.count > 1 { replaced.append("several platforms, by the first of them alone") }
    }

    /// For the gateway.
    func configuration(platformPort: UInt16, data: String) -> Configuration {
        var played = configuration
        var platform =
            configuration.platforms.first
            ?? Configuration.Platform(aeTitle: AETitle("PLATFORM"), host: "", port: 0)
        platform.host = "127.0.0.1"
        platform.port = platformPort
        platform.retryDelay = .milliseconds(100)
        platform.retryCeiling = .seconds(1)
        played.platforms = [platform]
        played.imageDestinations = []
        played.dataDirectory = data
        played.socket = nil
        return played
    }

    /// What of it decides how the scenarios end.
    func words(_ name: String) -> [AcceptanceSheet.Choice] {
        let policies = RejectionTitle.allCases.map { "\($0.rawValue) \(conditions.policy($0).rawValue)" }
        var words: [AcceptanceSheet.Choice] = [
            .init("configuration", name), .init("source", source), .init("profile", profile.name),
            .init("removal", conditions.removal.rawValue), .init("re-sent UIDs", policies.joined(separator: ", ")),
        ]
        if !conditions.ignored.isEmpty {
            let ignored = conditions.ignored.map(\.rawValue).sorted()
            words.append(.init("ignored notes", ignored.joined(separator: ", ")))
        }
        return words
    }

    // MARK: What the invented objects must say

    var facts: InventedFacts {
        let hasIssuer = configuration.sources.first?.settings.issuerOfPatientID != nil
        return InventedFacts(issuer: hasIssuer ? nil : configuration.knownIssuers.first?.namespace)
    }

    /// The source's studies wait for their report.
    var hasReport: Bool { configuration.sources.first?.settings.waitsForReport ?? false }
}
