import DICOM
import DICOMNetwork
import Sockets
import Threads

/// Runs one accepted connection from its first byte to its last, on the thread that calls `run`.
struct AcceptorThread: ~Copyable {
    /// Below so many bytes, copying is cheaper than letting the kernel discard.
    private static let discardThreshold = 8 * 1024
    private static let bufferSize = 64 * 1024
    /// While a taker is at work: fewer, larger reads.
    private static let wideBufferSize = 128 * 1024

    private let id: UInt64
    private let peerAddress: String
    let listener: AssociationListener
    private let signal: Monitor<StopSignal>
    var connection: PeerConnection
    private var acceptor: Acceptor
    private var buffer: UnsafeMutableRawBufferPointer
    /// The bytes of `buffer` that the acceptor has not seen yet.
    private var unread = 0..<0
    let started = MonotonicInstant.now
    private var closeBefore: MonotonicInstant?
    private var identity: AssociationIdentity?
    /// Of the instance that is arriving.
    private var taker: (any DataSetTaker)?
    /// Of the listener's budget, for the instance that is arriving.
    private var reserved = 0
    private var counts = Counts()
    /// Of a connection in TLS, once it is there.
    var security = Security.plain
    /// The first bytes are those of a TLS handshake, on a port for plain associations.
    private var isForeign = false

    enum Result {
        case ended(AssociationSummary)
        case turnedAway(ConnectionRefusal.Reason)
    }

    private struct Counts {
        var instances = 0
        var refused = 0
        var bytes = 0
    }

    init(
        id: UInt64, peerAddress: String, listener: AssociationListener, signal: Monitor<StopSignal>,
        connection: consuming PeerConnection
    ) {
        self.id = id
        self.peerAddress = peerAddress
        self.listener = listener
        self.signal = signal
        self.connection = connection
        acceptor = Acceptor(listener.configuration.acceptor)
        buffer = .allocate(byteCount: AcceptorThread.bufferSize, alignment: 16)
    }

    deinit {
        listener.budget.giveBack(reserved)
        buffer.deallocate()
    }

    private mutating func giveBack() {
        guard reserved > 0 else { return }
        listener.budget.giveBack(reserved)
        reserved = 0
    }

    var deadlines: AssociationListener.Deadlines { listener.configuration.deadlines }

    /// Serves the connection until it ends, and tells how.
    mutating func run() -> Result {
        while !isForeign {
            switch nextDemand() {
            case .receive(let count, let wait): receive(atMost: count, wait)
            case .discard(let count): discard(count)
            case .admit(let request): acceptor.admit(admission(request))
            case .begin: begin()
            case .take(let count): take(count)
            case .reserve(let bytes): reserve(bytes)
            case .store: store()
            case .report(let result): report(result)
            case .send(let bytes): send(bytes)
            case .close: return .ended(summary())
            }
        }
        return .turnedAway(.tlsOnPlainPort)
    }

    private mutating func nextDemand() -> Acceptor.Demand {
        var offset = 0
        let bytes = RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: buffer[unread]))
        let demand = acceptor.next(in: bytes, from: &offset)
        unread = unread.lowerBound + offset..<unread.upperBound
        if taker != nil, acceptor.instance == nil { taker = nil }
        return demand
    }

    private mutating func receive(atMost count: Int, _ wait: Wait) {
        guard !isStopped() else { return }
        let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(count, buffer.count)])
        let outcome = connection.receive(into: part, within: limit(wait))
        let isFirst = counts.bytes == 0
        guard let received = take(outcome, wait) else { return }
        unread = 0..<received
        // RFC 8446 §5.1: a record of the handshake, of any version since SSL 3.
        if isFirst { isForeign = !connection.isSecure && buffer[0] == 22 && (received == 1 || buffer[1] == 3) }
    }

    private mutating func begin() {
        guard let identity, let instance = acceptor.instance else { return }
        taker = listener.handler.begin(instance, of: identity)
        acceptor.isDataSetWanted = taker != nil
        if taker != nil, buffer.count < AcceptorThread.wideBufferSize { widenBuffer() }
    }

    private mutating func widenBuffer() {
        let wide = UnsafeMutableRawBufferPointer.allocate(byteCount: AcceptorThread.wideBufferSize, alignment: 16)
        wide.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[unread]))
        unread = 0..<unread.count
        buffer.deallocate()
        buffer = wide
    }

    /// Hands on the last so many bytes that the acceptor has seen.
    private mutating func take(_ count: Int) {
        guard let taker, let instance = acceptor.instance else { return }
        let seen = UnsafeRawBufferPointer(rebasing: buffer[unread.lowerBound - count..<unread.lowerBound])
        if !taker.take(RawSpan(_unsafeBytes: seen), of: instance) { acceptor.isDataSetWanted = false }
    }

    private mutating func reserve(_ bytes: Int) {
        if let more = listener.budget.take(for: bytes, having: reserved) {
            reserved += more
            acceptor.allow(HeaderBudget.allowance + reserved)
        } else {
            giveBack()
            if acceptor.instance != nil { counts.refused += 1 }
            acceptor.refuse(StoreStatus(.outOfResources, errorComment: "too many headers at once"))
        }
    }

    /// Passes over bytes that are still on their way.
    private mutating func discard(_ count: Int) {
        var left = count
        while left > 0 {
            guard !isStopped() else { return }
            if count >= AcceptorThread.discardThreshold {
                guard let gone = take(connection.discard(atMost: left, within: limit(.fragment)), .fragment) else {
                    return
                }
                left -= gone
            } else {
                guard let received = take(connection.receive(into: buffer, within: limit(.fragment)), .fragment) else {
                    return
                }
                unread = min(left, received)..<received
                left -= unread.lowerBound
            }
        }
    }

    /// Counts what was received; nil when nothing will come any more, or nothing came in time.
    private mutating func take(_ outcome: PeerConnection.Outcome, _ wait: Wait) -> Int? {
        switch outcome {
        case .bytes(let count):
            counts.bytes += count
            return count
        case .closed: if !isStopped() { acceptor.transportClosed() }
        case .failed: acceptor.transportClosed()
        case .timedOut: acceptor.deadlinePassed(wait)
        }
        return nil
    }

    private mutating func isStopped() -> Bool {
        switch signal.withLock({ $0 }) {
        case .none: return false
        case .stop:
            guard acceptor.ending == nil else { return false }
            acceptor.stop()
        case .giveWay: acceptor.deadlinePassed(.associationRequest)
        }
        return true
    }

    private mutating func limit(_ wait: Wait) -> PeerConnection.Limit {
        if let ending = acceptor.ending { return .total(closeDeadline(ending)) }
        return switch wait {
        case .associationRequest: .total(started + deadlines.associationRequest)
        case .message: .idle(deadlines.message)
        case .fragment, .response, .connection, .associationResponse, .write, .release, .close:
            .idle(deadlines.fragment)
        }
    }

    private mutating func closeDeadline(_ ending: Ending) -> MonotonicInstant {
        if let closeBefore { return closeBefore }
        let deadline = MonotonicInstant.now + (ending == .stopped ? min(deadlines.close, .seconds(1)) : deadlines.close)
        closeBefore = deadline
        return deadline
    }

    private mutating func admission(_ request: AssociateRequest) -> Admission {
        let identity = AssociationIdentity(
            id: id, calling: request.calling, called: request.called, peerAddress: peerAddress, security: security)
        self.identity = identity
        switch listener.handler.accept(AssociationRequest(association: identity, proposed: request)) {
        case .reject(let rejection): return .reject(rejection)
        case .accept: return listener.claimAssociation(id) ? .accept : .reject(.localLimitExceeded)
        }
    }

    private mutating func store() {
        guard let instance = receivedInstance() else { return }
        let status = listener.handler.store(instance)
        taker = nil
        giveBack()
        if status.status.isStored { counts.instances += 1 } else { counts.refused += 1 }
        acceptor.answer(status)
    }

    private func receivedInstance() -> ReceivedInstance? {
        guard let identity, let instance = acceptor.instance else { return nil }
        return ReceivedInstance(instance, by: identity, taker: taker)
    }

    private mutating func report(_ result: CommitmentResult) {
        guard let identity else { return }
        let status = listener.handler.committed(result, by: identity)
        giveBack()
        acceptor.answer(StoreStatus(status))
    }

    private mutating func send(_ bytes: [UInt8]) {
        // Before the peer hears of the end, its place is free.
        if acceptor.ending != nil { listener.releaseAssociation(id) }
        // In all, not between two bytes: a peer that reads nothing may still let a byte through now and then.
        switch connection.send(bytes, within: .total(.now + deadlines.write)) {
        case nil: break
        case .timedOut:
            connection.resetOnClose()
            acceptor.deadlinePassed(.write)
        case .bytes, .closed, .failed: acceptor.transportClosed()
        }
    }

    private func summary() -> AssociationSummary {
        AssociationSummary(
            id: id, peerAddress: peerAddress, calling: identity?.calling, called: identity?.called,
            instances: counts.instances, refusedInstances: counts.refused, bytes: counts.bytes,
            duration: .now - started, oversizedPDUs: acceptor.oversizedPDUs, ending: acceptor.ending ?? .lost)
    }
}

/// Tells one association thread that its time is over.
enum StopSignal {
    case none
    /// The listener stops.
    case stop
    /// Others need the place of a connection that has no association: its wait is over.
    case giveWay
}
