public import Spool

/// What an operator is told of images on their way to a destination.
public enum ImageEvent: Sendable, Equatable {
    /// Nothing of the study waits any more; once for each time that it went on.
    case studyForwarded(StudyForwarding, destination: String)
    /// It is left alone for a while; told once, until it is up.
    case down(destination: String, reason: String, retryIn: Duration)
    case up(destination: String)
    /// The destination has stored it, with a remark of its own (Bxxx); once per study.
    case warned(OutgoingImage, destination: String, remark: String)
    /// The destination did not take this image for now; the others go on. Of each study the first.
    case refused(OutgoingImage, destination: String, reason: String, retryIn: Duration)
    /// A dead letter: this image is tried no more. Of each study the first; `StudyForwarding.dead` counts them.
    case buried(OutgoingImage, destination: String, reason: String)
    /// The destination takes fewer associations at once than we want to open.
    case limited(destination: String, associations: Int, reason: String)
    /// Images that the destination took are kept: it has not committed to keep them. It is asked again; why it is asked in
    /// vain is told once.
    case uncommitted(destination: String, images: Int, reason: String, retryIn: Duration)
    /// The spool cannot be read or written, or no association opened for want of something here.
    /// - `isNews`: it began, or lasts for another hour.
    case stuck(destination: String, reason: String, retryIn: Duration, isNews: Bool)
    /// That is over.
    case freed(destination: String)
}

/// What went to a destination of a study since it was told last.
public struct StudyForwarding: Sendable, Equatable {
    public let study: StudyEntry.ID
    public internal(set) var source = ""
    public internal(set) var studyUID = ""
    /// Taken by the destination, duplicates included.
    public internal(set) var instances = 0
    /// Of their data sets.
    public internal(set) var bytes = 0
    /// From the first byte of the first to the answer to the last.
    public internal(set) var duration = Duration.zero
    /// With which arrivals those came whose SOP Instance UIDs the destination had already (0111).
    public internal(set) var alreadyThere: Set<ArrivalNumber> = []
    /// That the destination stored with a remark of its own (Bxxx).
    public internal(set) var remarks = 0
    /// The last one of these, with its SOP Instance UID.
    public internal(set) var lastRemark: String?
    /// Dead letters among them, not counted in `instances`.
    public internal(set) var dead = 0

    init(study: StudyEntry.ID) { self.study = study }
}

/// An image on its way.
public struct OutgoingImage: Sendable, Equatable {
    public let study: StudyEntry.ID
    public let source: String
    public let studyUID: String
    /// SOP Instance UID.
    public let instance: String
    public let sopClass: String
    public let transferSyntax: String
    public let isBarrier: Bool

    init(_ image: ImageDelivery, of study: StudyEntry?) {
        self.study = image.study
        source = study?.source ?? ""
        studyUID = study?.uid ?? ""
        instance = image.instance
        sopClass = image.sopClass
        transferSyntax = image.transferSyntax
        isBarrier = image.isBarrier
    }
}
