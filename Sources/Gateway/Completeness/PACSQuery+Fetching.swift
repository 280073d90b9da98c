import Associations
import DICOM
import DICOMNetwork

/// What came of asking a PACS for instances.
struct FetchOutcome: Sendable, Hashable {
    var operation: QueryOperation
    /// By C-GET: what came and was stored. By C-MOVE they come by the listener's door, and nothing is known here.
    var stored: Set<InstanceUID> = []
    /// By C-MOVE: what the PACS says that it sent.
    var sent = 0
    /// The last answer that was no success.
    var failure: QueryOutcome?
}

extension PACSQuery {
    /// Asks for instances of a study: by C-GET, each given to `store` as it comes, or by C-MOVE to our own AE title, as
    /// the configured method says. What comes unasked is refused.
    /// - Parameters:
    ///   - begin: who is given the data set of an instance; nil: its header is enough.
    ///   - store: returns once the instance is durable; the answer goes to the PACS.
    func fetch(
        _ study: StudyUID, _ missing: [PACSInstance],
        beginning begin: @escaping (ArrivingInstance, AssociationIdentity) -> (any DataSetTaker)? = { _, _ in nil },
        into store: @escaping (ReceivedInstance) -> StoreStatus
    ) throws(PACSError) -> FetchOutcome {
        let mayGet = configuration.method != .cMove
        let mayMove = configuration.method != .cGet
        var classes = Set(missing.compactMap(\.sopClass)).sorted()
        if missing.contains(where: { $0.sopClass == nil }) {
            classes += SOPClassUID.usuallyStored.filter { !classes.contains($0) }
        }
        let operations = (mayGet ? [Association.Proposal.query(.get)] : []) + (mayMove ? [.query(.move)] : [])
        let limit = 128 - operations.count
        var association = try open(operations + (mayGet ? .storage(classes, limit: limit) : []))
        let takesGet = association.contexts.contains {
            $0.isAccepted && $0.abstractSyntax == InformationModel.studyRoot.sopClassUID(of: .get)
        }
        var fetch = Fetch(
            study: study, begin: begin, store: store,
            outcome: FetchOutcome(operation: mayGet && (takesGet || !mayMove) ? .get : .move))
        do {
            if fetch.outcome.operation == .get {
                try get(missing, &fetch, &association)
            } else {
                try move(missing, &fetch, &association)
            }
        } catch {
            throw .association(error)
        }
        try? association.release()
        if configuration.isStopped() { throw .stopped }
        return fetch.outcome
    }

    private struct Fetch {
        let study: StudyUID
        let begin: (ArrivingInstance, AssociationIdentity) -> (any DataSetTaker)?
        let store: (ReceivedInstance) -> StoreStatus
        var outcome: FetchOutcome

        func query(_ batch: ArraySlice<PACSInstance>) -> Query {
            var query = Query(.image)
            query.match(.studyInstanceUID, study)
            if let series = batch.first?.series { query.match(.seriesInstanceUID, series) }
            query.match(.sopInstanceUID, batch.map(\.instance.text))
            return query
        }
    }

    /// A PACS may send nothing at all of a list that has one instance it does not know: what did not come in its batch is
    /// asked for by itself.
    private func get(
        _ missing: [PACSInstance], _ fetch: inout Fetch, _ association: inout Association
    ) throws(AssociationError) {
        for batch in batches(missing) {
            let size = fetch.outcome.stored.count
            try get(batch, &fetch, &association)
            guard batch.count > 1, fetch.outcome.stored.count < size + batch.count else { continue }
            for index in batch.indices where !fetch.outcome.stored.contains(batch[index].instance) {
                try get(batch[index...index], &fetch, &association)
            }
        }
    }

    private func get(
        _ batch: ArraySlice<PACSInstance>, _ fetch: inout Fetch, _ association: inout Association
    ) throws(AssociationError) {
        guard !configuration.isStopped() else { return }
        let origin = AssociationIdentity(
            id: 0, calling: configuration.called, called: configuration.calling, peerAddress: configuration.host)
        var receiver = Receiver(
            asked: Set(batch.map(\.instance)), study: fetch.study, origin: origin, begin: fetch.begin,
            store: fetch.store, isStopped: configuration.isStopped)
        let outcome = try association.get(
            fetch.query(batch),
            limits: HeaderLimits(bytes: 16 * 1024 * 1024, wholeClasses: [.keyObjectSelectionDocument]), into: &receiver)
        fetch.outcome.stored.formUnion(receiver.stored)
        if !outcome.isSuccess { fetch.outcome.failure = outcome }
    }

    private func move(
        _ missing: [PACSInstance], _ fetch: inout Fetch, _ association: inout Association
    ) throws(AssociationError) {
        for batch in batches(missing) where !configuration.isStopped() {
            let outcome = try association.move(fetch.query(batch), to: configuration.destination) { _ in
                !configuration.isStopped()
            }
            fetch.outcome.sent += Int(outcome.suboperations.completed ?? 0) + Int(outcome.suboperations.warning ?? 0)
            if !outcome.isSuccess { fetch.outcome.failure = outcome }
        }
    }

    /// Each of one series (PS3.4 §C.4.3.2: one value of every key above the list).
    private func batches(_ missing: [PACSInstance]) -> [ArraySlice<PACSInstance>] {
        let sorted = missing.sorted { ($0.series, $0.instance) < ($1.series, $1.instance) }
        var batches: [ArraySlice<PACSInstance>] = []
        for index in sorted.indices {
            if let last = batches.last, last.count < configuration.batch, last.first?.series == sorted[index].series {
                batches[batches.count - 1] = sorted[last.startIndex...index]
            } else {
                batches.append(sorted[index...index])
            }
        }
        return batches
    }

    /// Takes what was asked for and nothing else: the PACS must not mix patients up.
    private struct Receiver: InstanceReceiver {
        let asked: Set<InstanceUID>
        let study: StudyUID
        let origin: AssociationIdentity
        let begin: (ArrivingInstance, AssociationIdentity) -> (any DataSetTaker)?
        let store: (ReceivedInstance) -> StoreStatus
        let isStopped: @Sendable () -> Bool
        var stored: Set<InstanceUID> = []
        /// Of the instance that is coming.
        var taker: (any DataSetTaker)?

        mutating func begin(_ instance: ArrivingInstance) -> InstanceInterest {
            guard asked.contains(instance.sopInstanceUID) else {
                return .refuse(StoreStatus(.cannotUnderstand, errorComment: "not asked for"))
            }
            taker = begin(instance, origin)
            return taker == nil ? .header : .everything
        }

        mutating func take(_ bytes: RawSpan, of instance: borrowing ArrivingInstance) -> Bool {
            // What nobody wants of it is passed over here: the instance comes all the same.
            _ = taker?.take(bytes, of: instance)
            return true
        }

        mutating func store(_ instance: ArrivingInstance) -> StoreStatus {
            defer { taker = nil }
            guard instance.capture.studyInstanceUID == study else {
                return StoreStatus(.cannotUnderstand, errorComment: "of another study than asked for")
            }
            let status = store(ReceivedInstance(instance, by: origin, taker: taker))
            if status.status.isStored { stored.insert(instance.sopInstanceUID) }
            return status
        }

        mutating func progress(_ counts: SuboperationCounts) -> Bool { !isStopped() }
    }
}
