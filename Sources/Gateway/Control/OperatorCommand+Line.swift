extension OperatorCommand {
    /// As it is given in a shell, and stands in the log: `kosgate destination telemedicine pause`.
    var line: String {
        (["kosgate"] + arguments.map(Self.quoted)).joined(separator: " ")
    }

    private var arguments: [String] {
        switch self {
        case .status: ["status"]
        case .studies(let state, let source, let since, let limit):
            ["studies"] + Self.option("state", state) + Self.option("source", source) + Self.option("since", since)
                + ["--limit", "\(limit)"]
        case .study(let study, .life): ["study"] + study.arguments
        case .study(let study, .diff): ["study"] + study.arguments + ["--diff"]
        case .study(let study, .manifest): ["study"] + study.arguments + ["--manifest"]
        case .release(let study, let instances):
            ["release"] + study.arguments + instances.flatMap { Self.option("instance", $0) }
        case .releaseGroup(let reason, let source): ["release", "--reason", reason] + Self.option("source", source)
        case .hold(let study): ["hold"] + study.arguments
        case .withdraw(let study, let title): ["withdraw"] + study.arguments + ["--title", title]
        case .adopt(let study): ["adopt"] + study.arguments
        case .retry(let target, let study): ["retry", target ?? "--all"] + Self.option("study", study)
        case .destinations: ["destinations"]
        case .destination(let name): ["destination", name]
        case .changeDestination(let name, let change): ["destination", name, change.rawValue]
        case .publish(let name, let since): ["destination", name, "publish", "--since", since]
        case .deadLetters(let destination, let study):
            ["dead-letters"] + (destination.map { [$0] } ?? []) + Self.option("study", study)
        case .deadLetter(let id, let showsManifest): ["dead-letters", id] + (showsManifest ? ["--manifest"] : [])
        case .dropDeadLetters(let target, let study):
            ["dead-letters", "--drop", target] + Self.option("study", study)
        case .quarantine: ["quarantine"]
        case .forget(let id): ["quarantine", "--forget", "\(id)"]
        case .reconcile(let days): ["reconcile", "--days", "\(days)"]
        }
    }

    fileprivate static func option(_ name: String, _ value: String?) -> [String] {
        value.map { ["--\(name)", $0] } ?? []
    }

    /// So that where an argument ends is seen, whatever is in it.
    private static func quoted(_ argument: String) -> String {
        let isPlain = argument.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.:@/+".contains($0)) }
        return isPlain && !argument.isEmpty ? argument : TOMLText.string(argument)
    }
}

extension OperatorCommand.Study {
    fileprivate var arguments: [String] { [uid] + OperatorCommand.option("source", source) }
}
