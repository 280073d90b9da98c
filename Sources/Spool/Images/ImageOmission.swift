/// An image that came, was to be sent to a destination, and is not kept for it.
public struct ImageOmission: Sendable, Equatable {
    /// SOP Instance UID.
    public var instance: String
    public var destination: String
    /// The same text for all that have one line in the history of their study.
    public var reason: String

    public init(instance: String, destination: String, reason: String) {
        self.instance = instance
        self.destination = destination
        self.reason = reason
    }
}

/// What was not kept of one study for one destination, and has not come for it since.
public struct OmittedImages: Sendable, Equatable {
    public var study: StudyEntry.ID
    public var images: Int
    public var reason: String
    /// When the first that was not kept for this reason came.
    public var since: Timestamp
}
