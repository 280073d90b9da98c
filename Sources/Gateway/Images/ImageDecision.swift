import DICOM
import Spool
import Studies

/// What becomes of the images of a study that wait, by what its replay came to.
struct ImageDecision {
    enum Fate: Hashable {
        case release
        /// It is not sent; the reason completes "it was …".
        case drop(String)
        case withhold
    }

    let register: InstanceRegister
    /// With which arrival the copy of an instance that stands came; nil: the first one stands.
    let standsSince: (InstanceUID) -> ArrivalNumber?
    /// Copies that came and do not count.
    let refused: Set<ArrivalNumber>
    /// With which arrival the last copy of an instance that counts came; nil: there was but one.
    let lastCopy: (InstanceUID) -> ArrivalNumber?

    /// - Parameters:
    ///   - arrival: that the image came with: it tells which copy of the instance it is.
    ///   - isSuperseded: a later copy was queued after it.
    func fate(of instance: InstanceUID, arrival: ArrivalNumber, isSuperseded: Bool) -> Fate {
        let isFormer = standsSince(instance).map { arrival < $0 } ?? false
        switch register.state(of: instance) {
        case .rejected(let title, _): return .drop("rejected (\(title))")
        case .quarantined(let title, _): return isFormer ? .drop("rejected (\(title))") : .withhold
        case .live:
            if refused.contains(arrival) || isFormer && register.isCorrected(instance) {
                return .drop("rejected (\(register.title(of: instance) ?? ""))")
            }
            if isSuperseded, lastCopy(instance).map({ arrival < $0 }) ?? false {
                return .drop("followed by a later copy")
            }
        case nil: break
        }
        return register.isHeldByHand ? .withhold : .release
    }
}
