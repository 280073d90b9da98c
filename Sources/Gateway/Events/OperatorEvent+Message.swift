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
        case .operatorCommanded(let by, let command, let why):
            "\(by) commanded: \(command)" + (why.isEmpty ? "" : ", because: \(why)")
        case .commandNotDone(let by, let command, let reason):
            "what \(by) commanded is not done, or not all of it: \(command): \(reason)"
        case .controlTroubled(let reason): "operator's commands are not answered: \(reason)"
        case .stageStuck(let stage, let seconds):
            "\(stage) has not got on for \(seconds) s: the watchdog is not told any more that all is well, and restarts "
                + "the gateway"
        case .journalLost(let events): "\(counted(events, "event")) could not be logged: the journal did not take them"
        case .eventsHeldBack(let kind, let subject, let events):
            "\(counted(events, "more event")) of the kind \(kind.rawValue)\(subject.isEmpty ? "" : " (\(subject))") "
                + "came at once and were not logged"
        case .configurationApplied(let generation, let change):
            "the configuration of generation \(generation) is in force\(change.isEmpty ? "" : ": \(change)")"
        case .configurationRefused(let file, let findings):
            "\(file) is refused, the configuration in force stays: \(findings.joined(separator: " | "))"
        case .configurationPending(let generation, let seconds):
            "the configuration of generation \(generation) waits to be confirmed: in \(seconds) s the one before returns"
        case .configurationConfirmed(let generation, let by):
            "the configuration of generation \(generation) is confirmed by \(by)"
        case .configurationReturned(let generation, let former, let reason):
            "the configuration of generation \(generation) is given up, that of generation \(former) is in force again: "
                + reason
        case .bundleRefused(let file, let reason): "\(file) is refused, the configuration in force stays: \(reason)"
        case .doorOpened(let door, let role): "listens on \(door) (\(role))"
        case .doorClosed(let door, let role): "listens no longer on \(door) (\(role))"
        case .certificateExpires(let owner, let until, let days) where days > 0:
            "the certificate of \(owner) expires in \(counted(days, "day")), on \(until)"
        case .certificateExpires(let owner, let until, _): "the certificate of \(owner) has expired on \(until)"
        case .certificateExchanged(let owner, let until):
            "the certificate of \(owner) is exchanged; the new one is valid until \(until)"
        case .associationEnded(let record): record.line
        case .associationRefused(let peer, let reason): "association from \(peer) refused: \(reason)"
        case .connectionTurnedAway(_, let reason, let remedy):
            "connection turned away: \(reason); \(remedy)"
        case .sourceAtLimit(let source, let peer, let limit):
            "association from \(peer) refused for now: \(source) has all of its \(counted(limit, "association")) open"
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
        case .documentUnreadable(let study, let document, _, let reason, let seconds):
            "\(document) of study \(study) cannot be delivered, tried again in \(seconds) s: \(reason)"
        case .deliveryStuck(let destination, let reason, let seconds):
            "nothing is delivered to \(destination), tried again in \(seconds) s: \(reason)"
        case .comparisonFailed(let reason): "not compared with the PACS: \(reason)"
        case .documentsOrphaned(let destination, let documents):
            "\(counted(documents, "document")) kept for '\(destination)', which is not configured: sent when a platform "
                + "has this name again"
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
