/// What reading gathers: everything wrong, so that an operator sees it at once.
struct ConfigurationReading {
    /// All of the file could be read: what is not there was not written.
    var isComplete = true
    var faults: [ConfigurationFault] = []
    var remarks: [ConfigurationFault] = []
    /// Where each table of the file that became a value stands, by its path: `source[1].name`.
    var places: [String: TOMLNode.Place] = [:]

    mutating func fault(_ message: String, at place: TOMLNode.Place?) {
        faults.append(ConfigurationFault(message, at: place))
    }

    /// A value that is not what its key takes.
    mutating func mismatch<Value>(_ path: String, _ kind: ConfigurationValue<Value>, _ node: TOMLNode) {
        var hint = ""
        if case .string(let text) = node.value, let nearest = Spelling.nearest(to: text, in: kind.choices) {
            hint = "; did you mean \(TOMLText.string(nearest))?"
        }
        fault("'\(path)' must be \(kind.expects), not \(node.shown)\(hint)", at: node.place)
    }

    mutating func remark(_ message: String, at place: TOMLNode.Place?) {
        remarks.append(ConfigurationFault(message, at: place))
    }
}

extension ConfigurationReading {
    /// Fills `root` from `node` as `keys` says; what is not there keeps its value.
    ///
    /// - Parameter path: of the table, empty for the document.
    mutating func read<Root>(_ node: TOMLNode, as keys: [ConfigurationKey<Root>], into root: inout Root, path: String) {
        guard case .table(let members) = node.value else {
            return fault("'\(path)' must be a table, not \(node.kind)", at: node.place)
        }
        for key in keys {
            let name = path.isEmpty ? key.name : "\(path).\(key.name)"
            if let member = members[key.name] {
                places[name] = member.place
                key.read(&root, member, &self, name)
            } else if key.isRequired, isComplete {
                fault("\(Self.table(path)) has no '\(key.name)', which must be given: \(key.expects)", at: node.place)
            }
        }
        let known = keys.map(\.name)
        for (name, member) in members where !known.contains(name) {
            let hint = Spelling.nearest(to: name, in: known).map { "; did you mean '\($0)'?" } ?? ""
            let all = hint.isEmpty ? "; it knows: \(known.joined(separator: ", "))" : ""
            fault("unknown key '\(name)' in \(Self.table(path))\(hint)\(all)", at: member.place)
        }
    }

    private static func table(_ path: String) -> String { path.isEmpty ? "the file" : "[\(path)]" }
}

/// Which word was meant.
enum Spelling {
    /// The candidate that takes the fewest edits, if these are few for the length of the word.
    static func nearest(to word: String, in candidates: [String]) -> String? {
        let normal = normalized(word)
        let ranked = candidates.map { (candidate: $0, edits: distance(normal, normalized($0))) }
        let best = ranked.min { ($0.edits, $0.candidate) < ($1.edits, $1.candidate) }
        guard let best, best.edits <= max(2, normal.count / 3), best.edits < normal.count else {
            return candidates.first { normalized($0).split(separator: "_").contains(Substring(normal)) }
        }
        return best.candidate
    }

    private static func normalized(_ word: String) -> String {
        String(word.lowercased().map { $0 == "-" || $0 == " " ? "_" : $0 })
    }

    /// Levenshtein's distance.
    static func distance(_ a: String, _ b: String) -> Int {
        let (from, to) = (Array(a.unicodeScalars), Array(b.unicodeScalars))
        var row = Array(0...to.count)
        for (i, x) in from.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in to.enumerated() {
                let substituted = diagonal + (x == y ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, diagonal + 1, row[j] + 1)
            }
        }
        return row[to.count]
    }
}
