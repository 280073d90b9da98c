import DICOM

/// Which image destinations want an instance: what a rule asks of its association and command is known when it begins, the
/// rest when its header has come.
struct ImageRules: Sendable {
    private struct Destination {
        let name: String
        let aeTitle: AETitle
        let takesNotes: Bool
        let rules: [Configuration.ImageRule]
    }

    private let destinations: [Destination]

    init(_ destinations: [Configuration.ImageDestination]) {
        self.destinations = destinations.map {
            Destination(name: $0.name, aeTitle: $0.aeTitle, takesNotes: $0.takesRejectionNotes, rules: $0.rules)
        }
    }

    var isEmpty: Bool { destinations.isEmpty }

    var names: Set<String> { Set(destinations.map(\.name)) }

    /// The destinations that are sent rejection notes.
    var takingNotes: Set<String> { Set(destinations.filter(\.takesNotes).map(\.name)) }

    /// Whether some instance of such an association may be wanted.
    func mayWant(source: String, called: AETitle) -> Bool {
        destinations.contains { $0.rules.contains { $0.mayFit(source: source, called: called) } }
    }

    /// The destinations that may want an instance, each with the rules that are left to its header; none: it is not
    /// wanted, whatever its header says. What comes from a destination does not go back to it: one that sends on what it
    /// gets would never end.
    func candidates(source: String, calling: AETitle, called: AETitle, sopClass: SOPClassUID) -> ImageCandidates {
        ImageCandidates(
            destinations: destinations.filter { $0.aeTitle != calling }.compactMap { destination in
                let rules = destination.rules.filter {
                    $0.mayFit(source: source, called: called)
                        && ($0.sopClasses.isEmpty || $0.sopClasses.contains(sopClass))
                }
                return rules.isEmpty ? nil : (destination.name, rules)
            })
    }
}

extension Configuration.ImageRule {
    fileprivate func mayFit(source: String, called: AETitle) -> Bool {
        (sources.isEmpty || sources.contains(source)) && (self.called.isEmpty || self.called.contains(called))
    }
}

/// Destinations that may want one instance, by what was known of it before its header.
struct ImageCandidates: Sendable {
    fileprivate let destinations: [(name: String, rules: [Configuration.ImageRule])]

    var isEmpty: Bool { destinations.isEmpty }

    var names: [String] { destinations.map(\.name) }

    /// Names of the destinations that want it, in the order of the configuration.
    /// - Parameter capture: of its header; what it does not have fits no condition.
    func wanting(_ capture: HeaderCapture) -> [String] {
        let needed = Set(destinations.flatMap(\.rules).flatMap(\.elementsAskedFor))
        let values = needed.isEmpty ? [:] : HeaderValues.read(needed, of: capture)
        return destinations.filter { $0.rules.contains { $0.fits(values) } }.map(\.name)
    }
}

extension Configuration.ImageRule {
    fileprivate var elementsAskedFor: [Tag] { (modalities.isEmpty ? [] : [.modality]) + elements.map(\.tag) }

    fileprivate func fits(_ values: [Tag: [String]]) -> Bool {
        let found = values[.modality] ?? []
        guard modalities.isEmpty || found.contains(where: modalities.contains) else { return false }
        return elements.allSatisfy { condition in (values[condition.tag] ?? []).contains(where: condition.fits) }
    }
}

extension Configuration.ElementCondition {
    fileprivate func fits(_ value: String) -> Bool {
        if let equals, value != equals { return false }
        if let oneOf, !oneOf.contains(value) { return false }
        return matches.map { ValuePattern($0).matches(value) } ?? true
    }
}
