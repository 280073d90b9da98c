import Associations
import DICOM
import Forwarding
import KeyObjects
import Spool
import Studies

extension StudyKey {
    init(_ entry: StudyEntry) { self.init(source: entry.source, studyInstanceUID: StudyUID(entry.uid)) }
}

extension Configuration {
    /// What holds for studies of this source; one that is no longer configured has the defaults.
    func source(named name: String) -> Source {
        sources.first { $0.name == name } ?? Source(name: name, settings: defaults)
    }
}

extension Configuration.Destination {
    /// As the operator knows it.
    var name: String {
        switch self {
        case .platform(let platform): "platform \(platform.aeTitle) at \(platform.host):\(platform.port)"
        case .folder: "folder"
        }
    }

    var schedule: RetrySchedule {
        switch self {
        case .platform(let platform): RetrySchedule(first: platform.retryDelay, ceiling: platform.retryCeiling)
        case .folder: RetrySchedule()
        }
    }

    /// What all waits of one try may come to, a second one for a peer that ended its association included, with much to
    /// spare.
    var patience: Duration {
        switch self {
        case .platform(let platform): (platform.connectTimeout + platform.responseTimeout * 3 + .seconds(300)) * 2
        case .folder: .seconds(300)
        }
    }

    /// - Parameter aeTitle: ours.
    func carrier(aeTitle: AETitle) -> any Carrier {
        switch self {
        case .folder(let path): return FolderCarrier(path: path)
        case .platform(let platform):
            var association = Association.Configuration(
                host: platform.host, port: platform.port, called: platform.aeTitle,
                calling: platform.callingAETitle ?? aeTitle)
            association.deadlines.connection = platform.connectTimeout
            association.deadlines.associationResponse = platform.responseTimeout
            association.deadlines.response = platform.responseTimeout
            association.deadlines.release = platform.responseTimeout
            return PlatformCarrier(association)
        }
    }
}

extension Forwarder {
    /// - Parameter acknowledged: a document of this study was acknowledged, or given up.
    convenience init(
        _ configuration: Gateway.Configuration, to destination: Gateway.Configuration.Destination, spool: Spool,
        recovery: SpoolRecovery, acknowledged: @escaping @Sendable (StudyEntry.ID) -> Void,
        isWithheld: @escaping @Sendable (StudyEntry.ID) -> Bool,
        post: @escaping @Sendable (OperatorEvent) -> Void
    ) {
        var settings = Configuration(
            outbox: destination.outbox, destination: destination.name, schedule: destination.schedule)
        settings.patience = destination.patience
        let named = NamedDestination(name: destination.outbox, title: destination.name)
        self.init(
            settings,
            spool: spool, carrier: destination.carrier(aeTitle: configuration.aeTitle),
            acknowledged: { study, _ in acknowledged(study) }, isWithheld: isWithheld,
            report: { event in
                post(OperatorEvent(event, of: named))
                // What was delivered may be waiting to be written down.
                _ = recovery.attempt()
            })
    }
}

extension OperatorEvent {
    init(_ event: Forwarder.Event, of destination: NamedDestination) {
        switch event {
        case .delivered(let document, _, let place):
            self =
                switch document.kind {
                case .manifest:
                    .manifestDelivered(
                        StudyKey(document), version: document.version, destination: destination, place: place)
                case .rejectionNote:
                    .rejectionNoteDelivered(
                        StudyKey(document), version: document.version, destination: destination, place: place)
                }
        case .stuck(_, let reason, let delay):
            self = .deliveryStuck(
                destination: destination, reason: reason, retryInSeconds: delay.roundedUp)
        case .unreadable(let document, let reason, let delay):
            self = .documentUnreadable(
                StudyKey(document), document: document.label, destination: destination, reason: reason,
                retryInSeconds: delay.roundedUp)
        case .down(_, let reason, let delay):
            self = .destinationDown(
                destination: destination, reason: reason, retryInSeconds: delay.roundedUp)
        case .up: self = .destinationUp(destination: destination)
        case .refused(let document, _, let reason, let delay):
            self = .documentRefused(
                StudyKey(document), document: document.label, destination: destination, reason: reason,
                retryInSeconds: delay.roundedUp)
        case .buried(let document, _, let reason):
            self = .documentBuried(
                StudyKey(document), document: document.label, destination: destination, reason: reason)
        }
    }
}

extension Duration {
    /// In whole seconds: half a second is no wait of 0 s.
    var roundedUp: Int { Int(components.seconds) + (components.attoseconds > 0 ? 1 : 0) }

    var wholeMilliseconds: Int { Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000) }
}

extension StudyKey {
    fileprivate init(_ document: OutgoingDocument) {
        self.init(source: document.source, studyInstanceUID: StudyUID(document.studyUID))
    }
}

extension AssociationListener.Configuration {
    init(_ configuration: Configuration) {
        self.init()
        addresses = configuration.listen
        port = configuration.port
        associationLimit = configuration.limits.associations
        maximumPDULength = UInt32(clamping: configuration.limits.maximumPDULength)
        headerLimit = configuration.limits.header
        headerBudget = configuration.limits.headerBudget
        deadlines.associationRequest = configuration.limits.requestTimeout
        deadlines.message = configuration.limits.idleTimeout
        deadlines.fragment = configuration.limits.stallTimeout
    }
}
