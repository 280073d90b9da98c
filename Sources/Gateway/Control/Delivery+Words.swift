import DICOM
import Spool

extension Delivery {
    var stateName: String {
        switch state {
        case .waiting: "waiting"
        case .begun: "tried"
        case .dead: "dead"
        }
    }

    func json(_ study: StudyEntry?) -> JSONText {
        .object([
            ("id", .number(Int(id.value))), ("destination", .string(destination)),
            ("source", study.map { .string($0.source) } ?? .null), ("study", study.map { .string($0.uid) } ?? .null),
            ("sop_instance_uid", .string(identity)), ("version", .string(version)), ("state", .string(stateName)),
            ("queued", ControlTime.json(queuedAt)), ("attempts", .number(attempts)),
            ("retry_at", ControlTime.json(postponedUntil)), ("error", lastError.map { .string($0) } ?? .null),
            ("answer", answer.map { .string($0) } ?? .null), ("dead_since", ControlTime.json(deadSince)),
        ])
    }
}

extension ImageDelivery {
    /// As operators name it: `17@telemedicine`.
    var name: String { "\(id.image)@\(id.destination)" }

    var deadSince: Timestamp? { if case .dead(let since) = state { since } else { nil } }

    /// When its storage commitment was asked for; nil: it could not be.
    var askedAt: Timestamp? {
        guard case .sent(_, let at) = state, at.milliseconds > 0 else { return nil }
        return at
    }

    /// What it is, for people.
    var className: String { UIDRegistry.name(of: SOPClassUID(sopClass)) ?? sopClass }
    var transferSyntaxName: String { UIDRegistry.name(of: TransferSyntax(transferSyntax)) ?? transferSyntax }

    var stateName: String {
        switch state {
        case .dead: "dead"
        case .sent: "sent"
        case .waiting where isWithheld: "withheld"
        case .waiting: postponedUntil == nil ? "waiting" : "postponed"
        }
    }

    func json(_ study: StudyEntry?) -> JSONText {
        .object([
            ("id", .string(name)), ("destination", .string(id.destination)),
            ("source", study.map { .string($0.source) } ?? .null), ("study", study.map { .string($0.uid) } ?? .null),
            ("sop_instance_uid", .string(instance)), ("sop_class_uid", .string(sopClass)),
            ("transfer_syntax_uid", .string(transferSyntax)), ("bytes", .number(bytes)),
            ("is_rejection_note", .boolean(isBarrier)), ("is_urgent", .boolean(isUrgent)),
            ("is_withheld", .boolean(isWithheld)), ("state", .string(stateName)),
            ("queued", ControlTime.json(queuedAt)), ("attempts", .number(attempts)),
            ("retry_at", ControlTime.json(postponedUntil)), ("error", lastError.map { .string($0) } ?? .null),
            ("answer", answer.map { .string($0) } ?? .null), ("dead_since", ControlTime.json(deadSince)),
        ])
    }
}

extension ImageDelivery.ID {
    /// - Parameter name: as operators write it, `17@telemedicine`. Nil: it is none.
    init?(name: String) {
        let parts = name.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let image = Int64(parts[0]), image > 0, !parts[1].isEmpty else { return nil }
        self.init(image: image, destination: String(parts[1]))
    }
}
