public import DICOM
public import DICOMNetwork
import Glibc
import Sockets
public import Trust

/// Why an association could not be opened or did not last.
public enum AssociationError: Error, Hashable, Sendable {
    /// The name has no address; the resolver's words.
    case unknownHost(String, reason: String)
    /// TCP could not connect; errno.
    case connect(code: Int32)
    case rejected(Rejection)
    case aborted(Abort)
    /// The peer closed TCP without a word.
    case closed
    case timedOut(Wait)
    /// What the peer sent is not what PS3.8 allows.
    case fault(ProtocolFault)
    /// The peer accepted the association, but no context for this.
    case noContext(SOPClassUID, TransferSyntax?, ContextResult?)
    /// There is no TLS connection, or it broke. What the peer says of our certificate may come as late as with the answer
    /// to the association request.
    case handshake(TLSFault)
    /// The socket failed; errno.
    case socket(code: Int32)
    /// What we were to send could not be read.
    case source(DataSetFault)
    /// We gave up what we were sending.
    case abandoned
}

extension AssociationError {
    /// We had no file descriptor or memory left: it says nothing of the peer, nor of what was to be sent.
    public var isShortage: Bool {
        switch self {
        case .connect(let code), .socket(let code), .source(.system(let code)):
            [EMFILE, ENFILE, ENOMEM, ENOBUFS].contains(code)
        case .unknownHost, .rejected, .aborted, .closed, .timedOut, .fault, .noContext, .handshake, .source, .abandoned:
            false
        }
    }
}

extension AssociationError: CustomStringConvertible {
    /// What happened, in one line without its end.
    public var description: String {
        switch self {
        case .unknownHost(let host, let reason): "\(host) has no address: \(reason)"
        case .connect(let code): "cannot connect: \(systemMessage(code))"
        case .rejected(let rejection): "association \(rejection)"
        case .aborted(let abort): "the peer aborted the association \(abort)"
        case .closed: "the peer closed the connection without a word"
        case .timedOut(let wait): "no \(AssociationError.name(wait)) in time"
        case .fault(let fault): "the peer does not keep to the protocol: \(fault)"
        case .noContext(let sopClass, let syntax, let result):
            "the peer accepted no presentation context for \(UIDRegistry.name(of: sopClass) ?? sopClass.text)"
                + (syntax.map { " in \(UIDRegistry.name(of: $0) ?? $0.text)" } ?? "")
                + (result.map { ": \(name($0))" } ?? "")
        case .handshake(let fault): fault.description
        case .socket(let code): "the connection failed: \(systemMessage(code))"
        case .source(let fault): "the data set could not be read: \(fault)"
        case .abandoned: "we gave up what we were sending"
        }
    }

    /// What an operator may try, in one line; nil when there is nothing to say beyond `description`.
    public var remedy: String? {
        switch self {
        case .unknownHost: "check the host name, or give the address"
        case .connect(ECONNREFUSED): "check the port, and that the peer runs"
        case .connect(EMFILE), .connect(ENFILE): "raise the limit of open files of the service or the machine"
        case .connect, .timedOut(.connection): "check the address, the network and any firewall between"
        case .rejected(.calledAETitleNotRecognized):
            "give the AE title that the peer is configured with as the called one"
        case .rejected(.callingAETitleNotRecognized): "make our calling AE title known to the peer"
        case .rejected(let rejection) where rejection.isTransient: "try again later: the peer is at its limit"
        case .rejected: "look at the peer's log"
        case .aborted, .closed: "look at the peer's log; it may want to know our AE title or address, or TLS"
        case .timedOut(.associationResponse), .fault: "check that the port is a DICOM one without TLS"
        case .timedOut: "the peer may be overloaded; try again"
        case .noContext: "the peer must be configured to accept this SOP class and transfer syntax"
        case .handshake(let fault): fault.remedy
        case .socket, .source, .abandoned: nil
        }
    }

    private func name(_ result: ContextResult) -> String {
        switch result {
        case .acceptance: "it accepts others"
        case .userRejection: "it refuses it"
        case .noReason: "it gives no reason"
        case .abstractSyntaxNotSupported: "it takes nothing of this SOP class"
        case .transferSyntaxesNotSupported: "it does not take this transfer syntax"
        }
    }

    private static func name(_ wait: Wait) -> String {
        switch wait {
        case .connection: "connection"
        case .associationRequest: "association request"
        case .associationResponse: "answer to the association request"
        case .message: "message"
        case .fragment: "rest of the message"
        case .write: "room for what is to be written"
        case .response: "response"
        case .release: "answer to the release"
        case .close: "end of the connection"
        }
    }
}
