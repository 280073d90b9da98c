/// What an operator may ask of the running gateway, in the operator's own words: they are checked where they are obeyed.
public enum OperatorCommand: Sendable, Equatable {
    case status
    /// - `since`: a date, a date with time, or an age as `90m`, `12h`, `3d`.
    case studies(state: String?, source: String?, since: String?, limit: Int)
    case study(Study, view: View)
    /// - `instances`: SOP Instance UIDs; empty: all that are quarantined.
    case release(Study, instances: [String])
    /// All studies that are held for this reason.
    case releaseGroup(reason: String, source: String?)
    case hold(Study)
    /// - `title`: the code value of the rejection notes.
    case withdraw(Study, title: String)
    case adopt(Study)
    /// - `target`: the ID of a dead letter or the name of a destination; `nil`: everything.
    /// - `study`: of an image destination only what belongs to this study (Study Instance UID).
    case retry(target: String?, study: String?)
    case destinations
    /// One destination in detail.
    case destination(String)
    case changeDestination(String, DestinationChange)
    /// Gives a destination that was configured later what was settled before.
    /// - `since`: as in `studies`.
    case publish(String, since: String)
    /// - `destination`: images for it one by one; `nil`: of all destinations.
    case deadLetters(destination: String?, study: String?)
    /// - `id`: a number, or `number@destination` for an image.
    case deadLetter(id: String, showsManifest: Bool)
    /// Gives images up for good.
    /// - `target`: the ID of a dead image, or a destination: all of its dead images, or those of one study.
    case dropDeadLetters(target: String, study: String?)
    case quarantine
    case forget(Int64)
    case reconcile(days: Int)

    /// A study as the operator names it.
    public struct Study: Sendable, Equatable {
        /// Study Instance UID.
        public var uid: String
        /// `nil`: whichever source has it, if only one does.
        public var source: String?

        public init(uid: String, source: String? = nil) {
            self.uid = uid
            self.source = source
        }
    }

    /// What an operator lets be sent to an image destination.
    public enum DestinationChange: String, Sendable, CaseIterable {
        /// Sends nothing; what comes is kept for it.
        case pause
        /// Sends again, and takes what comes.
        case resume
        /// Sends what waits, outside its windows too, and takes nothing new.
        case drain
        /// Gives up for good all that waits for it.
        case discard
        /// Tells no more what was not kept for it.
        case forget
    }

    public enum View: String, Sendable, CaseIterable {
        case life
        /// What would be sent now against what each destination holds.
        case diff
        /// What the last manifest says.
        case manifest
    }

    /// Whether it changes something: then the operator says why.
    public var isChange: Bool {
        switch self {
        case .release, .releaseGroup, .hold, .withdraw, .adopt, .retry, .changeDestination, .publish, .dropDeadLetters,
            .forget:
            true
        case .status, .studies, .study, .destinations, .destination, .deadLetters, .deadLetter, .quarantine,
            .reconcile:
            false
        }
    }
}
