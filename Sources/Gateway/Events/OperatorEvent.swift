public import Studies

/// What an operator is told: one line per thing that matters, without the patient's identity.
public enum OperatorEvent: Sendable, Equatable {
    case started(aeTitle: String, addresses: [String], data: String, version: String)
    case recovered(openStudies: Int, heldStudies: Int, undelivered: Int)
    case stopping(reason: String)
    case stopped
    case associationEnded(AssociationRecord)
    case associationRefused(peer: Peer, reason: String)
    /// No association came of it: the other protocol on a door, a handshake that failed, a network of no source.
    case connectionTurnedAway(address: String, reason: String, remedy: String)
    /// A source has as many associations open as it may.
    case sourceAtLimit(source: String, peer: Peer, limit: Int)
    case instanceQuarantined(peer: Peer, instance: String, reason: String)
    case headerDamaged(peer: Peer, instance: String, reason: String)
    case instanceNotStored(peer: Peer, instance: String, reason: String)
    case studySettled(StudyKey, version: Int, series: Int, instances: Int)
    case studyUnchanged(StudyKey)
    case studyRemark(StudyKey, remark: String)
    case studyHeld(StudyKey, reason: String, remedy: String)
    /// Rejection notes of this title (code value) are due.
    case instancesWithdrawn(StudyKey, title: String, instances: Int, destination: String)
    /// What the PACS has and what is published differ, and no message said so.
    case studyDiffers(StudyKey, difference: String)
    case reconciled(compared: Int, differences: Int)
    /// Studies were not compared with their PACS.
    case comparisonFailed(reason: String)
    case settlingFailed(StudyKey, reason: String)
    case manifestDelivered(StudyKey, version: String, destination: NamedDestination, place: String)
    case rejectionNoteDelivered(StudyKey, version: String, destination: NamedDestination, place: String)
    /// `document`: "manifest version 3", "rejection note (113001)".
    case documentRefused(
        StudyKey, document: String, destination: NamedDestination, reason: String, retryInSeconds: Int)
    case documentBuried(StudyKey, document: String, destination: NamedDestination, reason: String)
    case documentUnreadable(
        StudyKey, document: String, destination: NamedDestination, reason: String, retryInSeconds: Int)
    /// At a start: what waits for a destination that is not configured.
    case documentsOrphaned(destination: String, documents: Int)
    case deliveryStuck(destination: NamedDestination, reason: String, retryInSeconds: Int)
    case destinationDown(destination: NamedDestination, reason: String, retryInSeconds: Int)
    case destinationUp(destination: NamedDestination)
    /// A destination that was configured later was given what was settled before: so many studies; `reason`: not all.
    case publishedLate(destination: String, studies: Int, reason: String?)
    case listenerTroubled(reason: String)
    case images(ImagesEvent)
    case spoolUnwritable(reason: String)
    case spoolWritable
    case configurationRemark(String)
    /// `change`: what is another than before.
    case configurationApplied(generation: Int, change: String)
    /// `findings`: lines with place, key, reason and remedy.
    case configurationRefused(file: String, findings: [String])
    /// It returns to the one before unless it is confirmed in time.
    case configurationPending(generation: Int, seconds: Int)
    /// `by`: an operator, a file, or its own good health.
    case configurationConfirmed(generation: Int, by: String)
    /// The configuration of generation `to` is in force again.
    case configurationReturned(generation: Int, to: Int, reason: String)
    case bundleRefused(file: String, reason: String)
    /// `door`: address and port. `role`: "dicom", "dicom-tls", "status".
    case doorOpened(door: String, role: String)
    case doorClosed(door: String, role: String)
    /// `owner`: whose certificate it is, as "this gateway" or "platform region". `until`: a date. Days left; 0 or less: none.
    case certificateExpires(owner: String, until: String, days: Int)
    case certificateExchanged(owner: String, until: String)
    /// An operator commands, on this machine, through the control socket. `command` is one line as it was given. Told
    /// before it is obeyed.
    case operatorCommanded(by: String, command: String, why: String)
    /// What was commanded before was refused, or failed: some of it may be done.
    case commandNotDone(by: String, command: String, reason: String)
    case controlTroubled(reason: String)
    /// A stage has been at one step for too long: the supervisor is told no more that all is well, and will restart us.
    case stageStuck(stage: String, seconds: Int)
    /// The journal did not take so many events.
    case journalLost(events: Int)
    /// So many more of this kind, about the same, were told to nobody but the figures.
    case eventsHeldBack(kind: EventKind, subject: String, events: Int)
}
