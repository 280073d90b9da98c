/// What an operator lets be sent to a destination.
public enum DestinationMode: String, Sendable, CaseIterable {
    case running
    /// Nothing is sent; what comes is queued.
    case paused
    /// What waits is sent, and nothing new is queued.
    case draining
}

/// The mode of a destination and who chose it.
public struct DestinationSetting: Sendable, Equatable {
    public var mode: DestinationMode
    public var by: String
    public var why: String
    public var since: Timestamp

    public init(mode: DestinationMode, by: String, why: String, since: Timestamp) {
        self.mode = mode
        self.by = by
        self.why = why
        self.since = since
    }
}
