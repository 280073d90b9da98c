import Associations
import DICOM
import DICOMNetwork
import Forwarding
import Spool
import Studies

extension ImageForwarder {
    convenience init(
        _ configuration: Gateway.Configuration, to destination: Gateway.Configuration.ImageDestination, spool: Spool,
        recovery: SpoolRecovery, post: @escaping @Sendable (OperatorEvent) -> Void
    ) {
        var settings = Configuration(
            outbox: destination.name, destination: destination.title,
            association: destination.association(from: configuration.aeTitle),
            associations: destination.associations, throttle: destination.throttle > 0 ? destination.throttle : nil,
            schedule: RetrySchedule(first: destination.retryDelay, ceiling: destination.retryCeiling))
        settings.windows = destination.windows
        settings.commit = destination.commits
        self.init(
            settings, spool: spool,
            report: { event in
                if let event = ImagesEvent(event, of: destination.named) { post(.images(event)) }
                if case .studyForwarded(let study, _) = event,
                    let kept = study.formerCopiesKept(at: destination, in: spool, configuration)
                {
                    post(.images(kept.event))
                    // The log has it where the spool cannot.
                    try? spool.append(counting: [kept.line], to: study.study)
                }
                // What was sent may be waiting to be written down.
                _ = recovery.attempt()
            })
    }
}

extension StudyForwarding {
    /// What a destination may go on showing, since it had the SOP Instance UIDs of corrected copies already; nil: nothing,
    /// or it cannot be read what came.
    fileprivate func formerCopiesKept(
        at destination: Configuration.ImageDestination, in spool: Spool, _ configuration: Configuration
    ) -> (event: ImagesEvent, line: HistoryCount)? {
        guard !alreadyThere.isEmpty, let entry = try? spool.study(study) else { return nil }
        let settings = StudySettings(configuration, source: configuration.source(named: entry.source))
        guard let replay = try? StudyReplay(of: entry, in: spool, settings) else { return nil }
        let kept = replay.cameAgain.filter { alreadyThere.contains($0.value) }.keys.sorted()
        guard let first = kept.first else { return nil }
        let event = ImagesEvent.formerCopiesKept(
            StudyKey(entry), images: kept.count, instance: first.text, destination: destination.named)
        let line = HistoryCount(
            kind: "former copies",
            subject: "corrected instances of which \(destination.name) may have kept the former copy",
            count: kept.count, detail: "the last \(kept.last ?? first)", at: .now)
        return (event, line)
    }
}

extension Configuration.ImageDestination {
    /// As the operator knows it.
    var title: String { "\(name), \(aeTitle) at \(host):\(port)" }

    var named: NamedDestination { NamedDestination(name: name, title: title) }
}

extension Configuration.ImageDestination {
    /// - Parameter aeTitle: ours, where the destination has none of its own.
    func association(from aeTitle: AETitle) -> Association.Configuration {
        var association = Association.Configuration(
            host: host, port: port, called: self.aeTitle, calling: callingAETitle ?? aeTitle)
        association.deadlines.connection = connectTimeout
        association.deadlines.associationResponse = responseTimeout
        association.deadlines.response = responseTimeout
        // What it has taken it has answered: that it answers the release is waited for as a courtesy.
        association.deadlines.release = min(responseTimeout, .seconds(3))
        return association
    }
}

extension ImageOutlet {
    init(_ name: String, _ forwarder: ImageForwarder) {
        self.init(
            name: name, wake: { forwarder.wake(isUrgent: $0) },
            committed: { result in
                do throws(SpoolError) {
                    return try forwarder.committed(result) ? .success : nil
                } catch {
                    // What is not written down is reported again, or asked for again.
                    return .processingFailure
                }
            },
            isStopped: { forwarder.condition.activity.isStopped })
    }
}

extension ImageDestinationCondition.Activity {
    fileprivate var isStopped: Bool {
        switch self {
        case .idle, .sending: false
        case .waiting, .closed, .paused: true
        }
    }
}

extension ImagesEvent {
    /// Nil: it is no news.
    init?(_ event: ImageEvent, of destination: NamedDestination) {
        switch event {
        case .studyForwarded(let study, _):
            self = .forwarded(
                StudyKey(source: study.source, studyInstanceUID: StudyUID(study.studyUID)), destination: destination,
                images: study.instances, bytes: study.bytes, milliseconds: study.duration.wholeMilliseconds,
                dead: study.dead)
        case .down(_, let reason, let delay):
            self = .destinationDown(destination: destination, reason: reason, retryInSeconds: delay.roundedUp)
        case .up: self = .destinationUp(destination: destination)
        case .warned(let image, _, let remark):
            self = .warned(StudyKey(image), instance: image.instance, destination: destination, remark: remark)
        case .refused(let image, _, let reason, let delay):
            self = .refused(
                StudyKey(image), instance: image.instance, destination: destination, reason: reason,
                retryInSeconds: delay.roundedUp)
        case .buried(let image, _, let reason):
            self = .buried(
                StudyKey(image), instance: image.instance, isNote: image.isBarrier, destination: destination,
                reason: reason)
        case .limited(_, let associations, let reason):
            self = .limited(destination: destination, associations: associations, reason: reason)
        case .uncommitted(_, let images, let reason, let delay):
            self = .uncommitted(
                destination: destination, images: images, reason: reason, retryInSeconds: delay.roundedUp)
        case .stuck(_, _, _, false): return nil
        case .freed: self = .freed(destination: destination)
        case .stuck(_, let reason, let delay, true):
            self = .stuck(destination: destination, reason: reason, retryInSeconds: delay.roundedUp)
        }
    }
}

extension StudyKey {
    fileprivate init(_ image: OutgoingImage) {
        self.init(source: image.source, studyInstanceUID: StudyUID(image.studyUID))
    }
}
