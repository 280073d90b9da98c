/// The upper layer protocol machine (PS3.8 §9.2): what to do at each event. It carries no payload and does no I/O:
/// an event names a kind of PDU or primitive, the returned action is performed by one loop.
public struct AssociationMachine: Hashable, Sendable {
    public enum Role: Sendable { case requestor, acceptor }

    /// PS3.8 Tables 9-1 to 9-5.
    public enum State: String, Sendable, CaseIterable {
        case idle = "Sta1"
        case awaitingRequest = "Sta2"
        case awaitingLocalResponse = "Sta3"
        case awaitingTransport = "Sta4"
        case awaitingAcceptance = "Sta5"
        case established = "Sta6"
        case awaitingReleaseResponse = "Sta7"
        case awaitingLocalRelease = "Sta8"
        case collisionRequestorLocal = "Sta9"
        case collisionAcceptorPDU = "Sta10"
        case collisionRequestorPDU = "Sta11"
        case collisionAcceptorLocal = "Sta12"
        case awaitingClose = "Sta13"
    }

    /// PS3.8 Table 9-10, first column. PDUs are received, primitives come from the local user.
    public enum Event: String, Sendable, CaseIterable {
        case associateRequestPrimitive = "Evt1"
        case transportConfirmed = "Evt2"
        case associateAcceptPDU = "Evt3"
        case associateRejectPDU = "Evt4"
        case transportIndicated = "Evt5"
        case associateRequestPDU = "Evt6"
        case associateAcceptPrimitive = "Evt7"
        case associateRejectPrimitive = "Evt8"
        case dataPrimitive = "Evt9"
        case dataPDU = "Evt10"
        case releaseRequestPrimitive = "Evt11"
        case releaseRequestPDU = "Evt12"
        case releaseResponsePDU = "Evt13"
        case releaseResponsePrimitive = "Evt14"
        case abortPrimitive = "Evt15"
        case abortPDU = "Evt16"
        case transportClosed = "Evt17"
        case timerExpired = "Evt18"
        case invalidPDU = "Evt19"
    }

    /// PS3.8 Tables 9-6 to 9-9; the comments say what the loop does.
    public enum Action: String, Sendable, CaseIterable {
        case connect = "AE-1"
        case sendRequest = "AE-2"
        case confirmAcceptance = "AE-3"
        case confirmRejectionAndClose = "AE-4"
        /// Start ARTIM.
        case awaitRequest = "AE-5"
        /// Stop ARTIM; indicate the request, or send A-ASSOCIATE-RJ and start ARTIM when it is not acceptable.
        case examineRequest = "AE-6"
        case sendAccept = "AE-7"
        /// And start ARTIM.
        case sendReject = "AE-8"
        case sendData = "DT-1"
        case indicateData = "DT-2"
        case sendReleaseRequest = "AR-1"
        case indicateRelease = "AR-2"
        case confirmReleaseAndClose = "AR-3"
        /// And start ARTIM.
        case sendReleaseResponse = "AR-4"
        case stopTimer = "AR-5"
        case indicateDataInRelease = "AR-6"
        case sendDataInRelease = "AR-7"
        case indicateReleaseCollision = "AR-8"
        case sendReleaseResponseInCollision = "AR-9"
        case confirmReleaseInCollision = "AR-10"
        /// And (re)start ARTIM.
        case sendAbort = "AA-1"
        /// Stop ARTIM, close.
        case close = "AA-2"
        case indicateAbortAndClose = "AA-3"
        case indicateProviderAbort = "AA-4"
        case stopTimerQuietly = "AA-5"
        case ignore = "AA-6"
        case sendAbortAgain = "AA-7"
        /// Indicate it, start ARTIM.
        case sendProviderAbort = "AA-8"
    }

    /// The table has no entry for this event in this state.
    public struct Misuse: Error, Hashable, Sendable {
        public let state: State
        public let event: Event
    }

    public let role: Role
    public private(set) var state: State

    public init(role: Role) { self.init(role: role, state: .idle) }

    init(role: Role, state: State) {
        self.role = role
        self.state = state
    }

    /// Takes one step of PS3.8 Table 9-10.
    /// - Parameter isAcceptable: whether the upper layer itself can accept the A-ASSOCIATE-RQ (only read for Evt6).
    public mutating func handle(_ event: Event, isAcceptable: Bool = true) throws(Misuse) -> Action {
        guard let action = AssociationMachine.action(event, in: state) else {
            throw Misuse(state: state, event: event)
        }
        state = state(after: action, isAcceptable: isAcceptable)
        return action
    }
}

extension PDUType {
    /// The event that its arrival is.
    public var event: AssociationMachine.Event {
        switch self {
        case .associateRequest: .associateRequestPDU
        case .associateAccept: .associateAcceptPDU
        case .associateReject: .associateRejectPDU
        case .dataTransfer: .dataPDU
        case .releaseRequest: .releaseRequestPDU
        case .releaseResponse: .releaseResponsePDU
        case .abort: .abortPDU
        }
    }
}
