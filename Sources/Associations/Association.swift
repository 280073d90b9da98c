public import DICOM
public import DICOMNetwork
import Threads

/// An association that we opened, as SCU of C-STORE, C-FIND, C-MOVE, C-GET, C-ECHO and of storage commitment. Not
/// released, it is aborted when it goes out of scope.
public struct Association: ~Copyable {
    public struct Configuration: Sendable {
        /// Name or numeric address.
        public var host: String
        public var port: UInt16
        public var called: AETitle
        public var calling: AETitle
        /// The longest P-DATA-TF we want to be sent, in bytes.
        public var maximumPDULength: UInt32 = 64 * 1024
        public var deadlines = Deadlines()
        /// nil: in plain.
        public var tls: TLSRequest?

        public init(host: String, port: UInt16, called: AETitle, calling: AETitle) {
            self.host = host
            self.port = port
            self.called = called
            self.calling = calling
        }
    }

    /// How long each wait may last.
    public struct Deadlines: Sendable {
        /// For the TLS handshake as much again.
        public var connection = Duration.seconds(10)
        public var associationResponse = Duration.seconds(30)
        /// For the response to a request, once all of it is written.
        public var response = Duration.seconds(120)
        /// For the peer to read what we wrote.
        public var write = Duration.seconds(60)
        /// Without a byte within an instance that the peer sends us.
        public var fragment = Duration.seconds(60)
        /// From our C-CANCEL to the end of what it cancels.
        public var cancellation = Duration.seconds(10)
        public var release = Duration.seconds(10)

        public init() {}
    }

    /// What is to be done on the association: an abstract syntax, and the transfer syntaxes it can be sent in.
    public struct Proposal: Hashable, Sendable {
        public var abstractSyntax: SOPClassUID
        public var transferSyntaxes: [TransferSyntax]
        /// We are SCP of it, not SCU: the peer is to store here, by C-GET (role selection, PS3.7 §D.3.3.4).
        public var isProvided = false

        public init(_ abstractSyntax: SOPClassUID, _ transferSyntaxes: [TransferSyntax]) {
            self.abstractSyntax = abstractSyntax
            self.transferSyntaxes = transferSyntaxes
        }

        public static let verification = Proposal(
            Negotiation.verification, [.implicitVRLittleEndian, .explicitVRLittleEndian])
    }

    /// Where the bytes of a data set come from; the first byte is that of its first element, not of a file's preamble.
    public enum DataSetSource {
        case bytes([UInt8])
        /// From the offset to the end of the file, or so many bytes of it. Goes from the file to the socket within the
        /// kernel.
        case file(path: String, offset: Int, length: Int? = nil)
        case reader(any DataSetBytes)
    }

    public let proposals: [Proposal]
    /// What the peer answered to our proposals, in order.
    public let contexts: [NegotiatedContext]
    /// What the peer says of itself.
    public let peer: UserInformation

    var channel: RequestorChannel
    private var lastMessageID: UInt16 = 0

    /// Connects and negotiates.
    /// - Precondition: at most 128 proposals.
    public init(_ configuration: Configuration, proposing proposals: [Proposal]) throws(AssociationError) {
        precondition(proposals.count <= 128)
        let proposed = proposals.enumerated().map { index, proposal in
            ProposedContext(
                id: UInt8(2 * index + 1), abstractSyntax: proposal.abstractSyntax,
                transferSyntaxes: proposal.transferSyntaxes)
        }
        var user = UserInformation.ours(maximumLength: configuration.maximumPDULength)
        user.roles = Set(proposals.filter(\.isProvided).map(\.abstractSyntax)).sorted()
            .map { RoleSelection($0, isUser: false, isProvider: true) }
        let request = AssociateRequest(
            called: configuration.called, calling: configuration.calling, contexts: proposed, user: user)
        var channel = try RequestorChannel(configuration)
        let accept = try channel.associate(request)
        self.channel = channel
        self.proposals = proposals
        contexts = proposed.map { Association.answer(to: $0, in: accept) }
        peer = accept.user
    }

    /// A context that the peer did not answer is one that it refused.
    private static func answer(to proposed: ProposedContext, in accept: AssociateAccept) -> NegotiatedContext {
        let answer = accept.contexts.first { $0.id == proposed.id }
        return NegotiatedContext(
            id: proposed.id, result: answer?.result ?? .noReason, abstractSyntaxBytes: proposed.abstractSyntaxBytes,
            transferSyntaxBytes: answer?.transferSyntaxBytes ?? [])
    }

    /// Asks the peer to answer (C-ECHO, PS3.7 §9.1.5).
    public mutating func echo() throws(AssociationError) -> Status {
        let context = try context(Negotiation.verification, nil).id
        var command = CommandSet(field: .echoRequest)
        command.affectedSOPClassUID = Array(Negotiation.verification.text.utf8)
        command.messageID = nextMessageID()
        command.dataSetType = 0x0101
        try channel.send(command, context)
        return try channel.response(to: command, on: context).status
    }

    /// Sends one instance (C-STORE, PS3.7 §9.1.1) and waits for its answer. After an error other than `noContext` the
    /// association is of no use any more.
    ///
    /// A peer may answer before all was sent. A failure ends the sending where much was left: see then `isOpen`.
    /// - Parameters:
    ///   - transferSyntax: that the data set is in; a context must have been accepted for it (`service(of:)`).
    ///   - fragmentLimit: bytes of one fragment at most, 2 or more, whatever the peer allows.
    ///   - progress: called before each fragment with its bytes. It may wait, to keep to a rate; false gives the instance
    ///     up, and the association with it (`.abandoned`).
    public mutating func store(
        sopClassUID: SOPClassUID, sopInstanceUID: InstanceUID, transferSyntax: TransferSyntax,
        priority: Priority = .medium, dataSet: DataSetSource, fragmentLimit: Int = .max,
        progress: (Int) -> Bool = { _ in true }
    ) throws(AssociationError) -> StoreStatus {
        let context = try context(sopClassUID, transferSyntax).id
        var reader = try DataSetReader(dataSet)
        var command = CommandSet(field: .storeRequest)
        command.affectedSOPClassUID = Array(sopClassUID.text.utf8)
        command.affectedSOPInstanceUID = Array(sopInstanceUID.text.utf8)
        command.messageID = nextMessageID()
        command.priority = priority.rawValue
        command.dataSetType = 0x0001
        try channel.send(command, context)
        if let early = try channel.send(&reader, context, of: command, limit: fragmentLimit, progress) { return early }
        return try channel.response(to: command, on: context)
    }

    func context(
        _ abstractSyntax: SOPClassUID, _ transferSyntax: TransferSyntax?
    ) throws(AssociationError) -> NegotiatedContext {
        let proposed = contexts.filter { $0.abstractSyntax == abstractSyntax }
        let suitable = proposed.first {
            $0.isAccepted && (transferSyntax == nil || $0.transferSyntax == transferSyntax)
        }
        guard let suitable else {
            throw .noContext(abstractSyntax, transferSyntax, proposed.first { !$0.isAccepted }?.result)
        }
        return suitable
    }

    /// False: an instance was given up when the peer had answered, and the association with it. More takes another one.
    public var isOpen: Bool { channel.isOpen }

    mutating func nextMessageID() -> UInt16 {
        lastMessageID = lastMessageID == .max ? 1 : lastMessageID + 1
        return lastMessageID
    }

    /// Ends in good order (A-RELEASE). An error means only that the peer did not answer; everything before stands.
    public consuming func release() throws(AssociationError) { try channel.release() }

    /// Ends at once; nothing is waited for.
    public consuming func abort() {}
}
