public import DICOM
public import DICOMNetwork
import Glibc
public import Sockets
public import Threads
public import Trust

/// Accepts associations over TCP and TLS: a thread for each, all with one handler.
public final class AssociationListener: Sendable {
    public struct Configuration: Sendable {
        /// Numeric addresses to listen on in plain, IPv4 or IPv6; empty: nowhere.
        public var addresses = ["127.0.0.1"]
        /// 0: any free port, the same for every address; see `AssociationListener.port`.
        public var port: UInt16 = 11112
        /// Where peers must speak TLS; nil: nowhere.
        public var tlsDoor: Door?
        /// Associations at the same time; one more is rejected (transient, local limit exceeded).
        public var associationLimit = 50
        /// Connections beyond the associations that may wait for their A-ASSOCIATE-RQ or for their end; one more ends the
        /// one that has waited longest, so that silent peers keep nobody out.
        public var waitingLimit = 100
        /// The longest P-DATA-TF announced to peers, in bytes.
        public var maximumPDULength: UInt32 = 256 * 1024
        /// Bytes of a header kept at most; what lies beyond is not kept.
        public var headerLimit = 16 * 1024 * 1024
        /// SOP classes whose instances are kept whole, long values and all, so that they can be relayed as they came. Such
        /// a header is read with `HeaderCapture.bulkLimit`.
        public var wholeClasses: Set<SOPClassUID> = [.keyObjectSelectionDocument]
        /// Bytes of such an instance kept at most; they too are taken from `headerBudget`.
        public var wholeLimit = 64 * 1024 * 1024
        /// Bytes that the headers arriving on all associations may take beyond 64 KiB each; past it an instance is
        /// answered with A700 (out of resources).
        public var headerBudget = 64 * 1024 * 1024
        public var negotiation = Negotiation()
        public var deadlines = Deadlines()

        public init() {}

        var acceptor: Acceptor.Configuration {
            Acceptor.Configuration(
                maximumPDULength: maximumPDULength,
                headers: HeaderLimits(
                    bytes: headerLimit, allowance: HeaderBudget.allowance, wholeClasses: wholeClasses,
                    wholeBytes: wholeLimit),
                negotiation: negotiation)
        }
    }

    /// How long each wait may last.
    public struct Deadlines: Sendable {
        /// From the connection to the last byte of the A-ASSOCIATE-RQ (ARTIM); a TLS handshake is part of it.
        public var associationRequest = Duration.seconds(30)
        /// Without a byte between two messages.
        public var message = Duration.seconds(600)
        /// Without a byte within a message.
        public var fragment = Duration.seconds(60)
        /// For the peer to read what we wrote.
        public var write = Duration.seconds(30)
        /// For the peer to close after a release, a rejection or an abort (ARTIM).
        public var close = Duration.seconds(10)

        public init() {}
    }

    let configuration: Configuration
    let handler: any AssociationHandler
    let connections: Monitor<Connections>
    let budget: HeaderBudget
    private let sockets: ListeningSockets
    /// Of the thread that accepts.
    public let pulse = Pulse("accepting", limit: .seconds(20))
    private let tls: Monitor<TLSContext?>

    /// The port it listens on in plain.
    public var port: UInt16 { sockets.port }
    /// The port it listens on in TLS; nil: none.
    public var tlsPort: UInt16? { sockets.ports.count > 1 ? sockets.ports[1] : nil }

    /// Under way now.
    public var associationCount: Int { connections.withLock { $0.associations } }

    /// All that it listens at: `127.0.0.1:104`, `[::1]:104`.
    public var addresses: [String] { sockets.addresses }

    /// Binds and listens; connections wait until `run`.
    /// - Parameters:
    ///   - adopting: sockets that listen already; an address that one of them covers is not bound.
    ///   - tls: what connections of the TLS door begin with: a new one holds from the next connection on. While it is nil
    ///     they are turned away.
    public init(
        _ configuration: Configuration, adopting: [Int32] = [], tls: Monitor<TLSContext?> = Monitor(nil),
        handler: any AssociationHandler
    ) throws(ListenError) {
        self.configuration = configuration
        self.handler = handler
        self.tls = tls
        connections = Monitor(Connections())
        budget = HeaderBudget(bytes: configuration.headerBudget)
        let plain = Door(addresses: configuration.addresses, port: configuration.port, adopting: adopting)
        sockets = try ListeningSockets([plain] + (configuration.tlsDoor.map { [$0] } ?? []))
    }

    /// Accepts associations until `stop`; blocks. Returns when the last one has ended.
    public func run() {
        var hadTrouble = false
        while connections.withLock({ $0.stopBefore == nil }) {
            switch sockets.accept() {
            case .connection(let descriptor, let peerAddress, let isTLS):
                hadTrouble = false
                pulse.during { _ in start(descriptor, peerAddress, isTLS: isTLS) }
            case .woken: break
            case .failed(let code):
                if !hadTrouble { handler.troubled(.accept(code: code)) }
                hadTrouble = true
                sockets.pause(milliseconds: 100)
            }
        }
        sockets.close()
        finish()
    }

    /// Stops accepting and lets associations end by themselves for so long, then aborts them. Returns at once; callable from
    /// any thread, more than once (the earliest deadline counts).
    public func stop(within grace: Duration) {
        let deadline = MonotonicInstant.now + grace
        connections.update { $0.stopBefore = min($0.stopBefore ?? deadline, deadline) }
        sockets.wake()
    }

    private func finish() {
        while true {
            let deadline = connections.withLock { $0.stopBefore ?? .now }
            let isEmpty = connections.wait(until: deadline) { connections -> Bool? in
                if connections.isEmpty { return true }
                // A stop with an earlier deadline has come.
                return (connections.stopBefore ?? deadline) < deadline ? false : nil
            }
            if isEmpty == true { return }
            if isEmpty == nil { break }
        }
        connections.withLock { $0.stopAll() }
        _ = connections.wait { $0.isEmpty ? true : nil }
    }

    private func start(_ descriptor: Int32, _ peerAddress: String, isTLS: Bool) {
        // Nobody makes us work who may not come anyway; in plain it costs nothing to say so to the peer.
        if isTLS, !handler.isKnown(address: peerAddress) {
            Glibc.close(descriptor)
            return handler.turnedAway(ConnectionRefusal(peerAddress: peerAddress, reason: .unknownAddress))
        }
        let signal = Monitor(StopSignal.none)
        guard let id = place(descriptor, signal) else {
            Glibc.close(descriptor)
            handler.troubled(.tooManyConnections(peerAddress: peerAddress))
            return
        }
        do throws(ThreadError) {
            try OSThread(name: "association \(id)") {
                self.serve(id, descriptor, peerAddress, isTLS: isTLS, signal)
            }.detach()
        } catch {
            connections.update { $0.remove(id) }
            Glibc.close(descriptor)
            handler.troubled(.thread(code: error.code))
        }
    }

    /// The id of a new connection; nil when there is no place for it, nor one that gives way.
    private func place(_ descriptor: Int32, _ signal: Monitor<StopSignal>) -> UInt64? {
        let limit = configuration.associationLimit + configuration.waitingLimit
        if let id = connections.withLock({ $0.add(descriptor, signal, limit: limit) }) { return id }
        guard connections.withLock({ $0.endOldestWaiting() }) else { return nil }
        return connections.wait(until: .now + .seconds(1)) { $0.add(descriptor, signal, limit: limit) }
    }

    /// The life of a connection, on its own thread.
    private func serve(
        _ id: UInt64, _ descriptor: Int32, _ peerAddress: String, isTLS: Bool, _ signal: Monitor<StopSignal>
    ) {
        var thread = AcceptorThread(
            id: id, peerAddress: peerAddress, listener: self, signal: signal,
            connection: PeerConnection(TCPConnection(descriptor: descriptor)))
        let refusal = isTLS ? thread.secure(with: tls.withLock { $0 }) : nil
        let result = refusal.map { AcceptorThread.Result.turnedAway($0) } ?? thread.run()
        // Out of the list before the descriptor is closed: `stopAll` must not meet one that was given out again.
        connections.withLock { $0.forget(id) }
        _ = consume thread
        switch result {
        case .ended(let summary): handler.ended(summary)
        case .turnedAway(let reason):
            handler.turnedAway(ConnectionRefusal(peerAddress: peerAddress, reason: reason))
        }
        connections.update { $0.remove(id) }
    }

    /// Counts an association in, up to the limit. It leaves when its connection ends.
    func claimAssociation(_ id: UInt64) -> Bool {
        connections.withLock { $0.claim(id, limit: configuration.associationLimit) }
    }

    /// The association is over; its connection only waits to be closed.
    func releaseAssociation(_ id: UInt64) { connections.withLock { $0.release(id) } }
}
