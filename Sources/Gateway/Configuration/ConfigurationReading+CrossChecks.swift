import DICOM
import KeyObjects

/// What no single key can tell.
extension ConfigurationReading {
    mutating func crossCheck(_ configuration: Configuration) {
        checkDestination(configuration)
        checkImageDestinations(configuration)
        checkWelcome(configuration)
        checkSources(configuration.sources)
        checkManifest(configuration)
        checkIssuer(configuration.defaults.issuerOfPatientID, in: "defaults.issuer_of_patient_id", configuration)
        checkIssuer(
            configuration.defaults.issuerOfAccessionNumber, in: "defaults.issuer_of_accession_number", configuration)
        var namespaces: Set<String?> = []
        for (index, issuer) in configuration.knownIssuers.enumerated() {
            checkIssuer(issuer, in: "known_issuer[\(index)]", configuration)
            if !namespaces.insert(issuer.namespace).inserted {
                fault("'\(issuer.namespaceText)' is a known issuer already", at: places["known_issuer[\(index)]"])
            }
        }
        for (index, source) in configuration.sources.enumerated() {
            let path = "source[\(index)]"
            checkIssuer(source.settings.issuerOfPatientID, in: "\(path).issuer_of_patient_id", configuration)
            checkIssuer(
                source.settings.issuerOfAccessionNumber, in: "\(path).issuer_of_accession_number", configuration)
        }
        checkLives(configuration)
    }

    private mutating func checkWelcome(_ configuration: Configuration) {
        if configuration.listen.isEmpty, places["gateway.listen"] != nil {
            fault("'gateway.listen' names no address", at: places["gateway.listen"])
        }
        guard configuration.sources.isEmpty, !configuration.acceptsUnknownPeers else { return }
        let place = places["gateway.accept_any_calling_ae_title"] ?? places["gateway.listen"]
        fault(
            "nobody may send: name the peers in [[source]] tables, or set 'gateway.accept_any_calling_ae_title = true'",
            at: place)
    }

    /// Each source against those before it; of several that it collides with, the first is named.
    private mutating func checkSources(_ sources: [Configuration.Source]) {
        var names: [String: Int] = [:]
        var owners: [AETitle: [Int]] = [:]
        var locations: [AETitle: Int] = [:]
        for (index, source) in sources.enumerated() {
            let path = "source[\(index)]"
            if let earlier = names[source.name], !source.name.isEmpty {
                fault("source name '\(source.name)' is taken\(line(ofSource: earlier))", at: places["\(path).name"])
            }
            names[source.name] = names[source.name] ?? index
            checkPeers(of: source, at: places["\(path).ae_titles"] ?? places[path], against: sources, owners)
            for title in Set(source.aeTitles) { owners[title, default: []].append(index) }
            checkLocation(of: source.settings, at: path, against: sources, &locations, index)
            if source.aeTitles.isEmpty, source.networks.isEmpty, index < sources.count - 1 {
                fault(
                    "source '\(source.name)' names neither ae_titles nor networks: it takes every peer, and the "
                        + "sources after it none", at: places[path])
            }
        }
    }

    private func line(ofSource index: Int) -> String { places["source[\(index)]"].map { " (line \($0.line))" } ?? "" }

    private mutating func checkPeers(
        of source: Configuration.Source, at place: TOMLNode.Place?, against sources: [Configuration.Source],
        _ owners: [AETitle: [Int]]
    ) {
        for title in source.aeTitles {
            let earlier = owners[title]?.first { index in
                let other = sources[index].networks
                return source.networks.isEmpty || other.isEmpty
                    || source.networks.contains { network in other.contains { $0.overlaps(network) } }
            }
            guard let earlier else { continue }
            let owner = "'\(sources[earlier].name)'\(line(ofSource: earlier))"
            fault("AE title '\(title)' already belongs to source \(owner)", at: place)
        }
    }

    /// A platform asks by the pair: one AE title must not stand for two locations.
    private mutating func checkLocation(
        of settings: Configuration.SourceDefaults, at path: String, against sources: [Configuration.Source],
        _ locations: inout [AETitle: Int], _ index: Int
    ) {
        guard let title = settings.retrieveAETitle, let uid = settings.retrieveLocationUID else { return }
        guard let earlier = locations[title] else {
            locations[title] = index
            return
        }
        guard let other = sources[earlier].settings.retrieveLocationUID, uid != other else { return }
        let owner = "'\(sources[earlier].name)'\(line(ofSource: earlier))"
        fault(
            "retrieve AE title '\(title)' has another location UID in source \(owner): \(other)",
            at: places["\(path).retrieve_location_uid"] ?? places[path])
    }

    private mutating func checkManifest(_ configuration: Configuration) {
        let manifest = configuration.manifest
        if manifest.fixedAuthor != nil, manifest.author != .fixed {
            fault(
                "[manifest.fixed_author] needs 'manifest.author = \"fixed\"', not \"\(manifest.author.rawValue)\"",
                at: places["manifest.author"])
        }
        let demands = manifest.profile.demands
        let keys = [
            ("retrieve_ae_title", ManifestProfile.Demand.retrieveAETitle),
            ("retrieve_location_uid", .retrieveLocationUID),
        ]
        for (index, source) in configuration.sources.enumerated() {
            for (key, demand) in keys where demands.contains(demand) {
                guard places["source[\(index)].\(key)"] == nil, places["defaults.\(key)"] == nil else { continue }
                fault(missing(key, for: source, manifest.profile), at: places["source[\(index)]"])
            }
        }
    }

    private func missing(_ key: String, for source: Configuration.Source, _ profile: ManifestProfile) -> String {
        "source '\(source.name)' has no '\(key)', which profile \"\(profile.name)\" demands; give it here or in [defaults]"
    }
}

// MARK: - Identity domains

extension ConfigurationReading {
    private mutating func checkIssuer(
        _ issuer: Configuration.Issuer?, in path: String, _ configuration: Configuration
    ) {
        guard let issuer, let place = places[path] else { return }
        if places["\(path).namespace"] == nil, places["\(path).universal_id"] == nil {
            fault("'\(path)' has neither 'namespace' nor 'universal_id'", at: place)
        }
        guard let id = issuer.universalID else { return }
        let idPlace = places["\(path).universal_id"] ?? place
        if issuer.universalIDType == .iso, !StudyUID(id).isValid {
            fault("'\(path).universal_id' of type ISO must be an OID, not \(TOMLText.string(id))", at: idPlace)
        }
        guard let domain = NationalIdentityDomain(rawValue: id) else { return }
        switch (domain, configuration.environment) {
        case (.insC, _):
            remark(
                "INS-C (\(id)) is obsolete since the INS became mandatory; INS-NIR is 1.2.250.1.213.1.4.8", at: idPlace)
        case (.insNIR, .test), (.insNIA, .test):
            fault("\(id) is the production domain of the INS, and 'gateway.environment' is \"test\"", at: idPlace)
        case (.insTest, .production), (.insDemonstration, .production):
            fault("\(id) is a test domain of the INS, and 'gateway.environment' is \"production\"", at: idPlace)
        case (.insNIR, .production), (.insNIA, .production), (.insTest, .test), (.insDemonstration, .test): break
        }
    }
}

/// The OIDs of the French national health identity.
private enum NationalIdentityDomain: String {
    case insC = "1.2.250.1.213.1.4.2"
    case insNIR = "1.2.250.1.213.1.4.8"
    case insNIA = "1.2.250.1.213.1.4.9"
    case insTest = "1.2.250.1.213.1.4.10"
    case insDemonstration = "1.2.250.1.213.1.4.11"
}
