import DICOM
import Gateway
import Studies

/// Every kind of event, as full and as poor as it can be.
enum EventSamples {
    static let study = StudyKey(source: "ct", studyInstanceUID: StudyUID("1.2.826.0.1.3680043.10.999.1"))
    static let instance = "1.2.826.0.1.3680043.10.999.1.1"
    static let peer = Peer(calling: AETitle("CT1"), called: AETitle("KOSGATE"), address: "192.0.2.7")
    /// One that asked for no association.
    static let stranger = Peer(calling: nil, called: nil, address: "192.0.2.8")
    static let region = NamedDestination(name: "region", title: "platform REGION at region.example:104")

    static let all: [OperatorEvent] = ofTheGateway + ofSenders + ofStudies + ofDocuments + ofImages.map { .images($0) }

    private static let ofTheGateway: [OperatorEvent] = [
        .started(aeTitle: "KOSGATE", addresses: ["0.0.0.0:11112", "[::]:11112"], data: "spool", version: "1.0"),
        .recovered(openStudies: 1, heldStudies: 2, undelivered: 3), .stopping(reason: "asked to end"), .stopped,
        .listenerTroubled(reason: "all connections are in use"), .spoolUnwritable(reason: "the disk is full"),
        .spoolWritable, .controlTroubled(reason: "too many open files"), .stageStuck(stage: "curation", seconds: 600),
        .journalLost(events: 3), .eventsHeldBack(kind: .associationRefused, subject: "192.0.2.7", events: 12),
        .eventsHeldBack(kind: .spoolUnwritable, subject: "", events: 1),
        .operatorCommanded(by: "ada", command: "hold 1.2", why: "asked for"),
        .commandNotDone(by: "ada", command: "hold 1.2", reason: "no such study"),
        .configurationRemark("a remark"), .configurationApplied(generation: 7, change: "platform region added"),
        .configurationApplied(generation: 7, change: ""),
        .configurationRefused(file: "site.toml", findings: ["site.toml:3:1: port: taken", "site.toml:9:1: x"]),
        .configurationPending(generation: 7, seconds: 600), .configurationConfirmed(generation: 7, by: "ada"),
        .configurationReturned(generation: 7, to: 6, reason: "region did not answer"),
        .bundleRefused(file: "site.kosbundle", reason: "its serial is 4, and 5 was taken"),
        .doorOpened(door: "0.0.0.0:2762", role: "dicom-tls"), .doorClosed(door: "0.0.0.0:2762", role: "dicom-tls"),
        .certificateExpires(owner: "this gateway", until: "2026-12-01", days: 7),
        .certificateExpires(owner: "platform region", until: "2026-12-01", days: 0),
        .certificateExchanged(owner: "this gateway", until: "2027-12-01"),
    ]

    private static let ofSenders: [OperatorEvent] = [
        .associationEnded(association(peer, "released", refused: 0)),
        .associationEnded(association(peer, "released", refused: 2)),
        .associationEnded(association(stranger, "timed-out", refused: 0)),
        .associationRefused(peer: peer, reason: "calling AE title not recognized"),
        .associationRefused(peer: stranger, reason: "no reason given"),
        .connectionTurnedAway(address: "192.0.2.9", reason: "192.0.2.9 speaks TLS", remedy: "check its port"),
        .sourceAtLimit(source: "ct", peer: peer, limit: 4),
        .instanceQuarantined(peer: peer, instance: instance, reason: "its header has no Study Instance UID"),
        .headerDamaged(peer: peer, instance: instance, reason: "cut"),
        .instanceNotStored(peer: peer, instance: instance, reason: "the disk is full"),
    ]

    private static func association(_ peer: Peer, _ result: String, refused: Int) -> AssociationRecord {
        AssociationRecord(
            peer: peer, result: result, ending: "ended so", instances: 3, refusedInstances: refused, bytes: 4096,
            milliseconds: 1234)
    }

    private static let ofStudies: [OperatorEvent] = [
        .studySettled(study, version: 1, series: 2, instances: 3), .studyUnchanged(study),
        .studyRemark(study, remark: "a remark"),
        .studyHeld(study, reason: "it has no accession number", remedy: "Correct it in the RIS."),
        .instancesWithdrawn(study, title: "113001", instances: 2, destination: "region"),
        .studyDiffers(study, difference: "the PACS has one instance more"), .reconciled(compared: 12, differences: 1),
        .comparisonFailed(reason: "the PACS does not answer"), .settlingFailed(study, reason: "the disk is full"),
    ]

    private static let ofDocuments: [OperatorEvent] = [
        .manifestDelivered(study, version: "1", destination: region, place: ""),
        .manifestDelivered(study, version: "1", destination: region, place: "folder/1.dcm"),
        .rejectionNoteDelivered(study, version: "113001", destination: region, place: ""),
        .documentRefused(
            study, document: "manifest version 1", destination: region, reason: "busy", retryInSeconds: 5),
        .documentBuried(study, document: "manifest version 1", destination: region, reason: "0xA900"),
        .documentUnreadable(
            study, document: "manifest version 1", destination: region, reason: "EIO", retryInSeconds: 5),
        .documentsOrphaned(destination: "former", documents: 2),
        .deliveryStuck(destination: region, reason: "the disk is full", retryInSeconds: 5),
        .destinationDown(destination: region, reason: "no answer", retryInSeconds: 5),
        .destinationUp(destination: region), .publishedLate(destination: "region", studies: 12, reason: nil),
        .publishedLate(destination: "region", studies: 3, reason: "the disk is full"),
    ]

    private static let ofImages: [ImagesEvent] = [
        .notForwarded(peer: peer, instance: instance, destinations: ["tele", "second"], reason: "no room"),
        .unwritable(reason: "no room"), .writable, .waiting(destination: "tele", images: 3, bytes: 4096),
        .orphaned(destination: "former", images: 3, bytes: 4096),
        .lost(study, instance: instance, destination: "tele"),
        .dropped(study, images: 3, destination: "tele", reason: "rejected (113001)"),
        .noteQueued(study, title: "113001", instances: 2, destinations: ["tele"]),
        .noteMissing(study, title: "113001", destinations: ["tele"], reason: "it is no longer configured"),
        .forwarded(study, destination: region, images: 3, bytes: 4096, milliseconds: 1234, dead: 0),
        .forwarded(study, destination: region, images: 3, bytes: 4096, milliseconds: 1234, dead: 1),
        .formerCopiesKept(study, images: 1, instance: instance, destination: region),
        .destinationDown(destination: region, reason: "no answer", retryInSeconds: 5),
        .destinationUp(destination: region),
        .warned(study, instance: instance, destination: region, remark: "coercion of data elements"),
        .refused(study, instance: instance, destination: region, reason: "busy", retryInSeconds: 5),
        .buried(study, instance: instance, isNote: false, destination: region, reason: "0xA900"),
        .limited(destination: region, associations: 2, reason: "refused the third"),
        .uncommitted(destination: region, images: 3, reason: "late", retryInSeconds: 5),
        .stuck(destination: region, reason: "too many open files", retryInSeconds: 5), .freed(destination: region),
    ]
}
