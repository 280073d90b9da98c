public import DICOM

/// What an operator should know of an event that an `InstanceRegister` took. Names no patient.
public enum Remark: Hashable, Sendable {
    /// What became of a copy of a rejected instance.
    public enum Outcome: String, Sendable {
        /// It is not counted; what was there before stands.
        case refused
        case quarantined
        /// It is live.
        case accepted
    }

    /// The note names `count` instances that never came; the first copy of each will be rejected.
    case noteOfUnknownInstances(note: InstanceUID, title: String, count: Int)
    /// The same SOP Instance UID came before with other content; both were applied.
    case sameNoteOtherContent(note: InstanceUID)
    /// The configuration ignores notes of this title.
    case noteIgnored(note: InstanceUID, title: String)
    /// The note came after a corrected copy of `count` instances and means the copies before: that became of the later
    /// ones.
    case noteMeansEarlierCopies(note: InstanceUID, title: String, count: Int, outcome: Outcome)
    /// A note rejects `note`, which is a rejection note: what that one rejected stays so until an operator releases it.
    case noteRejectsNote(note: InstanceUID)
    /// A note rejects a manifest that the PACS made.
    case noteRejectsDocument(InstanceUID)
    case rejectedInstanceCame(InstanceUID, title: String, outcome: Outcome)
    /// An operator's decision released so many instances.
    case released(count: Int)
    /// An operator's decision withdrew so many instances.
    case withdrawn(title: String, count: Int)
}
