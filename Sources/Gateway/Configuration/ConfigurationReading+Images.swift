import DICOM

/// What no single key of an image destination can tell.
extension ConfigurationReading {
    mutating func checkImageDestinations(_ configuration: Configuration) {
        var names: [String: String] = [:]
        for destination in configuration.destinations {
            let line = places["platform"].map { " (line \($0.line))" } ?? ""
            switch destination {
            case .platform: names[destination.outbox] = "a platform's\(line)"
            case .folder: names[destination.outbox] = "that of the folder of manifests"
            }
        }
        for (index, destination) in configuration.imageDestinations.enumerated() {
            let path = "image_destination[\(index)]"
            if let owner = names[destination.name] {
                fault("the name '\(destination.name)' is \(owner) already", at: places["\(path).name"])
            } else {
                let line = places[path].map { " (line \($0.line))" } ?? ""
                names[destination.name] = "another image destination's\(line)"
            }
            if destination.retryDelay > destination.retryCeiling {
                fault(
                    "'\(path).retry_delay' is longer than '\(path).retry_ceiling'",
                    at: places["\(path).retry_delay"] ?? places["\(path).retry_ceiling"])
            }
            if isSelf(destination, configuration) {
                fault(
                    "\(destination.host):\(destination.port) is this gateway itself: what it sent would come back to it",
                    at: places["\(path).port"] ?? places["\(path).host"])
            }
            let rules = places["\(path).rule"]
            // Rules that could not be read are told already.
            if destination.rules.isEmpty, rules == nil || !faults.contains(where: { $0.line == rules?.line }) {
                fault(
                    "image destination '\(destination.name)' has no [[image_destination.rule]]: nothing would be sent "
                        + "to it; a rule without keys wants everything", at: places[path])
            }
            for (number, rule) in destination.rules.enumerated() {
                check(rule, at: "\(path).rule[\(number)]", configuration)
            }
        }
    }

    private func isSelf(_ destination: Configuration.ImageDestination, _ configuration: Configuration) -> Bool {
        guard destination.port == configuration.port else { return false }
        return configuration.listen.contains { address in
            address == destination.host
                || (address == "0.0.0.0" || address == "::" || IPNetwork.isLoopback(address))
                    && (destination.host == "localhost" || IPNetwork.isLoopback(destination.host))
        }
    }

    /// What a rule names must be able to come.
    private mutating func check(
        _ rule: Configuration.ImageRule, at path: String, _ configuration: Configuration
    ) {
        let known =
            configuration.sources.map(\.name) + (configuration.acceptsUnknownPeers ? [Configuration.anySource] : [])
        for source in rule.sources where !known.contains(source) {
            let hint = Spelling.nearest(to: source, in: known).map { "; did you mean '\($0)'?" } ?? ""
            fault("no source is called '\(source)', so the rule fits nothing\(hint)", at: places["\(path).source"])
        }
        for title in rule.called where title != configuration.aeTitle && !configuration.acceptsAnyCalledAETitle {
            fault(
                "'\(title)' is not our AE title, so the rule fits nothing: set 'gateway.accept_any_called_ae_title = "
                    + "true' for peers to call it", at: places["\(path).called"])
        }
        for modality in rule.modalities where modality != modality.uppercased() {
            fault(
                "'\(modality)' is no modality, so the rule fits nothing: write '\(modality.uppercased())'",
                at: places["\(path).modality"])
        }
        for (index, condition) in rule.elements.enumerated() {
            check(condition, at: "\(path).element[\(index)]")
        }
    }

    private mutating func check(_ condition: Configuration.ElementCondition, at path: String) {
        if !["equals", "matches", "in"].contains(where: { places["\(path).\($0)"] != nil }) {
            fault("an element needs 'equals', 'matches' or 'in'", at: places[path])
        }
        if let equals = condition.equals, let oneOf = condition.oneOf, !oneOf.isEmpty, !oneOf.contains(equals) {
            fault("'in' does not have '\(equals)', so the rule fits nothing", at: places["\(path).in"])
        }
        if condition.oneOf?.isEmpty == true {
            fault("'in' names no value, so the rule fits nothing", at: places["\(path).in"])
        }
    }
}
