extension OperatorCommand {
    /// Its name and its arguments, as a request carries them.
    var words: (name: String, arguments: [(name: String, value: String)]) {
        switch self {
        case .status: ("status", [])
        case .studies(let state, let source, let since, let limit):
            ("studies", Self.given([("state", state), ("source", source), ("since", since), ("limit", "\(limit)")]))
        case .study(let study, let view): ("study", study.words + [("view", view.rawValue)])
        case .release(let study, let instances): ("release", study.words + instances.map { ("instance", $0) })
        case .releaseGroup(let reason, let source):
            ("release-group", Self.given([("reason", reason), ("source", source)]))
        case .hold(let study): ("hold", study.words)
        case .withdraw(let study, let title): ("withdraw", study.words + [("title", title)])
        case .adopt(let study): ("adopt", study.words)
        case .retry(let target, let study): ("retry", Self.given([("target", target), ("study", study)]))
        case .destinations: ("destinations", [])
        case .destination(let name): ("destination", [("destination", name)])
        case .changeDestination(let name, let change):
            ("destination-change", [("destination", name), ("change", change.rawValue)])
        case .publish(let name, let since): ("destination-publish", [("destination", name), ("since", since)])
        case .deadLetters(let destination, let study):
            ("dead-letters", Self.given([("destination", destination), ("study", study)]))
        case .deadLetter(let id, let showsManifest):
            ("dead-letter", [("id", id), ("manifest", "\(showsManifest)")])
        case .dropDeadLetters(let target, let study):
            ("drop-dead-letters", Self.given([("target", target), ("study", study)]))
        case .quarantine: ("quarantine", [])
        case .forget(let id): ("forget", [("id", "\(id)")])
        case .reconcile(let days): ("reconcile", [("days", "\(days)")])
        }
    }

    private static func given(_ arguments: [(String, String?)]) -> [(name: String, value: String)] {
        arguments.compactMap { name, value in value.map { (name, $0) } }
    }

    init(name: String, _ words: inout RequestWords) throws(OperatorRefusal) {
        switch name {
        case "status": self = .status
        case "studies":
            self = .studies(
                state: try words.optional("state"), source: try words.optional("source"),
                since: try words.optional("since"), limit: try words.number("limit", 1...1_000_000))
        case "study": self = .study(try Study(&words), view: try words.choice("view"))
        case "release": self = .release(try Study(&words), instances: words.all("instance"))
        case "release-group":
            self = .releaseGroup(reason: try words.required("reason"), source: try words.optional("source"))
        case "hold": self = .hold(try Study(&words))
        case "withdraw": self = .withdraw(try Study(&words), title: try words.required("title"))
        case "adopt": self = .adopt(try Study(&words))
        case "retry": self = .retry(target: try words.optional("target"), study: try words.optional("study"))
        case "destinations": self = .destinations
        case "destination": self = .destination(try words.required("destination"))
        case "destination-change":
            self = .changeDestination(try words.required("destination"), try words.choice("change"))
        case "destination-publish":
            self = .publish(try words.required("destination"), since: try words.required("since"))
        case "dead-letters":
            self = .deadLetters(destination: try words.optional("destination"), study: try words.optional("study"))
        case "dead-letter":
            self = .deadLetter(id: try words.required("id"), showsManifest: try words.truth("manifest"))
        case "drop-dead-letters":
            self = .dropDeadLetters(target: try words.required("target"), study: try words.optional("study"))
        case "quarantine": self = .quarantine
        case "forget": self = .forget(try words.number("id", 1...Int64.max))
        case "reconcile": self = .reconcile(days: try words.number("days", 1...3650))
        case _: throw OperatorRefusal("this gateway knows no command '\(name)'; its version is \(Version.text)")
        }
    }
}

extension OperatorCommand.Study {
    fileprivate var words: [(name: String, value: String)] {
        [("study", uid)] + (source.map { [("source", $0)] } ?? [])
    }

    fileprivate init(_ words: inout RequestWords) throws(OperatorRefusal) {
        self.init(uid: try words.required("study"), source: try words.optional("source"))
    }
}
