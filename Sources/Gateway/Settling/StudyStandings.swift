import DICOM
import KeyObjects
import Spool
import Studies

/// What every destination holds of one study, as the spool knows it now.
struct StudyStandings {
    /// By the name of the outbox.
    private(set) var byDestination: [String: Standing] = [:]
    /// What the study's deliveries were when this was read: a decision made for it stands only while they are these.
    let expecting: [Delivery.ID: Delivery.State]
    let deliveries: [Delivery]
    private let spool: Spool
    private let entry: StudyEntry

    init(of entry: StudyEntry, at destinations: [String], in spool: Spool) throws(SpoolError) {
        self.spool = spool
        self.entry = entry
        // In this order: what changes after it is noticed by the deliveries.
        deliveries = try spool.deliveries(of: entry.id)
        expecting = Swift.Dictionary(uniqueKeysWithValues: deliveries.map { ($0.id, $0.state) })
        let records = try spool.standings(of: entry.id)
        for destination in destinations {
            var standing: Standing?
            if let known = records.first(where: { $0.destination == destination }) {
                guard let read = Standing(record: known.record) else {
                    throw .damaged(place: "the standing of study \(entry.uid) at \(destination)", reason: "unreadable")
                }
                standing = read
            } else if records.isEmpty, destination == Configuration.Destination.unnamedOutbox,
                let former = try spool.record(of: entry.id)
            {
                // As version 1 of the spool kept it, for its one destination.
                standing = Standing(record: former)
            }
            var known = standing ?? Standing()
            known.observe(outbox: outbox(of: destination))
            byDestination[destination] = known
        }
    }

    /// Together with `references`. A manifest that is not there is looked for again among the standings as they are by
    /// then: what is acknowledged between the two lets go of it, and of no other study may be said that it has nothing
    /// because of that.
    static func withReferences(
        of entry: StudyEntry, at destinations: [String], in spool: Spool
    ) throws(SpoolError) -> (standings: StudyStandings, references: [String: [InstanceUID]]) {
        for _ in 0..<attempts - 1 {
            do throws(SpoolError) {
                let standings = try StudyStandings(of: entry, at: destinations, in: spool)
                return (standings, try standings.references())
            } catch {
                guard case .damaged = error else { throw error }
            }
        }
        let standings = try StudyStandings(of: entry, at: destinations, in: spool)
        return (standings, try standings.references())
    }

    /// So often is read what an acknowledgement may have changed on the way; after that it is damaged.
    static let attempts = 5

    /// A delivery began or ended since this was read.
    func isOutdated() throws(SpoolError) -> Bool { try spool.deliveries(of: entry.id) != deliveries }

    private func outbox(of destination: String) -> [String: Standing.DeliveryState] {
        var states: [String: Standing.DeliveryState] = [:]
        for delivery in deliveries where delivery.destination == destination {
            states[delivery.identity] = Standing.DeliveryState(delivery)
        }
        return states
    }

    /// The references of every manifest that a destination holds or is to get, by its SOP Instance UID.
    func references() throws(SpoolError) -> [String: [InstanceUID]] {
        var found: [String: [InstanceUID]] = [:]
        for identity in Set(byDestination.values.flatMap(\.manifests)) {
            found[identity] = try references(of: identity)
        }
        return found
    }

    private func references(of identity: String) throws(SpoolError) -> [InstanceUID] {
        let place = "manifest \(identity)"
        guard let document = try spool.document(identity: identity, of: entry.id) else {
            throw .damaged(place: place, reason: "it is not there")
        }
        do throws(ParseError) {
            return try PublishedReferences(document.content).references.map(\.sopInstanceUID)
        } catch {
            throw .damaged(place: place, reason: "\(error)")
        }
    }

    /// Drops manifests that newer ones took the place of, and that tell nothing more.
    mutating func forgetReplaced(_ removal: Removal) throws(SpoolError) {
        for (destination, var standing) in byDestination where !standing.replaced.isEmpty {
            try standing.forgetReplaced(removal) { holding throws(SpoolError) in
                Set(try references(of: holding.publication.sopInstanceUID))
                    .subtracting(holding.withdrawn.map(\.withoutCopy))
            }
            byDestination[destination] = standing
        }
    }

    /// The deliveries of these documents to a destination.
    func deliveries(of identities: some Sequence<String>, to destination: String) -> [Delivery.ID] {
        let identities = Set(identities)
        return deliveries.filter { $0.destination == destination && identities.contains($0.identity) }.map(\.id)
    }

    func record(of standing: Standing, at destination: String) -> StandingRecord {
        StandingRecord(destination: destination, record: standing.record, documents: standing.documents)
    }
}

extension StudyState {
    /// Where a study is, by what every destination holds of it.
    init(_ standings: [Standing], isHeld: Bool) {
        if isHeld {
            self = .held
        } else if standings.contains(where: \.isBlocked) {
            self = .refused
        } else if standings.contains(where: { !$0.steps.isEmpty }) {
            self = .sending
        } else if standings.contains(where: { !$0.held.isEmpty || !$0.replaced.isEmpty }) {
            self = .published
        } else {
            self = standings.contains { !$0.lineage.isEmpty } ? .withdrawn : .nothing
        }
    }
}

extension Standing.DeliveryState {
    fileprivate init(_ delivery: Delivery) {
        switch delivery.state {
        case .waiting: self = .waiting
        case .begun: self = .begun
        case .dead: self = .dead(mayBeHeld: delivery.mayBeHeld)
        }
    }
}
