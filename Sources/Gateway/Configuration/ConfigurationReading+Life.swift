import Studies

/// What no single key about the life of a study can tell.
extension ConfigurationReading {
    mutating func checkLives(_ configuration: Configuration) {
        checkLife(configuration.defaults, at: "defaults")
        for (index, source) in configuration.sources.enumerated() {
            checkLife(source.settings, at: "source[\(index)]")
        }
        checkPACS(configuration)
        if configuration.manifest.requiresRecipients, configuration.manifest.recipients.isEmpty {
            remark(
                "no [[manifest.recipient]] is there, so 'manifest.recipients_required' holds every study",
                at: places["manifest.recipients_required"])
        }
        if configuration.manifest.removal == .kos, let place = places["manifest.rejection_notes"] {
            remark("'manifest.removal = \"kos\"' sends no rejection notes: 'rejection_notes' says nothing", at: place)
        }
    }

    /// Whoever asks the PACS must know it, by its own table or by the defaults'.
    private mutating func checkPACS(_ configuration: Configuration) {
        let asks = { (settings: Configuration.SourceDefaults) in settings.complete != .timer && settings.pacs == nil }
        for (index, source) in configuration.sources.enumerated() where asks(source.settings) {
            fault(
                "source '\(source.name)' has 'complete = \"\(source.settings.complete.rawValue)\"', which needs "
                    + "[source.pacs] or [defaults.pacs]",
                at: places["source[\(index)].complete"] ?? places["source[\(index)]"])
        }
        guard configuration.acceptsUnknownPeers, asks(configuration.defaults) else { return }
        fault(
            "'defaults.complete = \"\(configuration.defaults.complete.rawValue)\"' needs [defaults.pacs]",
            at: places["defaults.complete"])
    }

    private mutating func checkLife(_ settings: Configuration.SourceDefaults, at path: String) {
        if settings.qualityAssuranceValue != nil, settings.qualityAssuranceTag == nil,
            let place = places["\(path).quality_assurance_value"]
        {
            fault("'\(path).quality_assurance_value' needs 'quality_assurance_tag'", at: place)
        }
        guard let url = settings.retrieveURL, let place = places["\(path).retrieve_url"] else { return }
        let rest = url.replacing("{study}", with: "").replacing("{series}", with: "")
        guard let brace = rest.firstIndex(where: { "{}".contains($0) }) else { return }
        let end = rest[brace...].firstIndex(of: "}") ?? rest.index(before: rest.endIndex)
        fault(
            "'\(path).retrieve_url' has '\(rest[brace...end])', which stands for nothing: {study} and {series} do",
            at: place)
    }
}
