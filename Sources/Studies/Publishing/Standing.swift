public import DICOM

/// What one destination holds of one study, and what is on its way there.
public struct Standing: Equatable, Sendable {
    /// A manifest that the destination acknowledged, or may have although it did not.
    public struct Holding: Hashable, Sendable {
        public internal(set) var publication: Publication
        /// What was withdrawn of it with success.
        public internal(set) var withdrawn: Set<InstanceUID> = []
        /// What may be withdrawn: the note was tried without an answer, then refused, and given up.
        public internal(set) var doubtful: Set<InstanceUID> = []
        /// It was acknowledged.
        public internal(set) var isCertain: Bool
    }

    /// A document in the outbox.
    public struct Step: Hashable, Sendable {
        public enum Kind: Hashable, Sendable {
            case publish(Publication, isFirst: Bool)
            /// `clears`: SOP Instance UIDs of the publications of which nothing is left once it is acknowledged.
            case withdraw(references: [InstanceUID], of: Publication, title: String, clears: [String])
        }

        /// SOP Instance UID of the document.
        public internal(set) var identity: String
        public internal(set) var kind: Kind
        public internal(set) var state = DeliveryState.waiting
    }

    public enum DeliveryState: Hashable, Sendable {
        /// Never tried.
        case waiting
        /// Tried, and not answered yet.
        case begun
        /// Refused for good, and kept for the operator. `mayBeHeld`: an earlier try of it was never answered.
        case dead(mayBeHeld: Bool)
    }

    /// Oldest first.
    public internal(set) var held: [Holding] = []
    /// Manifests that a newer one, acknowledged, took the place of, and that list what it does not: a destination that
    /// takes a newer manifest as an addition still shows that. Oldest first.
    public internal(set) var replaced: [Holding] = []
    /// In the order of the outbox.
    public internal(set) var steps: [Step] = []
    /// The last manifest of ours that was sent under each patient's identity, latest last: a publication under the same
    /// identity goes on from it.
    public internal(set) var lineage: [Publication] = []

    /// Nothing was ever sent.
    public init() {}

    /// The documents whose bytes must be kept: by SOP Instance UID.
    public var documents: Set<String> {
        Set((held + replaced).map(\.publication.sopInstanceUID)).union(steps.map(\.identity))
            .union(steps.map(\.kind.source))
    }

    /// A refused document lies in the outbox; nothing that stands behind it may be sent before an operator retries it
    /// or the truth changes.
    public var isBlocked: Bool { steps.contains { $0.state.isDead } }
}

extension Standing.DeliveryState {
    public var isDead: Bool {
        switch self {
        case .waiting, .begun: false
        case .dead: true
        }
    }
}

extension Standing.Step.Kind {
    /// The publication that it is, or that it withdraws from.
    var source: String {
        switch self {
        case .publish(let publication, _), .withdraw(_, let publication, _, _): publication.sopInstanceUID
        }
    }
}
