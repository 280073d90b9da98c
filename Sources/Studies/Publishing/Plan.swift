public import DICOM

/// What must change in the outbox of one destination for one study, in this order.
public struct Plan: Equatable, Sendable {
    public enum Action: Equatable, Sendable {
        /// A rejection note with this title is due, made from the bytes of the publication: it lists `references`,
        /// which are sorted and all stand in it. `clears`: the publications of which nothing is left afterwards.
        case withdraw(references: [InstanceUID], of: Publication, title: String, clears: [String])
        /// A manifest is due.
        /// - `after`: the last one under this patient's identity that was sent; its series goes on, its version and
        ///   time are exceeded.
        /// - `isFirst`: the destination holds nothing of the study under this patient: the recipients go with it.
        case publish(after: Publication?, isFirst: Bool)
    }

    /// Documents to take out of the outbox, whatever became of them there.
    public internal(set) var withdrawnSteps: [String] = []
    /// Documents to make and to put into the outbox, behind those that stay.
    public internal(set) var actions: [Action] = []
    /// Manifests that may be held and add nothing to what others list: their bytes need not be kept.
    var forgotten: [String] = []

    /// The outbox stays as it is.
    public var isEmpty: Bool { withdrawnSteps.isEmpty && actions.isEmpty }
}
