import Associations
import DICOM
import DICOMNetwork
import KeyObjects
import Spool
import Studies
import Threads

/// Takes what peers store: each instance's header into the spool, and only then the answer.
final class Ingest: AssociationHandler {
    private let configuration: Configuration
    private let spool: Spool
    private let curation: Curation
    private let post: @Sendable (OperatorEvent) -> Void
    private let recovery: SpoolRecovery

    init(
        configuration: Configuration, spool: Spool, recovery: SpoolRecovery, curation: Curation,
        post: @escaping @Sendable (OperatorEvent) -> Void
    ) {
        self.configuration = configuration
        self.spool = spool
        self.recovery = recovery
        self.curation = curation
        self.post = post
    }

    func accept(_ request: AssociationRequest) -> Admission {
        guard configuration.acceptsAnyCalledAETitle || request.called == configuration.aeTitle else {
            return .reject(.calledAETitleNotRecognized)
        }
        guard configuration.source(calling: request.calling, address: request.peerAddress) != nil else {
            return .reject(.callingAETitleNotRecognized)
        }
        return recovery.attempt() ? .accept : .reject(.temporaryCongestion)
    }

    func store(_ instance: ReceivedInstance) -> StoreStatus {
        let association = instance.association
        guard let source = configuration.source(calling: association.calling, address: association.peerAddress) else {
            return StoreStatus(.notAuthorized, errorComment: "the calling AE title is no longer accepted")
        }
        return store(instance, from: source, association: association.id)
    }

    /// An instance that the gateway itself asked this source's PACS for.
    func store(_ instance: ReceivedInstance, from source: Configuration.Source) -> StoreStatus {
        store(instance, from: source, association: nil)
    }

    private func store(
        _ instance: ReceivedInstance, from source: Configuration.Source, association: UInt64?
    ) -> StoreStatus {
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

    func ended(_ summary: AssociationSummary) {
        curation.ended(association: summary.id, isClean: summary.ending == .released, at: .now)
        switch summary.ending {
        case .rejected(let rejection):
            let called = rejection == .calledAETitleNotRecognized ? summary.called.map { ": it called \($0)" } : nil
            post(.associationRefused(peer: summary.peer, reason: rejection.description + (called ?? "")))
        case .released, .abortedByPeer, .fault, .lost, .timedOut, .stopped:
            post(.associationEnded(line: summary.line, isClean: summary.isClean))
        }
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
        try spool.store(filing.arrivals(of: instance, from: source, at: .now))
        for (study, lane) in zip(filing.studies, lanes) {
            let key = StudyKey(source: source.name, studyInstanceUID: study)
            curation.stored(
                key, source: source, association: association, withholding: filing.kind == .rejectionNote, lane: lane,
                at: .now)
        }
        if let failure = instance.capture.failure {
            post(.headerDamaged(peer: instance.peer, instance: instance.name, reason: failure.description))
        } else if instance.capture.isCut {
            let reason = "it is longer than \(configuration.limits.header) bytes; what lies beyond is not kept"
            post(.headerDamaged(peer: instance.peer, instance: instance.name, reason: reason))
        }
        return .success
    }

    /// Studies that a note names by the hundred hold up none that instances come for; least those of which nothing ever
    /// came.
    private func lane(of study: StudyUID, _ filing: Filing, _ source: Configuration.Source) -> DueQueue.Lane {
        guard filing.studies.count > 1 else { return .soon }
        let entry = try? spool.studies(uid: study.text).first { $0.source == source.name }
        let isKnown = entry.map { $0.state != nil && $0.state != StudyState.nothing.rawValue } ?? false
        return isKnown ? .many : .named
    }

    private func quarantine(_ instance: ReceivedInstance, _ flaw: Flaw) throws(SpoolError) -> StoreStatus {
        let attributes = InstanceAttributes(
            transferSyntax: instance.transferSyntax, callingAETitle: instance.association.calling)
        let sender = "\(instance.association.calling) at \(instance.association.peerAddress)"
        try spool.quarantine(
            instance.capture.header, reason: flaw.reason, sender: sender, attributes: attributes.text, at: .now)
        post(.instanceQuarantined(peer: instance.peer, instance: instance.name, reason: flaw.reason))
        return StoreStatus(.dataSetDoesNotMatchSOPClassWarning, errorComment: flaw.comment)
    }

    private func refuse(_ instance: ReceivedInstance, _ error: SpoolError) -> StoreStatus {
        post(.instanceNotStored(peer: instance.peer, instance: instance.name, reason: error.description))
        _ = recovery.attempt()
        return StoreStatus(.outOfResources, errorComment: "not stored, send again later")
    }
}

// MARK: Where an instance belongs

extension Ingest {
    struct Place: Equatable {
        let study: StudyUID
        let series: SeriesUID
    }

    /// Why an instance cannot be listed: for the operator, and in 64 characters for the peer.
    struct Flaw: Error, Equatable {
        let reason: String
        let comment: String
    }

    /// The study and series that the header names; the header must be the instance that the command announced.
    static func place(_ instance: ReceivedInstance) -> Result<Place, Flaw> {
        let capture = instance.capture
        if let failure = capture.failure, capture.seriesInstanceUID == nil {
            return .failure(
                Flaw(reason: "its header cannot be read: \(failure)", comment: "header unreadable, kept aside"))
        }
        guard let study = capture.studyInstanceUID, !study.text.isEmpty else { return .failure(missing("Study")) }
        guard let series = capture.seriesInstanceUID, !series.text.isEmpty else { return .failure(missing("Series")) }
        guard let uid = capture.sopInstanceUID, !uid.text.isEmpty else { return .failure(missing("SOP")) }
        guard let sopClass = capture.sopClassUID, !sopClass.text.isEmpty else { return .failure(missing("SOP Class")) }
        guard uid == instance.sopInstanceUID else {
            return .failure(
                Flaw(
                    reason:
                        "the command announced SOP Instance UID \(instance.sopInstanceUID), the data set says \(uid)",
                    comment: "SOP Instance UID of command and data set differ, kept aside"))
        }
        guard sopClass == instance.sopClassUID else {
            return .failure(
                Flaw(
                    reason: "the command announced SOP class \(instance.sopClassUID), the data set says \(sopClass)",
                    comment: "SOP Class UID of command and data set differ, kept aside"))
        }
        return .success(Place(study: study, series: series))
    }

    private static func missing(_ what: String) -> Flaw {
        let name = what == "SOP Class" ? "SOP Class UID" : "\(what) Instance UID"
        return Flaw(reason: "its header has no \(name)", comment: "no \(name), kept aside")
    }
}

extension ReceivedInstance {
    fileprivate var peer: String { "\(association.calling) at \(association.peerAddress)" }
    fileprivate var name: String { sopInstanceUID.text }
}
