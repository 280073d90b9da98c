import Associations
import DICOM
import DICOMNetwork
import Spool

/// What comes, is wanted, and is not kept.
extension ImageIntake {
    /// For those of the destinations that an operator lets take nothing new.
    func drained(_ instance: ReceivedInstance, _ destinations: [String]) -> [ImageOmission] {
        destinations.compactMap { name in
            modes.isDraining(name).map { since in
                ImageOmission(
                    instance: instance.sopInstanceUID.text, destination: name,
                    reason: "it takes nothing new (drain, \(ControlTime.text(since)))", isPassing: true)
            }
        }
    }

    /// Why an image had no room and never will; nil: there may be room for it later.
    /// - Parameter mayShrink: its file may be smaller than it: what it comes to is known only where it has all the room.
    func neverHasRoom(_ instance: ReceivedInstance, _ error: SpoolError, mayShrink: Bool) -> String? {
        switch error {
        case .full, .overBudget: break
        case .cannotOpen, .inUse, .newerSchema, .notASpool, .unwritable, .damaged, .unreadable, .tooLarge, .unknown,
            .outdated:
            return nil
        }
        let head = ImageHead(
            sopClass: instance.sopClassUID, instance: instance.sopInstanceUID,
            transferSyntax: instance.transferSyntax, from: instance.association.calling)
        guard let capacity = spool.imageCapacity, capacity > 0, instance.dataSetBytes + head.bytes.count > capacity,
            !mayShrink || spool.imageBytes == 0
        else { return nil }
        return "it is larger than the \(ByteCount.rounded(capacity)) that all images may take"
    }

    /// Its header alone is kept. A failure would have the sender send it again for ever, and all behind it wait; the
    /// warning says what does not happen.
    func omit(
        _ arrivals: inout [Arrival], of instance: ReceivedInstance, _ destinations: [String], _ reason: String
    ) throws(SpoolError) -> StoreStatus {
        arrivals[0].omissions += destinations.map {
            ImageOmission(instance: instance.sopInstanceUID.text, destination: $0, reason: reason)
        }
        try spool.store(arrivals)
        tell(
            .notForwarded(
                peer: instance.peer, instance: instance.sopInstanceUID.text, destinations: destinations,
                reason: "\(reason), \(ByteCount.rounded(instance.dataSetBytes)): give the disk more or raise "
                    + "limits.image_budget, then have the PACS send it again"))
        return StoreStatus(.elementsDiscarded, errorComment: "not forwarded: larger than the room for images")
    }
}
