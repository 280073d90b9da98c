import DICOM
import Forwarding
import KeyObjects
import Spool
import Threads

/// What the operator's commands ask of the running gateway, beyond what the spool itself tells.
///
/// Called on any thread, several at once, and may block. Whoever implements it records each change in the history of its
/// study, with who and why, before it answers; what it returns is one sentence for the operator.
protocol OperatorDesk: Sendable {
    /// Where the gateway listens, and since when it runs.
    var presence: GatewayPresence { get }

    /// The life of a study, replayed.
    /// - Parameter withIdentity: whether patients may be named.
    func inspect(_ study: StudyEntry, withIdentity: Bool) throws(OperatorRefusal) -> StudyInspection

    /// Those for documents, then those for images, each in the order of the configuration.
    func destinations() throws(OperatorRefusal) -> [DestinationStatus]

    /// Pauses, resumes or drains an image destination of the configuration; durable when it returns, and obeyed at once.
    func setMode(of destination: String, to mode: DestinationMode, by word: OperatorWord) throws(OperatorRefusal)

    /// Gives a document destination what was settled before it was configured; does so after it returned, and says so by
    /// an event at the end.
    /// - Parameter since: studies that changed then or later.
    /// - Returns: how many studies that is.
    func publish(to destination: String, since: Timestamp, by word: OperatorWord) throws(OperatorRefusal) -> Int

    /// Lets what holds the study back pass: holds that an operator may lift, quarantined instances, instances of a
    /// rejected rejection note.
    /// - Parameters:
    ///   - holds: codes of holds; `nil`: all that the study has now.
    ///   - instances: of the quarantined and rejected ones; `nil`: all quarantined ones.
    func release(
        _ study: StudyEntry, holds: Set<String>?, instances: [InstanceUID]?, by word: OperatorWord
    ) throws(OperatorRefusal) -> String

    /// Sends nothing of the study until it is released.
    func hold(_ study: StudyEntry, by word: OperatorWord) throws(OperatorRefusal) -> String

    /// Withdraws from every destination all that it holds of the study, with rejection notes of this title.
    func withdraw(
        _ study: StudyEntry, title: RejectionTitle, by word: OperatorWord
    ) throws(OperatorRefusal) -> String

    /// Learns a study from the PACS of its source (C-FIND, then C-MOVE or C-GET).
    /// - Parameter source: the name of a source of the configuration.
    func adopt(_ study: StudyUID, from source: String, by word: OperatorWord) throws(OperatorRefusal) -> String

    /// Deliveries of this outbox became due in the spool: they are tried at once, however it fared before.
    func wake(outbox: String)

    /// Compares the published studies of the last days with the PACS of each source that has one. Changes nothing.
    /// - Parameter days: nil: of each source as many as its `sweep_days` say, which may be none.
    func reconcile(days: Int?) throws(OperatorRefusal) -> Reconciliation
}

/// Who commands, and why: what the history keeps of every change by hand.
struct OperatorWord: Sendable, Equatable {
    /// The name of the user on this machine.
    var by: String
    /// As the operator said it.
    var why: String
}

/// Why a command was not carried out: one sentence, without full stop, that says what to do where something can be done.
struct OperatorRefusal: Error, Equatable {
    var sentence: String

    init(_ sentence: String) { self.sentence = sentence }

    init(_ error: SpoolError) { sentence = "the spool cannot answer: \(error)" }
}

struct GatewayPresence: Sendable, Equatable {
    var startedAt: Timestamp
    /// With their ports: `127.0.0.1:11112`.
    var addresses: [String]
}

/// How a destination fares. Its depth and its dead letters are the spool's to tell.
struct DestinationStatus: Sendable, Equatable {
    enum State: Sendable, Equatable {
        /// Takes what it is sent, or has nothing to take.
        case working
        /// What was sent last was not taken; it is tried again by itself.
        case failing(reason: String)
        /// Nothing is sent before `until`.
        case down(reason: String, until: Timestamp?)
        /// Outside its windows; nil: none comes.
        case closed(until: Timestamp?)
        /// An operator paused it.
        case paused
    }

    /// Its name in the spool: `Configuration.Destination.outbox`.
    var outbox: String
    /// As the operator knows it: AE title, host and port, or the folder.
    var place: String
    var state: State
    /// Of an image destination.
    var traffic: ImageDestinationCondition?
}

/// What a comparison with the PACS found: proposals, never deeds.
struct Reconciliation: Sendable, Equatable {
    struct Difference: Sendable, Equatable {
        var source: String
        var study: StudyUID
        /// Instances that the PACS has and the published manifest does not reference.
        var unpublished: Int
        /// Instances that the published manifest references and the PACS no longer has.
        var disappeared: Int
        /// What to do about it, one sentence without full stop.
        var proposal: String
    }

    /// Studies that were compared.
    var compared: Int
    var differences: [Difference]
    /// Sources that could not be asked, and why, a sentence each.
    var failures: [String]
}
