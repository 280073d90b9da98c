import DICOM

/// An association as its acceptor sees it, without I/O: it is fed the bytes of the connection as they come, wherever they
/// are cut, and says what it wants next. One loop performs that; no byte is buffered but the small PDUs and command sets.
///
/// Data sets go through a `HeaderCapture`; what it has no appetite for is asked to be discarded, unseen, unless the whole
/// data set is wanted.
public struct Acceptor {
    public struct Configuration: Sendable {
        /// The longest P-DATA-TF announced, in bytes without its header; longer ones are accepted all the same.
        public var maximumPDULength: UInt32
        public var headers: HeaderLimits
        public var negotiation: Negotiation

        public init(maximumPDULength: UInt32, headers: HeaderLimits, negotiation: Negotiation) {
            self.maximumPDULength = maximumPDULength
            self.headers = headers
            self.negotiation = negotiation
        }
    }

    /// What the acceptor wants next.
    public enum Demand: Sendable {
        /// Everything given was consumed: more bytes, in one go at most so many for the best speed.
        case receive(atMost: Int, Wait)
        /// The next bytes of the connection, so many, are not wanted: skip them, then ask again.
        case discard(Int)
        /// Decide, then call `admit`.
        case admit(AssociateRequest)
        /// `instance` begins: now is the time to set `isDataSetWanted`.
        case begin
        /// The last so many bytes that were consumed are of the data set, which is wanted. The capture has seen them.
        case take(Int)
        /// The header of `instance`, or the result that is arriving, may come to so many bytes with the next ones: call
        /// `allow` with at least as many, or `refuse`. Asked before they are kept, so that there are never more than were
        /// allowed.
        case reserve(Int)
        /// All of `instance` is there: store it, then call `answer`.
        case store
        /// What was committed of what we asked for: take it, then call `answer`.
        case report(CommitmentResult)
        case send([UInt8])
        /// Close the connection; see `ending`.
        case close
    }

    let configuration: Configuration
    var machine = AssociationMachine(role: .acceptor)
    var phase = Phase.header
    var gathered = SixBytes()
    var body: [UInt8] = []
    var output: [UInt8]?
    var message = Message.none
    var contexts: [UInt8: AcceptedContext] = [:]
    var lastPDULength = 0
    /// Bytes that the result which is arriving may come to.
    var reportAllowance = 0

    /// The request, once it was read.
    public internal(set) var request: AssociateRequest?
    /// The instance that is arriving.
    public internal(set) var instance: ArrivingInstance?
    /// Every byte of the data set of `instance` is handed out by `Demand.take`. False again with the next one; once set to
    /// false, what the header does not need is discarded.
    public var isDataSetWanted = false
    /// How it ended, once that is decided.
    public internal(set) var ending: Ending?
    /// P-DATA-TF PDUs that were longer than announced.
    public internal(set) var oversizedPDUs = 0

    public init(_ configuration: Configuration) {
        self.configuration = configuration
        handle(.transportIndicated)
    }

    /// An association is under way: it was accepted, and has not ended.
    public var isEstablished: Bool { machine.state == .established }

    /// Goes on with the bytes from `offset`, moves `offset` past what it consumed.
    public mutating func next(in bytes: RawSpan, from offset: inout Int) -> Demand {
        while true {
            if let ready = takeOutput() { return ready }
            do throws(ProtocolFault) {
                if let demand = try step(bytes, &offset) { return demand }
            } catch {
                fail(error)
            }
        }
    }

    /// The peer closed its side. What was written to it may still be read by it.
    public mutating func transportClosed() {
        conclude(.lost)
        handle(.transportClosed)
    }

    /// A deadline passed. Where PS3.8 knows no timer, the association is aborted.
    public mutating func deadlinePassed(_ wait: Wait) {
        conclude(.timedOut(wait))
        if wait == .write {
            output = nil
            phase = .closed
        } else {
            abortLocally()
        }
    }

    /// Ends the association from our side.
    public mutating func stop() {
        conclude(.stopped)
        abortLocally()
    }

    private mutating func abortLocally() {
        switch machine.state {
        case .awaitingRequest, .awaitingClose: handle(.timerExpired)
        case .idle: phase = .closed
        case .awaitingLocalResponse, .awaitingTransport, .awaitingAcceptance, .established, .awaitingReleaseResponse,
            .awaitingLocalRelease, .collisionRequestorLocal, .collisionAcceptorPDU, .collisionRequestorPDU,
            .collisionAcceptorLocal:
            handle(.abortPrimitive)
        }
    }

    /// What has not wholly arrived by now is not taken any more.
    mutating func conclude(_ ending: Ending) {
        if self.ending == nil { self.ending = ending }
        refuse(StoreStatus(.processingFailure))
    }

    private mutating func takeOutput() -> Demand? {
        guard let bytes = output else { return nil }
        output = nil
        return .send(bytes)
    }

    /// The peer's fault: abort with its reason. The stream cannot be followed any further.
    private mutating func fail(_ fault: ProtocolFault) {
        conclude(.fault(fault))
        message = .none
        phase = .lost
        handle(.invalidPDU, abort: fault.abort)
    }
}
