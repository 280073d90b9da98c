public import Studies

/// What an operator is told of images on their way to a telemedicine PACS, without the patient's identity.
public enum ImagesEvent: Sendable, Equatable {
    /// An instance that is, or may be, wanted is not sent on; `reason` completes "because".
    case notForwarded(peer: Peer, instance: String, destinations: [String], reason: String)
    case unwritable(reason: String)
    case writable
    /// At a start.
    case waiting(destination: String, images: Int, bytes: Int)
    /// At a start, of a destination that is not configured: what waits, was not committed to, or is dead; on the disk.
    case orphaned(destination: String, images: Int, bytes: Int)
    /// At a start: files that are gone or cut.
    case lost(StudyKey, instance: String, destination: String)
    /// `reason`: what was done to them, as "rejected (113001)".
    case dropped(StudyKey, images: Int, destination: String, reason: String)
    /// A rejection note of ours follows what was sent of a study that an operator withdrew.
    case noteQueued(StudyKey, title: String, instances: Int, destinations: [String])
    case noteMissing(StudyKey, title: String, destinations: [String], reason: String)
    case forwarded(
        StudyKey, destination: NamedDestination, images: Int, bytes: Int, milliseconds: Int, dead: Int)
    /// It answered that it has their SOP Instance UIDs already, and they are corrected copies.
    case formerCopiesKept(StudyKey, images: Int, instance: String, destination: NamedDestination)
    case destinationDown(destination: NamedDestination, reason: String, retryInSeconds: Int)
    case destinationUp(destination: NamedDestination)
    /// It stored an image with a remark of its own.
    case warned(StudyKey, instance: String, destination: NamedDestination, remark: String)
    case refused(StudyKey, instance: String, destination: NamedDestination, reason: String, retryInSeconds: Int)
    case buried(StudyKey, instance: String, isNote: Bool, destination: NamedDestination, reason: String)
    case limited(destination: NamedDestination, associations: Int, reason: String)
    case uncommitted(destination: NamedDestination, images: Int, reason: String, retryInSeconds: Int)
    /// Told when it begins, and each hour that it lasts.
    case stuck(destination: NamedDestination, reason: String, retryInSeconds: Int)
    case freed(destination: NamedDestination)
}

extension ImagesEvent: CustomStringConvertible {
    /// One line, no patient identity.
    public var description: String {
        switch self {
        case .notForwarded(let peer, let instance, let destinations, let reason):
            "instance \(instance) from \(peer) is not sent on to \(Self.list(destinations)), its header alone is kept: "
                + reason
        case .unwritable(let reason):
            "no images are taken in, their senders are asked to wait and keep them; headers are taken as before: \(reason)"
        case .writable: "there is room for images again"
        case .waiting(let destination, let images, let bytes):
            "recovered: \(Self.count(images)) (\(ByteCount.rounded(bytes))) to send to \(destination)"
        case .orphaned(let destination, let images, let bytes):
            "\(Self.count(images)) (\(ByteCount.rounded(bytes)) of disk) kept for '\(destination)', which is not configured: put "
                + "it back to have them sent, or give them up: kosgate destination \(destination) discard --why …"
        case .lost(let study, let instance, let destination):
            "the image of instance \(instance) of study \(study) is not whole on our disk and cannot be sent to "
                + "\(destination): have the PACS send it again, then drop the dead letter"
        case .dropped(let study, let images, let destination, let reason):
            "study \(study): \(Self.count(images)) no longer to be sent to \(destination), because \(reason)"
        case .noteQueued(let study, let title, let instances, let destinations):
            "study \(study): a rejection note (\(title)) for \(counted(instances, "instance")) goes to "
                + Self.list(destinations)
        case .noteMissing(let study, let title, let destinations, let reason):
            "study \(study): \(Self.list(destinations)) may show what was withdrawn (\(title)), and no rejection note "
                + "can be made: \(reason). Withdraw it there by hand"
        case .forwarded, .formerCopiesKept, .warned, .refused, .buried, .limited, .uncommitted, .stuck,
            .freed, .destinationDown, .destinationUp:
            sending
        }
    }

    /// What its sender tells.
    private var sending: String {
        switch self {
        case .forwarded(let study, let destination, let images, let bytes, let milliseconds, let dead):
            "study \(study): \(Self.count(images)) (\(ByteCount.rounded(bytes))) sent to \(destination) in "
                + "\(Self.seconds(milliseconds)) s" + (dead > 0 ? ", \(dead) not: kosgate dead-letters" : "")
        case .formerCopiesKept(let study, let images, let instance, let destination):
            "study \(study): \(destination) may have kept the former copy of \(Self.count(images)) that came corrected under "
                + "the same UID, \(instance)\(images == 1 ? "" : " first"): it answers that it has it already. Delete what it "
                + "has of it there, then have the PACS send it again"
        case .destinationDown(let destination, let reason, let seconds):
            "\(destination) does not take images, kept and tried again in \(seconds) s: \(reason)"
        case .destinationUp(let destination): "\(destination) takes images again"
        case .warned(let study, let instance, let destination, let remark):
            "\(destination) took instance \(instance) of study \(study) with a remark: \(remark)"
        case .refused(let study, let instance, let destination, let reason, let seconds):
            "\(destination) does not have instance \(instance) of study \(study), tried again in \(seconds) s: \(reason)"
        case .buried(let study, let instance, let isNote, let destination, let reason):
            "\(isNote ? "rejection note" : "instance") \(instance) of study \(study) is no longer sent to \(destination)"
                + (isNote ? ", nor what follows it," : "") + " until it is retried: \(reason)"
        case .limited(let destination, let associations, let reason):
            "\(destination) takes no more than \(counted(associations, "association")) at once: \(reason)"
        case .uncommitted(let destination, let images, let reason, let seconds):
            "\(destination) has not committed to \(Self.count(images)) that it took, kept here and asked again "
                + (seconds > 0 ? "in \(seconds) s" : "now") + ": \(reason)"
        case .stuck(let destination, let reason, let seconds):
            "no images are sent to \(destination), which is not at fault, tried again from \(seconds) s on: \(reason)"
        case .freed(let destination): "images are sent to \(destination) again"
        case .notForwarded, .unwritable, .writable, .waiting, .orphaned, .lost, .dropped, .noteQueued, .noteMissing: ""
        }
    }

    private static func list(_ destinations: [String]) -> String { destinations.joined(separator: ", ") }

    private static func count(_ images: Int) -> String { counted(images, "image") }

    private static func seconds(_ milliseconds: Int) -> String {
        "\(milliseconds / 1000).\(milliseconds % 1000 / 100)"
    }
}
