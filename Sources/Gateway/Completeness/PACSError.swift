import Associations

/// Why the PACS could not tell, or not send.
enum PACSError: Error, Hashable, Sendable {
    /// No association, or it did not last.
    case association(AssociationError)
    /// It answered with a failure.
    case refused(QueryOutcome)
    /// It has more matches than are taken.
    case tooManyMatches(limit: Int)
    /// It says nothing of a study that an operator asked for.
    case unknownStudy
    /// The gateway stops.
    case stopped
}

extension PACSError: CustomStringConvertible {
    var description: String {
        switch self {
        case .association(let error): error.description
        case .refused(let outcome): "the PACS answers \(outcome)"
        case .tooManyMatches(let limit): "the PACS has more than \(limit) matches"
        case .unknownStudy: "the PACS does not know the study"
        case .stopped: "the gateway stops"
        }
    }

    /// What an operator may try; nil when there is nothing to say.
    var remedy: String? {
        switch self {
        case .association(let error): error.remedy
        case .refused(let outcome): outcome.remedy
        case .tooManyMatches: "ask for fewer days at a time"
        case .unknownStudy: "check the Study Instance UID, and that this is the PACS that keeps the study"
        case .stopped: nil
        }
    }
}
