import DICOM

/// Compares what a PACS says that it has with what is published: proposals for an operator, never an act.
struct StudyComparison: Sendable {
    /// What the gateway knows of a study.
    struct Known: Sendable, Hashable {
        /// What the last manifest refers to.
        var published: Set<InstanceUID>
        /// What is known and rightly not published: rejected, quarantined, documents that are never listed.
        var withheld: Set<InstanceUID> = []
    }

    /// A difference that no message announced.
    struct Proposal: Sendable, Hashable {
        enum Kind: String, Sendable {
            /// The PACS has instances that never came.
            case additions
            /// The manifest refers to instances that the PACS no longer has.
            case disappearances
            /// The PACS no longer knows the study.
            case studyGone = "study gone"
            /// The study never came.
            case studyUnknown = "study unknown"
        }

        let kind: Kind
        let study: StudyUID
        /// In order; empty for a study that never came.
        let instances: [InstanceUID]
    }

    /// SOP classes that a manifest never lists, whatever the PACS has of them.
    var unlisted: Set<SOPClassUID> = [.keyObjectSelectionDocument]

    /// The differences of one study.
    /// - Parameters:
    ///   - held: what the PACS has; nil when it does not know the study.
    ///   - known: nil when the study never came.
    func compare(_ study: StudyUID, held: [PACSInstance]?, known: Known?) -> [Proposal] {
        guard let known else {
            return held == nil ? [] : [Proposal(kind: .studyUnknown, study: study, instances: [])]
        }
        guard let held else {
            return known.published.isEmpty
                ? [] : [Proposal(kind: .studyGone, study: study, instances: known.published.sorted())]
        }
        let listed = held.filter { instance in instance.sopClass.map { !unlisted.contains($0) } ?? true }
        let added = Set(listed.map(\.instance)).subtracting(known.published).subtracting(known.withheld)
        let gone = known.published.subtracting(held.map(\.instance))
        var proposals: [Proposal] = []
        if !added.isEmpty { proposals.append(Proposal(kind: .additions, study: study, instances: added.sorted())) }
        if !gone.isEmpty { proposals.append(Proposal(kind: .disappearances, study: study, instances: gone.sorted())) }
        return proposals
    }
}

extension StudyComparison.Proposal: CustomStringConvertible {
    /// One line for an operator.
    var description: String {
        let count = counted(instances.count, "instance")
        return switch kind {
        case .additions: "study \(study): the PACS has \(count) that never came"
        case .disappearances: "study \(study): the PACS no longer has \(count) of the manifest"
        case .studyGone: "study \(study): the PACS no longer knows it, the manifest refers to \(count)"
        case .studyUnknown: "study \(study): the PACS has it, but it never came"
        }
    }
}
