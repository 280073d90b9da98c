/// An image that came, was to be sent to a destination, and is not kept for it.
public struct ImageOmission: Sendable, Equatable {
    /// SOP Instance UID.
    public var instance: String
    public var destination: String
    /// The same text for all that have one line in the history of their study.
    public var reason: String
    /// It would be kept if it came later: the next image of its study that is kept for the destination ends what is
    /// told of this.
    public var isPassing: Bool

    public init(instance: String, destination: String, reason: String, isPassing: Bool = false) {
        self.instance = instance
        self.destination = destination
        self.reason = reason
        self.isPassing = isPassing
    }
}

/// What was not kept of one study for one destination, for one reason.
public struct OmittedImages: Sendable, Equatable {
    public var study: StudyEntry.ID
    /// Those that came twice are counted twice.
    public var images: Int
    public var reason: String
    /// When the first that was not kept for this reason came.
    public var since: Timestamp
}
