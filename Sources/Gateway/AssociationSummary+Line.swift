import Associations
import DICOMNetwork
import Glibc

extension AssociationSummary {
    /// Who it was with.
    var peer: String { calling.map { "\($0) at \(peerAddress)" } ?? peerAddress }

    /// It ended as the standard wants, and every instance was stored.
    var isClean: Bool { ending == .released && refusedInstances == 0 }

    /// The one line an operator reads of it.
    var line: String {
        let refused = refusedInstances == 0 ? "" : ", \(refusedInstances) not stored"
        let stored = "\(counted(instances, "instance")) stored\(refused)"
        return "association with \(peer) \(ending.words): \(stored), "
            + "\(bytes) bytes in \(seconds) s"
    }

    private var seconds: String {
        let milliseconds = duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
        let fraction = String(milliseconds % 1000)
        return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
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
