import Associations
import DICOM
import DICOMNetwork
import Spool
import Studies
import Threads

/// Takes what peers store: each instance's header into the spool, its image too where a destination wants it, and only
/// then the answer.
final class Ingest: AssociationHandler {
    private let configuration: Configuration
    private let spool: Spool
    private let images: ImageIntake
    private let curation: Curation
    private let post: @Sendable (OperatorEvent) -> Void
    private let recovery: SpoolRecovery
    /// Of what is made durable before a C-STORE is answered; an image of gigabytes takes a slow disk a minute.
    let pulse = Pulse("ingest", limit: .seconds(120))

    init(
        configuration: Configuration, spool: Spool, images: ImageIntake, recovery: SpoolRecovery, curation: Curation,
        post: @escaping @Sendable (OperatorEvent) -> Void
    ) {
        self.configuration = configuration
        self.spool = spool
        self.images = images
        self.recovery = recovery
        self.curation = curation
        self.post = post
    }

    func accept(_ request: AssociationRequest) -> Admission {
        guard configuration.acceptsAnyCalledAETitle || request.called == configuration.aeTitle else {
            return .reject(.calledAETitleNotRecognized)
        }
        // It may say what it committed to keep, and that alone where it is no source: that is what makes room.
        if configuration.imageDestinations.contains(where: { $0.commits && $0.aeTitle == request.calling }) {
            return .accept
        }
        guard let source = source(of: request.association) else { return .reject(.callingAETitleNotRecognized) }
        guard recovery.attempt(), images.hasRoom(source: source.name, called: request.called) else {
            return .reject(.temporaryCongestion)
        }
        return .accept
    }

    private func source(of association: AssociationIdentity) -> Configuration.Source? {
        configuration.source(calling: association.calling, address: association.peerAddress)
    }

    func begin(_ instance: ArrivingInstance, of association: AssociationIdentity) -> (any DataSetTaker)? {
        guard let source = source(of: association),
            let taker = images.taker(for: instance, of: association, from: source)
        else { return nil }
        images.senders.note(association.id)
        return taker
    }

    func store(_ instance: ReceivedInstance) -> StoreStatus {
        guard let source = source(of: instance.association) else {
            return StoreStatus(.notAuthorized, errorComment: "the calling AE title is no longer accepted")
        }
        return store(instance, from: source, association: instance.association.id)
    }

    private func store(
        _ instance: ReceivedInstance, from source: Configuration.Source, association: UInt64?
    ) -> StoreStatus {
        pulse.during { _ in
            do throws(SpoolError) {
                switch Self.place(instance) {
                case .success(let place):
                    return try store(instance, at: place, source: source, association: association)
                case .failure(let flaw): return try quarantine(instance, flaw)
                }
            } catch {
                return refuse(instance, error)
            }
        }
    }

    func committed(_ result: CommitmentResult, by association: AssociationIdentity) -> Status {
        images.committed(result, by: association)
    }

    func ended(_ summary: AssociationSummary) {
        images.senders.ended(summary.id)
        curation.ended(association: summary.id, isClean: summary.ending == .released, at: .now)
        switch summary.ending {
        case .rejected(let rejection):
            let called = rejection == .calledAETitleNotRecognized ? summary.called.map { ": it called \($0)" } : nil
            post(.associationRefused(peer: Peer(summary), reason: rejection.description + (called ?? "")))
        case .released, .abortedByPeer, .fault, .lost, .timedOut, .stopped:
            post(.associationEnded(AssociationRecord(summary)))
        }
    }

    func turnedAway(_ refusal: ConnectionRefusal) {
        post(
            .connectionTurnedAway(
                address: refusal.peerAddress, reason: refusal.description,
                remedy: refusal.remedy ?? "look at the log of the peer"))
    }

    func troubled(_ trouble: ListenerTrouble) { post(.listenerTroubled(reason: trouble.words)) }

    // MARK: One instance

    private func store(
        _ instance: ReceivedInstance, at place: Place, source: Configuration.Source, association: UInt64?
    ) throws(SpoolError) -> StoreStatus {
        // What it rejects is not known: the sender must not take it for done.
        if instance.sopClassUID == .keyObjectSelectionDocument,
            instance.capture.failure != nil || instance.capture.isCut
        {
            let reason = "it is a key object selection document that is cut or damaged; what it says is not known"
            post(.instanceNotStored(peer: instance.peer, instance: instance.name, reason: reason))
            return StoreStatus(.cannotUnderstand, errorComment: "key object document cut or damaged")
        }
        let filing = Filing(instance, at: place)
        let lanes = filing.studies.map { lane(of: $0, filing, source) }
        let status = try images.store(
            filing.arrivals(of: instance, from: source, at: .now), of: instance, filing, from: source)
        for (study, lane) in zip(filing.studies, lanes) {
            let key = StudyKey(source: source.name, studyInstanceUID: study)
            curation.stored(
                key, source: source, association: association, withholding: filing.kind == .rejectionNote, lane: lane,
                at: .now)
        }
        if let damage = damage(instance) {
            post(.headerDamaged(peer: instance.peer, instance: instance.name, reason: damage))
            tellIfMissed(instance)
        }
        return status
    }

    /// Studies that a note names by the hundred hold up none that instances come for; least those of which nothing ever
    /// came.
    private func lane(of study: StudyUID, _ filing: Filing, _ source: Configuration.Source) -> DueQueue.Lane {
        guard filing.studies.count > 1 else { return .soon }
        let entry = try? spool.studies(uid: study.text).first { $0.source == source.name }
        let isKnown = entry.map { $0.state != nil && $0.state != StudyState.nothing.rawValue } ?? false
        return isKnown ? .many : .named
    }

    private func damage(_ instance: ReceivedInstance) -> String? {
        if let failure = instance.capture.failure { return failure.description }
        guard instance.capture.isCut else { return nil }
        return "it is longer than \(configuration.limits.header) bytes; what lies beyond is not kept"
    }

    /// A rule may ask for what lies behind the damage.
    private func tellIfMissed(_ instance: ReceivedInstance) {
        guard let taker = instance.imageTaker, taker.destinations(instance.capture).isEmpty else { return }
        let reason = "no rule fits what could be read of its header"
        post(
            .images(
                .notForwarded(
                    peer: instance.peer, instance: instance.name, destinations: taker.names, reason: reason)))
    }

    /// It is kept, but it belongs to no study: nothing of it is ever published, nor sent on.
    private func quarantine(_ instance: ReceivedInstance, _ flaw: Flaw) throws(SpoolError) -> StoreStatus {
        let attributes = InstanceAttributes(
            transferSyntax: instance.transferSyntax, callingAETitle: instance.association.calling)
        try spool.quarantine(
            instance.capture.header, reason: flaw.reason, sender: instance.peer.description,
            attributes: attributes.text, at: .now)
        post(.instanceQuarantined(peer: instance.peer, instance: instance.name, reason: flaw.reason))
        let destinations = instance.imageTaker?.destinations(instance.capture) ?? []
        guard !destinations.isEmpty else {
            return StoreStatus(.dataSetDoesNotMatchSOPClassWarning, errorComment: "\(flaw.comment), kept aside")
        }
        post(
            .images(
                .notForwarded(
                    peer: instance.peer, instance: instance.name, destinations: destinations, reason: flaw.reason)))
        // A failure would have the sender send it again for ever; the warning says what does not happen.
        return StoreStatus(.dataSetDoesNotMatchSOPClassWarning, errorComment: "not forwarded: \(flaw.comment)")
    }

    private func refuse(_ instance: ReceivedInstance, _ error: SpoolError) -> StoreStatus {
        post(.instanceNotStored(peer: instance.peer, instance: instance.name, reason: error.description))
        _ = recovery.attempt()
        return StoreStatus(.outOfResources, errorComment: "not stored, send again later")
    }
}

// MARK: What the gateway itself asked for

extension Ingest: FetchedInstances {
    func begin(
        _ instance: ArrivingInstance, of association: AssociationIdentity, from source: Configuration.Source
    ) -> (any DataSetTaker)? {
        images.taker(for: instance, of: association, from: source)
    }

    func store(_ instance: ReceivedInstance, from source: Configuration.Source) -> StoreStatus {
        store(instance, from: source, association: nil)
    }
}

extension ReceivedInstance {
    var imageTaker: ImageTaker? { taker as? ImageTaker }

    var peer: Peer { Peer(association) }
    fileprivate var name: String { sopInstanceUID.text }
}
