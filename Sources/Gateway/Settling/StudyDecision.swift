import DICOM
import KeyObjects
import Spool
import Studies

/// All that is known of a study when it is decided what its destinations must hold.
struct StudyDecision {
    let key: StudyKey
    let entry: StudyEntry
    let settings: StudySettings
    let replay: StudyReplay
    let verdict: StudyVerdict
    var neighbours: StudyNeighbours

    /// What is true for each destination: another study may be in the way at one and not at the next.
    struct Outcome {
        /// Why nothing new is published, anywhere or at one of them; none twice.
        var holds: [HoldReason]
        fileprivate var truths: [String: Truth] = [:]
        /// Studies that are in the way.
        fileprivate(set) var others: Set<StudyEntry.ID> = []

        /// What is not known changes nothing.
        func truth(at destination: String) -> Truth { truths[destination] ?? .undecided { _ in false } }
    }

    func outcome(_ standings: StudyStandings, _ references: [String: [InstanceUID]]) -> Outcome {
        let common = holds(standings, references)
        var outcome = Outcome(holds: common)
        for (destination, conflicts) in conflicts(standings, references).sorted(by: { $0.key < $1.key }) {
            outcome.truths[destination] = truth(common + conflicts.map(\.reason))
            outcome.others.formUnion(conflicts.map(\.other))
            for conflict in conflicts where !outcome.holds.contains(conflict.reason) {
                outcome.holds.append(conflict.reason)
            }
        }
        return outcome
    }

    /// Why nothing new is published anywhere; empty: something may be, where no other study is in the way.
    private func holds(_ standings: StudyStandings, _ references: [String: [InstanceUID]]) -> [HoldReason] {
        var holds = verdict.holds
        let released = replay.register.releasedHolds
        // Let pass for one patient, not for whoever comes next.
        let isLetPass =
            released.contains(HoldReason.patientChanged.code)
            && verdict.patient.flatMap { replay.releasedPatient?.isCompatible(with: $0) } ?? false
        if !isLetPass, hasChangedPatient(standings, references) { holds.append(.patientChanged) }
        if wouldRepeat(standings) { holds.append(.manifestWithdrawnInPart) }
        return holds
    }

    /// Other studies that have instances of this one, for each destination.
    private func conflicts(
        _ standings: StudyStandings, _ references: [String: [InstanceUID]]
    ) -> [String: [StudyNeighbours.Conflict]] {
        standings.byDestination.reduce(into: [:]) { conflicts, entry in
            let own = entry.value.held.map(\.publication) + entry.value.underWay
            let published = own.flatMap { references[$0.sopInstanceUID] ?? [] }
            conflicts[entry.key] = neighbours.conflicts(replay, at: entry.key, published: Set(published))
        }
    }

    /// A destination holds the study under another patient, with instances that are still live and that nothing but
    /// their own headers calls another's.
    private func hasChangedPatient(_ standings: StudyStandings, _ references: [String: [InstanceUID]]) -> Bool {
        guard let patient = verdict.patient else { return false }
        return standings.byDestination.values.contains { standing in
            standing.held.contains { holding in
                guard !holding.publication.patient.isCompatible(with: patient) else { return false }
                return (references[holding.publication.sopInstanceUID] ?? []).contains {
                    !holding.withdrawn.contains($0) && replay.register.isLive($0) && !replay.register.isCorrected($0)
                }
            }
        }
    }

    /// A manifest of the PACS of which something was withdrawn cannot be sent again: one UID, one content.
    private func wouldRepeat(_ standings: StudyStandings) -> Bool {
        guard case .received(let received) = verdict.publishable, let uid = received.sopInstanceUID?.text else {
            return false
        }
        return standings.byDestination.values.contains { standing in
            standing.held.contains { $0.publication.sopInstanceUID == uid && !$0.withdrawn.isEmpty }
        }
    }

    private func truth(_ holds: [HoldReason]) -> Truth {
        guard holds.isEmpty else { return .undecided { !replay.mayBeShown($0) } }
        guard let publishable = verdict.publishable else { return .nothing }
        var desired = Desired(publishable)
        // The same references to other copies are another content.
        if let last = replay.corrected.values.max() { desired.digest += " \(last.value)" }
        return .manifest(desired, gone: { !replay.mayBeShown($0) })
    }

    /// Under which title an instance is withdrawn: its note's, where one came.
    func title(of instance: InstanceUID) -> String {
        if let title = replay.register.title(of: instance.withoutCopy) { return title }
        // What is live under the same patient is published again in a moment: the one title that lets it come back.
        let isLive = replay.register.isLive(instance)
        return (isLive ? RejectionTitle.retentionExpired : .incorrectWorklistEntry).rawValue
    }

    /// The PACS's own note, where it rejects just these instances, under this title and the same patient.
    func note(rejecting references: [InstanceUID], of publication: Publication, title: String) -> ReceivedManifest? {
        let wanted = Set(references)
        return replay.notes.last { note in
            note.title?.value == title && note.patient.isCompatible(with: publication.patient)
                && Set(note.references.map(\.sopInstanceUID)) == wanted
        }
    }

    /// What a manifest lists, in the words in which it is withdrawn.
    /// - Parameter withdrawn: of this publication, with success: before its copy was replaced or after.
    func references(
        _ listed: [InstanceUID], of publication: Publication, withdrawn: Set<InstanceUID>
    ) -> Set<InstanceUID> {
        Set(
            replay.references(listed, through: publication.through).map { reference in
                let other = reference.isFormerCopy ? reference.withoutCopy : reference.formerCopy
                return withdrawn.contains(other) ? other : reference
            })
    }
}
