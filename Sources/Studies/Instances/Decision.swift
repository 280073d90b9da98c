public import DICOM

/// What an operator decided on a study: an arrival like any other, so that a replay finds it at its place.
public struct Decision: Hashable, Sendable {
    public enum Action: Hashable, Sendable {
        /// Lifts the holds of these codes, and `Decision.heldByHand` among them the operator's own. Makes the named
        /// instances live, rejected or quarantined; nil: every instance that is quarantined now.
        case release(holds: Set<String>, instances: [InstanceUID]?)
        /// Nothing of the study is published until it is released.
        case hold
        /// Rejects all that is live, as a note of this title would.
        case withdraw(title: String)
    }

    /// The code under which `release` lifts what `hold` put.
    public static let heldByHand = "held-by-hand"

    public var action: Action
    /// Who decided.
    public var by: String
    public var why: String

    public init(_ action: Action, by: String, why: String) {
        self.action = action
        self.by = by
        self.why = why
    }
}

extension Decision {
    /// For a record: lines, from which `init(text:)` makes it again.
    public var text: String {
        var lines: [String] =
            switch action {
            case .release(_, nil): ["release all"]
            case .release(_, .some): ["release"]
            case .hold: ["hold"]
            case .withdraw(let title): ["withdraw", title]
            }
        lines += [by, why]
        if case .release(let holds, let instances) = action {
            lines += [String(holds.count)] + holds.sorted() + (instances ?? []).map(\.text)
        }
        return RecordLines.joined(lines)
    }

    /// Nil when the text is no decision.
    public init?(text: String) {
        var lines = RecordLines(text)
        let word = lines.next()
        var title = ""
        if word == "withdraw" {
            guard let next = lines.next() else { return nil }
            title = next
        }
        guard let by = lines.next(), let why = lines.next() else { return nil }
        switch word {
        case "hold": self.init(.hold, by: by, why: why)
        case "withdraw": self.init(.withdraw(title: title), by: by, why: why)
        case "release", "release all":
            guard let count = lines.nextCount(), let holds = lines.next(count) else { return nil }
            let instances = lines.rest().map { InstanceUID($0) }
            guard word == "release" || instances.isEmpty else { return nil }
            self.init(
                .release(holds: Set(holds), instances: word == "release" ? instances : nil), by: by, why: why)
        default: return nil
        }
        guard lines.isAtEnd else { return nil }
    }
}
