import DICOM
import Spool

/// The life of one study as an operator reads it: a replay of all that came and of all that was decided.
struct StudyInspection: Sendable, Equatable {
    /// Patient's name, ID and the like in one line; `nil`: may not be told, or not known.
    var patient: String?
    /// By calling AE title.
    var senders: [Sender] = []
    /// In the order in which they were met.
    var series: [Series] = []
    /// Every instance that is not simply live.
    var exceptions: [Exception] = []
    /// Why nothing is sent.
    var holds: [Hold] = []
    /// What the study waits for before it settles, a sentence each: the quiet period, an open association, its report.
    var waits: [String] = []
    /// Each in the order of the configuration; those that hold something of the study and are no longer configured last.
    var destinations: [AtDestination] = []

    struct Sender: Sendable, Equatable {
        var callingAETitle: AETitle
        var arrivals: Int
        var first: Timestamp?
        var last: Timestamp?
    }

    struct Series: Sendable, Equatable {
        var uid: SeriesUID
        var live = 0
        var rejected = 0
        var quarantined = 0
        /// Received and never listed: notes, manifests, classes that are left out.
        var unlisted = 0
    }

    struct Exception: Sendable, Equatable {
        enum State: Sendable, Equatable {
            /// By a note of this title (code value), or by an operator's withdrawal.
            case rejected(title: String)
            /// Came again after it was rejected under this title; waits for an operator.
            case quarantined(title: String)
            /// A copy came again after the rejection and was not taken.
            case refused(title: String)
            /// Not listed, for this reason.
            case unlisted(String)
        }

        var instance: InstanceUID
        var series: SeriesUID?
        var state: State
        /// The rejection note, where one did it.
        var note: InstanceUID?
    }

    struct Hold: Sendable, Equatable {
        /// A stable word for machines.
        var code: String
        /// A sentence, with full stop.
        var reason: String
        /// What an operator can do, a sentence with full stop.
        var remedy: String
        /// Whether `release` lifts it.
        var isReleasable: Bool
    }

    /// What a destination holds of the study, and what it does not hold yet.
    struct AtDestination: Sendable, Equatable {
        /// `Configuration.Destination.outbox`.
        var outbox: String
        /// Oldest first.
        var held: [Held] = []
        /// What would be sent now, in this order; empty: it holds what is true.
        var due: [Due] = []
        /// Why what is due is not sent now, a sentence without full stop; `nil`: it is on its way, or nothing is due.
        var obstacle: String?
        /// Live instances that it does not hold.
        var added: [InstanceUID] = []
        /// Instances that it holds and that are not live.
        var removed: [InstanceUID] = []
        /// Patient, study or request say something else than what it holds.
        var attributesChanged = false
    }

    /// A manifest that a destination acknowledged, or may have.
    struct Held: Sendable, Equatable {
        var version: Int
        var sopInstanceUID: InstanceUID
        var madeAt: Timestamp
        /// References that are not withdrawn.
        var references: Int
        /// References withdrawn by acknowledged rejection notes.
        var withdrawn: Int
        /// It was acknowledged; otherwise the destination may have it.
        var isCertain: Bool
    }

    enum Due: Sendable, Equatable {
        /// A rejection note: how many references, of which version, under which title (code value).
        case withdraw(references: Int, version: Int, title: String)
        case publish(version: Int, references: Int)
    }
}
