public import DICOM
public import DICOMNetwork

/// An association that we opened, as SCU of C-STORE and C-ECHO. Not released, it is aborted when it goes out of scope.
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

        public init(host: String, port: UInt16, called: AETitle, calling: AETitle) {
            self.host = host
            self.port = port
            self.called = called
            self.calling = calling
        }
    }

    /// How long each wait may last.
    public struct Deadlines: Sendable {
        public var connection = Duration.seconds(10)
        public var associationResponse = Duration.seconds(30)
        /// For the response to a request, once all of it is written.
        public var response = Duration.seconds(120)
        /// For the peer to read what we wrote.
        public var write = Duration.seconds(60)
        public var release = Duration.seconds(10)

        public init() {}
    }

    /// Something to store: an abstract syntax in one transfer syntax, as it lies there.
    public struct Proposal: Hashable, Sendable {
        public var abstractSyntax: SOPClassUID
        public var transferSyntaxes: [TransferSyntax]

        public init(_ abstractSyntax: SOPClassUID, _ transferSyntaxes: [TransferSyntax]) {
            self.abstractSyntax = abstractSyntax
            self.transferSyntaxes = transferSyntaxes
        }

        public static let verification = Proposal(
            Negotiation.verification, [.implicitVRLittleEndian, .explicitVRLittleEndian])
    }

    /// Where the bytes of a data set come from; the first byte is that of its first element, not of a file's preamble.
    public enum DataSetSource: Sendable {
        case bytes([UInt8])
        case file(path: String, offset: Int)
    }

    /// What the peer answered to our proposals, in order.
    public let contexts: [NegotiatedContext]

    /// Connects and negotiates.
    public init(_ configuration: Configuration, proposing proposals: [Proposal]) throws(AssociationError) {
        throw .closed
    }

    /// Asks the peer to answer (C-ECHO, PS3.7 §9.1.5).
    public mutating func echo() throws(AssociationError) -> Status { throw .closed }

    /// Sends one instance (C-STORE, PS3.7 §9.1.1) and waits for its answer. An error ends the association, but for
    /// `noContext`.
    public mutating func store(
        sopClassUID: SOPClassUID, sopInstanceUID: InstanceUID, transferSyntax: TransferSyntax,
        dataSet: DataSetSource
    ) throws(AssociationError) -> StoreStatus { throw .closed }

    /// Ends in good order (A-RELEASE). An error means only that the peer did not answer; everything before stands.
    public consuming func release() throws(AssociationError) {}

    public consuming func abort() {}
}
