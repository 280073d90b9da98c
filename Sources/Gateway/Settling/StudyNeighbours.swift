import DICOM
import KeyObjects
import Spool
import Studies

/// Other studies that have instances of this one, or whose notes name some: of any source, under any Series UID. A PACS
/// that moves instances to another study or patient may keep their UIDs; an instance is shown in one study at a time.
struct StudyNeighbours {
    private struct Claim {
        let entry: StudyEntry
        let isOlder: Bool
        let patient: PatientKey?
        /// Live there.
        let live: Set<InstanceUID>
        /// What each destination holds, may hold or is to get of it.
        let published: [String: Set<InstanceUID>]

        /// What an operator lets pass: this instance beside this study, and no other.
        func pass(of instance: InstanceUID) -> String {
            "\(HoldReason.inTwoStudiesCode) \(instance) \(entry.uid) \(entry.source)"
        }
    }

    private let entry: StudyEntry
    private var claims: [Claim] = []
    /// By which the others find this one.
    let traces: Set<Int64>
    /// Notes that reject by a study in which the instance never came, and the study in which it did.
    private(set) var strayNotes: [StrayNote] = []
    /// By arrival, of notes that are filed under other studies.
    private var excerpts: [ArrivalNumber: RejectionExcerpts] = [:]

    /// - Parameters:
    ///   - last: what the settlings before this one read, which is not read again.
    ///   - settings: those of the study's source.
    init(
        of entry: StudyEntry, _ replay: StudyReplay, in spool: Spool, knowing last: NotingNeighbour = NotingNeighbour(),
        _ settings: (StudyEntry) -> StudySettings
    ) throws(SpoolError) {
        self.entry = entry
        let mentioned = replay.mentioned
        traces = Set(mentioned.lazy.map(\.trace))
        let near = try spool.studies(withTraces: traces, besides: entry.id)
        let known = Set(near.map(\.id))
        // Studies that were settled before there were traces, and copies of this one that were not settled yet.
        let copies = try spool.studies(uid: entry.uid).filter { $0.id != entry.id && !known.contains($0.id) }
        let sharing = try spool.studies(sharingSeriesWith: entry.id).filter { other in
            !known.contains(other.id) && !copies.contains { $0.id == other.id }
        }
        let others = near + copies + sharing
        for other in others {
            do throws(SpoolError) {
                try compare(with: other, in: spool, settings(other), replay, mentioned, last)
            } catch {
                // It cannot be read, and claims nothing; that is told when it settles itself.
                guard case .damaged = error else { throw error }
            }
        }
    }

    private mutating func compare(
        with other: StudyEntry, in spool: Spool, _ settings: StudySettings, _ replay: StudyReplay,
        _ mentioned: Set<InstanceUID>, _ last: NotingNeighbour
    ) throws(SpoolError) {
        let theirs = try last.replay(of: other, in: spool, settings)
        guard mentioned.contains(where: theirs.mentions) else { return }
        for note in replay.namingNotes {
            let stray = try StrayNote(note, of: entry, for: other, theirs, in: spool) { excerpts(of: $0) }
            if let stray { strayNotes.append(stray) }
        }
        for note in theirs.namingNotes {
            let stray = try StrayNote(note, of: other, for: entry, replay, in: spool) { excerpts(of: $0) }
            if let stray { strayNotes.append(stray) }
        }
        claims.append(
            Claim(
                entry: other, isOlder: other.id < entry.id, patient: theirs.patient,
                live: theirs.shown, published: try Self.published(other, theirs, in: spool, settings)))
    }

    /// Read once, under however many studies it is filed. Nil: nothing can be copied out of it.
    private mutating func excerpts(of note: NamingNote) -> RejectionExcerpts? {
        if let known = excerpts[note.number] { return known }
        let dataSet = DataSet(document: note.bytes, transferSyntax: note.attributes.transferSyntax)
        let read = dataSet.flatMap { RejectionExcerpts(of: KeyObjectDocument($0), in: $0) }
        excerpts[note.number] = read
        return read
    }

    private static func published(
        _ other: StudyEntry, _ replay: StudyReplay, in spool: Spool, _ settings: StudySettings
    ) throws(SpoolError) -> [String: Set<InstanceUID>] {
        let (standings, references) = try StudyStandings.withReferences(of: other, at: settings.destinations, in: spool)
        var published: [String: Set<InstanceUID>] = [:]
        func left(_ holding: Standing.Holding) -> [InstanceUID] {
            let withdrawn = Set(holding.withdrawn.map(\.withoutCopy))
            return (references[holding.publication.sopInstanceUID] ?? []).filter { !withdrawn.contains($0) }
        }
        for (destination, standing) in standings.byDestination {
            for holding in standing.held {
                published[destination, default: []].formUnion(left(holding))
            }
            // What waits to be sent is as good as held.
            for publication in standing.underWay {
                published[destination, default: []].formUnion(references[publication.sopInstanceUID] ?? [])
            }
            // What a newer manifest left out without a word is not in the way; what is rejected is being withdrawn.
            for holding in standing.replaced where settings.removal != .kos {
                published[destination, default: []].formUnion(left(holding).filter { !replay.mayBeShown($0) })
            }
        }
        return published
    }

    /// Another study has instances of this one that are not its to show.
    struct Conflict {
        let other: StudyEntry.ID
        let reason: HoldReason
    }

    /// Why this study waits at one destination.
    /// - Parameter published: what the destination holds or is to get of this study: it does not yield that.
    func conflicts(_ replay: StudyReplay, at destination: String, published: Set<InstanceUID>) -> [Conflict] {
        guard !claims.isEmpty else { return [] }
        let own = replay.shown.subtracting(published)
        let patient = replay.patient
        return claims.compactMap { claim in
            let isSameStudy = claim.entry.uid == entry.uid
            // Each of two PACSs may serve its own copy of a study.
            if isSameStudy, patient.map({ claim.patient?.isCompatible(with: $0) ?? true }) ?? true { return nil }
            let live = claim.isOlder ? claim.live : []
            let shared = own.intersection(live.union(claim.published[destination] ?? []))
            let passes = shared.filter { !replay.register.releasedHolds.contains(claim.pass(of: $0)) }
            guard !passes.isEmpty else { return nil }
            let study = StudyUID(claim.entry.uid)
            var reason: HoldReason =
                if passes.isDisjoint(with: claim.live) {
                    .withdrawalUnconfirmed(study, at: destination, count: passes.count)
                } else if isSameStudy {
                    .ofOtherPatientElsewhere(source: claim.entry.source, count: passes.count)
                } else {
                    .inTwoStudies(
                        study, source: claim.entry.source == entry.source ? nil : claim.entry.source,
                        count: passes.count, isOlder: claim.isOlder)
                }
            reason.passes = Set(passes.map(claim.pass))
            return Conflict(other: claim.entry.id, reason: reason)
        }
    }
}
