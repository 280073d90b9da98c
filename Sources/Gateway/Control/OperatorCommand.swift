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
    /// - `target`: the number of a dead letter or the name of a destination; `nil`: everything.
    case retry(target: String?)
    case destinations
    case deadLetters
    case deadLetter(Int64, showsManifest: Bool)
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
        case .release, .releaseGroup, .hold, .withdraw, .adopt, .retry, .forget: true
        case .status, .studies, .study, .destinations, .deadLetters, .deadLetter, .quarantine, .reconcile: false
        }
    }
}
