import DICOM

/// As kept in the spool: a line for each value, the format's number first.
extension Standing {
    public var record: [UInt8] {
        // A binary that knows none that were replaced reads every record that has none.
        var lines = [replaced.isEmpty ? "2" : "3", String(held.count)]
        for holding in held { lines += holding.lines }
        lines.append(String(steps.count))
        for step in steps { lines += step.lines }
        lines.append(String(lineage.count))
        for publication in lineage { lines += publication.lines }
        if !replaced.isEmpty { lines.append(String(replaced.count)) }
        for holding in replaced { lines += holding.lines }
        return Array(RecordLines.joined(lines).utf8)
    }

    /// Nil when the bytes are not a record of a known format. One of format 1, a single publication, is read as a
    /// manifest that is held.
    public init?(record: [UInt8]) {
        var lines = RecordLines(String(decoding: record, as: UTF8.self))
        let format = lines.next()
        switch format {
        case "1":
            guard let publication = Publication(formatOne: record) else { return nil }
            held = [Holding(publication: publication, isCertain: true)]
            lineage = [publication]
        case "2", "3":
            guard let holdings = Holding.list(&lines) else { return nil }
            held = holdings
            guard let count = lines.nextCount() else { return nil }
            for _ in 0..<count {
                guard let step = Step(&lines) else { return nil }
                steps.append(step)
            }
            guard let count = lines.nextCount() else { return nil }
            for _ in 0..<count {
                guard let publication = Publication(&lines) else { return nil }
                lineage.append(publication)
            }
            if format == "3" {
                guard let holdings = Holding.list(&lines) else { return nil }
                replaced = holdings
            }
            guard lines.isAtEnd else { return nil }
        default: return nil
        }
    }
}

extension Standing.Holding {
    fileprivate var lines: [String] {
        publication.lines + [isCertain ? "certain" : "uncertain", String(withdrawn.count)] + withdrawn.map(\.text)
            + [String(doubtful.count)] + doubtful.map(\.text)
    }

    fileprivate static func list(_ lines: inout RecordLines) -> [Self]? {
        guard let count = lines.nextCount() else { return nil }
        var holdings: [Self] = []
        for _ in 0..<count {
            guard let holding = Self(&lines) else { return nil }
            holdings.append(holding)
        }
        return holdings
    }

    fileprivate init?(_ lines: inout RecordLines) {
        guard let publication = Publication(&lines), let word = lines.next(), ["certain", "uncertain"].contains(word),
            let count = lines.nextCount(), let withdrawn = lines.next(count),
            let count = lines.nextCount(), let doubtful = lines.next(count)
        else { return nil }
        self.init(
            publication: publication, withdrawn: Set(withdrawn.map { InstanceUID($0) }),
            doubtful: Set(doubtful.map { InstanceUID($0) }), isCertain: word == "certain")
    }
}

extension Standing.Step {
    fileprivate var lines: [String] {
        switch kind {
        case .publish(let publication, let isFirst):
            return [isFirst ? "publish first" : "publish", identity, state.word] + publication.lines
        case .withdraw(let references, let publication, let title, let clears):
            return ["withdraw", identity, state.word] + publication.lines + [title, String(clears.count)] + clears
                + [String(references.count)] + references.map(\.text)
        }
    }

    fileprivate init?(_ lines: inout RecordLines) {
        guard let word = lines.next(), let identity = lines.next(),
            let state = lines.next().flatMap({ Standing.DeliveryState(word: $0) }),
            let publication = Publication(&lines)
        else { return nil }
        switch word {
        case "publish", "publish first":
            self.init(identity: identity, kind: .publish(publication, isFirst: word == "publish first"), state: state)
        case "withdraw":
            guard let title = lines.next(), let clearCount = lines.nextCount(), let clears = lines.next(clearCount),
                let count = lines.nextCount(), let references = lines.next(count)
            else { return nil }
            let kind = Kind.withdraw(
                references: references.map { InstanceUID($0) }, of: publication, title: title, clears: clears)
            self.init(identity: identity, kind: kind, state: state)
        default: return nil
        }
    }
}

extension Standing.DeliveryState {
    fileprivate var word: String {
        switch self {
        case .waiting: "waiting"
        case .begun: "begun"
        case .dead(mayBeHeld: false): "dead"
        case .dead(mayBeHeld: true): "dead, may be held"
        }
    }

    fileprivate init?(word: String) {
        let states: [Standing.DeliveryState] = [.waiting, .begun, .dead(mayBeHeld: false), .dead(mayBeHeld: true)]
        guard let state = states.first(where: { $0.word == word }) else { return nil }
        self = state
    }
}
