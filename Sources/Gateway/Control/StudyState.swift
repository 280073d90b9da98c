/// Where a study is: the word that the spool keeps with it, to list and count by (`StudyEntry.state`).
enum StudyState: String, Sendable, CaseIterable {
    /// Something came that is not judged yet. Told by the spool's own account of arrivals, never written as a state.
    case open
    /// Nothing is sent of it, for a reason that it tells.
    case held
    /// Documents of it wait in an outbox.
    case sending
    /// A dead letter of it waits for an operator.
    case refused
    /// Every destination holds what is true.
    case published
    /// It was published, and nothing of it may be shown any more.
    case withdrawn
    /// It was never published, and nothing of it may be.
    case nothing
}
