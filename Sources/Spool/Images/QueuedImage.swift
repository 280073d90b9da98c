/// An image that goes with an arrival: which file, what it is, where it is to be sent.
public struct QueuedImage: Sendable, Equatable {
    public var file: ImageFile
    /// SOP Instance UID.
    public var instance: String
    /// SOP Class UID.
    public var sopClass: String
    /// Transfer Syntax UID of the data set in the file.
    public var transferSyntax: String
    /// A barrier goes only to those of them that may hold something of the study (`Spool.imageLineages`).
    public var destinations: [String]
    /// Sent before what is not.
    public var isUrgent: Bool
    /// Within its study at each destination it is sent when nothing that waits was queued before it, and nothing that
    /// was queued after it is sent before it was taken: a rejection note.
    public var isBarrier: Bool
    /// Not to be sent before it is released.
    public var isWithheld: Bool

    public init(
        file: ImageFile, instance: String, sopClass: String, transferSyntax: String, destinations: [String],
        isUrgent: Bool = false, isBarrier: Bool = false, isWithheld: Bool = false
    ) {
        self.file = file
        self.instance = instance
        self.sopClass = sopClass
        self.transferSyntax = transferSyntax
        self.destinations = destinations
        self.isUrgent = isUrgent
        self.isBarrier = isBarrier
        self.isWithheld = isWithheld
    }
}
