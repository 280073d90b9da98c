import DICOM
import KeyObjects
import Spool
import Studies

/// Studies of the same source that share a series with this one. A PACS that moves instances to another study or patient
/// may keep their UIDs; an instance is shown in one study at a time.
struct StudyNeighbours {
    private struct Claim {
        let study: StudyUID
        let isOlder: Bool
        /// Live there.
        let live: Set<InstanceUID>
        /// What a destination holds or may hold of it.
        let published: Set<InstanceUID>
    }

    private var claims: [Claim] = []
    /// Those that are held because of another study.
    private(set) var waiting: [StudyKey] = []

    init(of entry: StudyEntry, in spool: Spool, _ settings: StudySettings) throws(SpoolError) {
        for other in try spool.studies(sharingSeriesWith: entry.id) {
            if Self.isWaiting(other) { waiting.append(StudyKey(other)) }
            let claim = try Self.claim(of: other, isOlder: other.id < entry.id, in: spool, settings)
            if let claim { claims.append(claim) }
        }
    }

    /// Nil: it cannot be read, and claims nothing; that is told when it settles itself.
    private static func claim(
        of other: StudyEntry, isOlder: Bool, in spool: Spool, _ settings: StudySettings
    ) throws(SpoolError) -> Claim? {
        do throws(SpoolError) {
            let standings = try StudyStandings(of: other, at: settings.destinations, in: spool)
            let references = try standings.references()
            var published: Set<InstanceUID> = []
            for standing in standings.byDestination.values {
                for holding in standing.held {
                    let listed = references[holding.publication.sopInstanceUID] ?? []
                    let withdrawn = Set(holding.withdrawn.map(\.withoutCopy))
                    published.formUnion(listed.filter { !withdrawn.contains($0) })
                }
            }
            let replay = try StudyReplay(of: other, in: spool, settings)
            return Claim(study: StudyUID(other.uid), isOlder: isOlder, live: replay.listed, published: published)
        } catch {
            guard case .damaged = error else { throw error }
            return nil
        }
    }

    /// Those that are held because of another study, this one perhaps.
    static func waiting(for entry: StudyEntry, in spool: Spool) throws(SpoolError) -> [StudyKey] {
        try spool.studies(sharingSeriesWith: entry.id).filter(isWaiting).map { StudyKey($0) }
    }

    private static func isWaiting(_ other: StudyEntry) -> Bool {
        other.hold?.contains(HoldReason.inTwoStudiesCode) == true
    }

    /// - Parameter published: what destinations hold of this study: it does not yield that.
    func conflicts(_ replay: StudyReplay, published: Set<InstanceUID>) -> [HoldReason] {
        guard !claims.isEmpty else { return [] }
        let own = replay.listed.subtracting(published)
        return claims.compactMap { claim in
            let shared = own.intersection(claim.isOlder ? claim.live.union(claim.published) : claim.published)
            return shared.isEmpty ? nil : .inTwoStudies(claim.study, count: shared.count)
        }
    }
}
