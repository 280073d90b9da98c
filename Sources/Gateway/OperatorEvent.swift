public import Studies

/// What an operator is told: one line per thing that matters, without the patient's identity.
public enum OperatorEvent: Sendable, Equatable {
    case started(aeTitle: String, addresses: [String], data: String, version: String)
    case recovered(openStudies: Int, heldStudies: Int, undelivered: Int)
    case stopping(reason: String)
    case stopped
    /// `line` is the association's own summary: peer, instances, bytes, seconds, how it ended.
    case associationEnded(line: String, isClean: Bool)
    case associationRefused(peer: String, reason: String)
    case instanceQuarantined(peer: String, instance: String, reason: String)
    case headerDamaged(peer: String, instance: String, reason: String)
    case instanceNotStored(peer: String, instance: String, reason: String)
    case studySettled(StudyKey, version: Int, series: Int, instances: Int)
    case studyUnchanged(StudyKey)
    case studyRemark(StudyKey, remark: String)
    case studyHeld(StudyKey, reason: String, remedy: String)
    /// Rejection notes of this title (code value) are due.
    case instancesWithdrawn(StudyKey, title: String, instances: Int, destination: String)
    /// What the PACS has and what is published differ, and no message said so.
    case studyDiffers(StudyKey, difference: String)
    case reconciled(compared: Int, differences: Int)
    case settlingFailed(StudyKey, reason: String)
    case manifestDelivered(StudyKey, version: String, destination: String, place: String)
    case rejectionNoteDelivered(StudyKey, version: String, destination: String, place: String)
    /// `document`: "manifest version 3", "rejection note (113001)".
    case documentRefused(StudyKey, document: String, destination: String, reason: String, retryInSeconds: Int)
    case documentBuried(StudyKey, document: String, destination: String, reason: String)
    case documentUnreadable(StudyKey, document: String, reason: String, retryInSeconds: Int)
    case deliveryStuck(destination: String, reason: String, retryInSeconds: Int)
    case destinationDown(destination: String, reason: String, retryInSeconds: Int)
    case destinationUp(destination: String)
    /// A destination that was configured later was given what was settled before: so many studies; `reason`: not all.
    case publishedLate(destination: String, studies: Int, reason: String?)
    case listenerTroubled(reason: String)
    case images(ImagesEvent)
    case spoolUnwritable(reason: String)
    case spoolWritable
    case configurationRemark(String)
    /// An operator commanded, on this machine, through the control socket. `command` is one line as it was given.
    /// - `refusal`: why it was not done; nil: it was.
    case operatorCommanded(by: String, command: String, why: String, refusal: String?)
    case controlTroubled(reason: String)
    /// A stage has been at one step for too long: the supervisor is told no more that all is well, and will restart us.
    case stageStuck(stage: String, seconds: Int)

    /// syslog(3): 3 error, 4 warning, 5 notice, 6 information.
    public var priority: Int {
        switch self {
        case .spoolUnwritable, .instanceNotStored, .settlingFailed, .documentRefused, .documentBuried,
            .documentUnreadable, .deliveryStuck, .stageStuck:
            3
        case .instanceQuarantined, .headerDamaged, .studyHeld, .studyRemark, .studyDiffers, .destinationDown,
            .associationRefused,
            .configurationRemark, .listenerTroubled, .controlTroubled:
            4
        case .started, .recovered, .stopping, .stopped, .destinationUp, .spoolWritable, .operatorCommanded: 5
        case .publishedLate(_, _, let reason): reason == nil ? 5 : 3
        case .associationEnded(_, let isClean): isClean ? 6 : 4
        case .images(let event): event.priority
        case .studySettled, .studyUnchanged, .instancesWithdrawn, .manifestDelivered, .rejectionNoteDelivered,
            .reconciled:
            6
        }
    }
}

extension OperatorEvent: CustomStringConvertible {
    /// One line, no patient identity.
    public var description: String {
        switch self {
        case .started(let aeTitle, let addresses, let data, let version):
            "kosgate \(version) is ready: AE title \(aeTitle) on \(addresses.joined(separator: ", ")), data in \(data)"
        case .recovered(let open, let held, let undelivered):
            "recovered: \(counted(open, "open study")), \(held) held, \(counted(undelivered, "manifest")) to deliver"
        case .stopping(let reason): "stopping (\(reason)): associations are let end, nothing acknowledged is lost"
        case .stopped: "stopped"
        case .configurationRemark(let remark): remark
        case .images(let event): event.description
        case .operatorCommanded(let by, let command, let why, nil):
            "\(by) commanded: \(command)" + (why.isEmpty ? "" : ", because: \(why)")
        case .operatorCommanded(let by, let command, _, let refusal?):
            "refused to \(by): \(command): \(refusal)"
        case .controlTroubled(let reason): "operator's commands are not answered: \(reason)"
        case .stageStuck(let stage, let seconds):
            "\(stage) has not got on for \(seconds) s: the watchdog is not told any more that all is well, and restarts "
                + "the gateway"
        case .associationEnded(let line, _): line
        case .associationRefused(let peer, let reason): "association from \(peer) refused: \(reason)"
        case .instanceQuarantined(let peer, let instance, let reason):
            "instance \(instance) from \(peer) is kept but in no manifest: \(reason)"
        case .headerDamaged(let peer, let instance, let reason):
            "instance \(instance) from \(peer) is listed, but its header could not be read to the end: \(reason)"
        case .instanceNotStored(let peer, let instance, let reason):
            "instance \(instance) from \(peer) was answered with a failure, the sender still has it: \(reason)"
        case .studySettled(let study, let version, let series, let instances):
            "study \(study) settled: manifest version \(version), "
                + "\(counted(instances, "instance")) in \(series) series"
        case .studyUnchanged(let study): "study \(study) settled: what came changes nothing of its manifest"
        case .studyRemark(let study, let remark): "study \(study): \(remark)"
        case .studyHeld(let study, let reason, let remedy):
            "study \(study) is held, nothing new of it is published: "
                + "\(reason)\(reason.hasSuffix(".") ? "" : ".") \(remedy)"
        case .studyDiffers(let study, let difference): "study \(study): \(difference)"
        case .reconciled(let compared, let differences):
            "\(counted(compared, "study")) compared with the PACS, \(counted(differences, "difference"))"
        case .instancesWithdrawn(let study, let title, let instances, let destination):
            "study \(study): a rejection note (\(title)) withdraws \(counted(instances, "instance")) from \(destination)"
        case .settlingFailed(let study, let reason): "study \(study) could not be settled, tried again: \(reason)"
        case .manifestDelivered(let study, let version, let destination, let place):
            "manifest version \(version) of study \(study) delivered to \(destination)"
                + (place.isEmpty ? "" : " (\(place))")
        case .rejectionNoteDelivered(let study, let version, let destination, let place):
            "rejection note (\(version)) of study \(study) delivered to \(destination)"
                + (place.isEmpty ? "" : " (\(place))")
        case .destinationDown(let destination, let reason, let seconds):
            "\(destination) does not take manifests, kept and tried again in \(seconds) s: \(reason)"
        case .documentUnreadable(let study, let document, let reason, let seconds):
            "\(document) of study \(study) cannot be delivered, tried again in \(seconds) s: \(reason)"
        case .deliveryStuck(let destination, let reason, let seconds):
            "nothing is delivered to \(destination), tried again in \(seconds) s: \(reason)"
        case .destinationUp(let destination): "\(destination) answers again"
        case .publishedLate(let destination, let studies, nil):
            "\(destination) gets what was settled before: \(counted(studies, "study")) settled again for it, each has it in "
                + "its history"
        case .publishedLate(let destination, let studies, let reason?):
            "\(destination) does not get all that was settled before, only \(counted(studies, "study")): \(reason); "
                + "command it again when that is cured"
        case .documentRefused(let study, let document, let destination, let reason, let seconds):
            "\(destination) refuses \(document) of study \(study), tried again in \(seconds) s: \(reason)"
        case .documentBuried(let study, let document, let destination, let reason):
            "\(document) of study \(study) is no longer sent to \(destination), nor what follows it, until it is "
                + "retried or withdrawn: \(reason)"
        case .listenerTroubled(let reason): "the listener goes on, but \(reason)"
        case .spoolUnwritable(let reason):
            "senders are asked to wait and keep their images: \(reason)"
        case .spoolWritable: "the spool can be written again"
        }
    }
}

/// A number with its noun: `1 instance`, `2 instances`, `1 study`, `2 studies`, `2 matches`, `2 series`.
public func counted(_ count: Int, _ noun: String) -> String {
    guard count != 1, noun != "series" else { return "\(count) \(noun)" }
    if noun.hasSuffix("ch") { return "\(count) \(noun)es" }
    return "\(count) " + (noun.hasSuffix("y") ? "\(noun.dropLast())ies" : "\(noun)s")
}
