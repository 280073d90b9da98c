/// What kinds of events an operator is told of. Each has an entry in the journal's catalog (`config/systemd/catalog`) and a
/// line in `config/events.md`; its raw value is the journal's field `KOSGATE_EVENT`.
public enum EventKind: String, CaseIterable, Sendable {
    // MARK: The gateway

    case started
    case recovered
    case stopping
    case stopped
    case operatorCommanded = "operator-commanded"
    case commandNotDone = "command-not-done"
    case controlTroubled = "control-troubled"
    case listenerTroubled = "listener-troubled"
    case stageStuck = "stage-stuck"
    case journalLost = "journal-lost"
    case eventsHeldBack = "events-held-back"

    // MARK: Its configuration

    case configurationRemark = "configuration-remark"
    case configurationApplied = "configuration-applied"
    case configurationRefused = "configuration-refused"
    case configurationPending = "configuration-pending"
    case configurationConfirmed = "configuration-confirmed"
    case configurationReturned = "configuration-returned"
    case bundleRefused = "bundle-refused"
    case doorOpened = "door-opened"
    case doorClosed = "door-closed"
    case certificateExpires = "certificate-expires"
    case certificateExpired = "certificate-expired"
    case certificateExchanged = "certificate-exchanged"

    // MARK: Who sends

    case associationEnded = "association-ended"
    case associationBroken = "association-broken"
    case associationRefused = "association-refused"
    case connectionTurnedAway = "connection-turned-away"
    case sourceAtLimit = "source-at-limit"

    // MARK: What comes

    case instanceQuarantined = "instance-quarantined"
    case headerDamaged = "header-damaged"
    case instanceNotStored = "instance-not-stored"
    case spoolUnwritable = "spool-unwritable"
    case spoolWritable = "spool-writable"

    // MARK: Studies

    case studySettled = "study-settled"
    case studyUnchanged = "study-unchanged"
    case studyRemark = "study-remark"
    case studyHeld = "study-held"
    case settlingFailed = "settling-failed"
    case instancesWithdrawn = "instances-withdrawn"
    case studyDiffers = "study-differs"
    case reconciled
    case comparisonFailed = "comparison-failed"

    // MARK: Manifests and rejection notes

    case manifestDelivered = "manifest-delivered"
    case rejectionNoteDelivered = "rejection-note-delivered"
    case documentRefused = "document-refused"
    case documentBuried = "document-buried"
    case documentUnreadable = "document-unreadable"
    case documentsOrphaned = "documents-orphaned"
    case deliveryStuck = "delivery-stuck"
    case destinationDown = "destination-down"
    case destinationUp = "destination-up"
    case publishedLate = "published-late"
    case latePublicationFailed = "late-publication-failed"

    // MARK: Images sent on

    case imagesForwarded = "images-forwarded"
    case imagesNotAllForwarded = "images-not-all-forwarded"
    case imageNotForwarded = "image-not-forwarded"
    case imageWarned = "image-warned"
    case imageRefused = "image-refused"
    case imageBuried = "image-buried"
    case imageLost = "image-lost"
    case imagesDropped = "images-dropped"
    case imagesUncommitted = "images-uncommitted"
    case formerCopiesKept = "former-copies-kept"
    case imageNoteQueued = "image-note-queued"
    case imageNoteMissing = "image-note-missing"
    case imagesWaiting = "images-waiting"
    case imagesOrphaned = "images-orphaned"
    case imagesUnwritable = "images-unwritable"
    case imagesWritable = "images-writable"
    case imagesStuck = "images-stuck"
    case imagesFreed = "images-freed"
    case imageDestinationDown = "image-destination-down"
    case imageDestinationUp = "image-destination-up"
    case imageDestinationLimited = "image-destination-limited"
}

extension EventKind {
    /// syslog(3): 2 critical, 3 error, 4 warning, 5 notice, 6 information.
    public var priority: Int {
        switch self {
        case .stageStuck:
            2
        case .configurationRefused, .configurationReturned, .bundleRefused, .certificateExpired, .instanceNotStored,
            .spoolUnwritable, .settlingFailed, .documentRefused, .documentBuried, .documentUnreadable, .deliveryStuck,
            .latePublicationFailed, .imageRefused, .imageBuried, .imageLost, .imageNoteMissing, .imagesUnwritable,
            .imagesStuck:
            3
        case .controlTroubled, .listenerTroubled, .journalLost, .configurationRemark, .configurationPending,
            .certificateExpires, .associationBroken, .associationRefused, .connectionTurnedAway, .sourceAtLimit,
            .instanceQuarantined, .headerDamaged, .studyRemark, .studyHeld, .studyDiffers, .comparisonFailed,
            .documentsOrphaned, .destinationDown, .imagesNotAllForwarded, .imageNotForwarded, .imageWarned,
            .imagesUncommitted, .formerCopiesKept, .imagesOrphaned, .imageDestinationDown, .imageDestinationLimited:
            4
        case .started, .recovered, .stopping, .stopped, .operatorCommanded, .commandNotDone, .eventsHeldBack,
            .configurationApplied, .configurationConfirmed, .doorOpened, .doorClosed, .certificateExchanged,
            .spoolWritable, .destinationUp, .publishedLate, .imagesWaiting, .imagesWritable, .imagesFreed,
            .imageDestinationUp:
            5
        case .associationEnded, .studySettled, .studyUnchanged, .instancesWithdrawn, .reconciled, .manifestDelivered,
            .rejectionNoteDelivered, .imagesForwarded, .imagesDropped, .imageNoteQueued:
            6
        }
    }
}
