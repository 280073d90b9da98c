/// How a connection ended.
public enum Ending: Hashable, Sendable {
    case released
    case rejected(Rejection)
    case abortedByPeer(Abort)
    /// The peer broke the protocol, and we aborted.
    case fault(ProtocolFault)
    /// The peer closed TCP without release or abort.
    case lost
    case timedOut(Wait)
    /// We aborted since the listener stopped.
    case stopped
}

/// What was waited for when a deadline passed.
public enum Wait: String, Hashable, Sendable {
    case connection
    case associationRequest
    case associationResponse
    /// Nothing came between two messages.
    case message
    /// Nothing came within a message.
    case fragment
    /// The peer did not read what we wrote.
    case write
    case response
    case release
    /// The peer did not close TCP after a release, a rejection or an abort.
    case close
}
