extension OperatorEvent {
    public var kind: EventKind {
        switch self {
        case .started: .started
        case .recovered: .recovered
        case .stopping: .stopping
        case .stopped: .stopped
        case .associationEnded(let record): record.isClean ? .associationEnded : .associationBroken
        case .associationRefused: .associationRefused
        case .connectionTurnedAway: .connectionTurnedAway
        case .sourceAtLimit: .sourceAtLimit
        case .instanceQuarantined: .instanceQuarantined
        case .headerDamaged: .headerDamaged
        case .instanceNotStored: .instanceNotStored
        case .studySettled: .studySettled
        case .studyUnchanged: .studyUnchanged
        case .studyRemark: .studyRemark
        case .studyHeld: .studyHeld
        case .instancesWithdrawn: .instancesWithdrawn
        case .studyDiffers: .studyDiffers
        case .reconciled: .reconciled
        case .comparisonFailed: .comparisonFailed
        case .settlingFailed: .settlingFailed
        case .manifestDelivered: .manifestDelivered
        case .rejectionNoteDelivered: .rejectionNoteDelivered
        case .documentRefused: .documentRefused
        case .documentBuried: .documentBuried
        case .documentUnreadable: .documentUnreadable
        case .documentsOrphaned: .documentsOrphaned
        case .deliveryStuck: .deliveryStuck
        case .destinationDown: .destinationDown
        case .destinationUp: .destinationUp
        case .publishedLate(_, _, let reason): reason == nil ? .publishedLate : .latePublicationFailed
        case .listenerTroubled: .listenerTroubled
        case .images(let event): event.kind
        case .spoolUnwritable: .spoolUnwritable
        case .spoolWritable: .spoolWritable
        case .configurationRemark: .configurationRemark
        case .configurationApplied: .configurationApplied
        case .configurationRefused: .configurationRefused
        case .configurationPending: .configurationPending
        case .configurationConfirmed: .configurationConfirmed
        case .configurationReturned: .configurationReturned
        case .bundleRefused: .bundleRefused
        case .doorOpened: .doorOpened
        case .doorClosed: .doorClosed
        case .certificateExpires(_, _, let days): days > 0 ? .certificateExpires : .certificateExpired
        case .certificateExchanged: .certificateExchanged
        case .operatorCommanded: .operatorCommanded
        case .commandNotDone: .commandNotDone
        case .controlTroubled: .controlTroubled
        case .stageStuck: .stageStuck
        case .journalLost: .journalLost
        case .eventsHeldBack: .eventsHeldBack
        }
    }
}

extension ImagesEvent {
    var kind: EventKind {
        switch self {
        case .notForwarded: .imageNotForwarded
        case .unwritable: .imagesUnwritable
        case .writable: .imagesWritable
        case .waiting: .imagesWaiting
        case .orphaned: .imagesOrphaned
        case .lost: .imageLost
        case .dropped: .imagesDropped
        case .noteQueued: .imageNoteQueued
        case .noteMissing: .imageNoteMissing
        case .forwarded(_, _, _, _, _, let dead): dead > 0 ? .imagesNotAllForwarded : .imagesForwarded
        case .formerCopiesKept: .formerCopiesKept
        case .destinationDown: .imageDestinationDown
        case .destinationUp: .imageDestinationUp
        case .warned: .imageWarned
        case .refused: .imageRefused
        case .buried: .imageBuried
        case .limited: .imageDestinationLimited
        case .uncommitted: .imagesUncommitted
        case .stuck: .imagesStuck
        case .freed: .imagesFreed
        }
    }
}
