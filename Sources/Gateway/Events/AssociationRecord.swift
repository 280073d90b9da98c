import Associations
import DICOMNetwork
import Glibc

/// What became of an association, for the operator.
public struct AssociationRecord: Sendable, Equatable {
    public let peer: Peer
    /// How it ended: a stable word.
    public let result: String
    /// The same, as the rest of "association with PEER".
    public let ending: String
    /// Instances answered with a status that means stored, and with another.
    public let instances: Int
    public let refusedInstances: Int
    /// Received, of whatever kind.
    public let bytes: Int
    public let milliseconds: Int

    public init(
        peer: Peer, result: String, ending: String, instances: Int, refusedInstances: Int, bytes: Int,
        milliseconds: Int
    ) {
        self.peer = peer
        self.result = result
        self.ending = ending
        self.instances = instances
        self.refusedInstances = refusedInstances
        self.bytes = bytes
        self.milliseconds = milliseconds
    }

    /// It ended as the standard wants, and every instance was stored.
    public var isClean: Bool { result == Ending.released.word && refusedInstances == 0 }

    /// The one line an operator reads of it.
    var line: String {
        let refused = refusedInstances == 0 ? "" : ", \(refusedInstances) not stored"
        let stored = "\(counted(instances, "instance")) stored\(refused)"
        return "association with \(peer) \(ending): \(stored), "
            + "\(bytes) bytes in \(seconds) s"
    }

    private var seconds: String {
        let fraction = String(milliseconds % 1000)
        return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }
}

extension AssociationRecord {
    init(_ summary: AssociationSummary) {
        self.init(
            peer: Peer(summary), result: summary.ending.word, ending: summary.ending.words,
            instances: summary.instances, refusedInstances: summary.refusedInstances, bytes: summary.bytes,
            milliseconds: summary.duration.wholeMilliseconds)
    }
}

extension Ending {
    fileprivate var word: String {
        switch self {
        case .released: "released"
        case .rejected: "rejected"
        case .abortedByPeer: "aborted-by-peer"
        case .fault: "protocol-error"
        case .lost: "lost"
        case .timedOut: "timed-out"
        case .stopped: "stopped"
        }
    }
}

extension Ending {
    fileprivate var words: String {
        switch self {
        case .released: "released"
        case .rejected(let rejection): "\(rejection)"
        case .abortedByPeer(let abort): "aborted by the peer (\(abort))"
        case .fault(let fault): "aborted by us, since the peer broke the protocol (\(fault))"
        case .lost: "lost: the peer closed the connection"
        case .timedOut(let wait): "ended by us after waiting too long for \(wait.words)"
        case .stopped: "aborted by us, since the gateway stops"
        }
    }
}

extension Wait {
    fileprivate var words: String {
        switch self {
        case .connection: "the connection"
        case .associationRequest: "the association request"
        case .associationResponse: "the answer to the association request"
        case .message: "the next message"
        case .fragment: "the rest of a message"
        case .write: "the peer to read our answer"
        case .response: "an answer"
        case .release: "the release"
        case .close: "the peer to close the connection"
        }
    }
}

extension ListenerTrouble {
    var words: String {
        switch self {
        case .accept(let code): "a connection could not be taken: \(String(cString: strerror(code)))"
        case .thread(let code): "a connection found no thread: \(String(cString: strerror(code)))"
        case .tooManyConnections(let address): "all connections are in use; one from \(address) was closed"
        }
    }
}
