public import DICOM
import Threads

/// Accepts associations over TCP: a thread for each, all with one handler.
public final class AssociationListener: Sendable {
    public struct Configuration: Sendable {
        /// Numeric addresses to listen on, IPv4 or IPv6.
        public var addresses = ["127.0.0.1"]
        /// 0: any free port, the same for every address; see `AssociationListener.port`.
        public var port: UInt16 = 11112
        /// Associations at the same time; one more is rejected (transient, local limit exceeded).
        public var associationLimit = 50
        /// Connections beyond the associations that may wait for their A-ASSOCIATE-RQ or for their end.
        public var waitingLimit = 100
        /// The longest P-DATA-TF announced to peers, in bytes.
        public var maximumPDULength: UInt32 = 256 * 1024
        /// Bytes of a header kept at most; what lies beyond is not kept.
        public var headerLimit = 16 * 1024 * 1024
        /// What abstract syntaxes are for storage.
        public var isStorage: @Sendable (SOPClassUID) -> Bool = { _ in true }
        public var deadlines = Deadlines()

        public init() {}
    }

    /// How long each wait may last.
    public struct Deadlines: Sendable {
        /// From the connection to the last byte of the A-ASSOCIATE-RQ (ARTIM).
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

    /// The port it listens on.
    public let port: UInt16

    /// Binds and listens; connections wait until `run`.
    public init(_ configuration: Configuration, handler: any AssociationHandler) throws(ListenError) {
        port = configuration.port
    }

    /// Accepts associations until `stop`; blocks. Returns when the last one has ended.
    public func run() {}

    /// Stops accepting and lets associations end by themselves for so long, then aborts them. Returns at once; callable from
    /// any thread, more than once (the earliest deadline counts).
    public func stop(within grace: Duration) {}
}

/// An address cannot be listened on.
public struct ListenError: Error, Hashable, Sendable, CustomStringConvertible {
    public let address: String
    public let port: UInt16
    /// errno; EINVAL when the address is not a numeric one.
    public let code: Int32

    public var description: String { "cannot listen on \(address) port \(port): error \(code)" }
}
