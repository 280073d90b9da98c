public import DICOM

/// What a peer did that the standard does not allow, with its place; each leads to an A-ABORT.
public enum ProtocolFault: Error, Hashable, Sendable {
    /// The first bytes of the connection are no A-ASSOCIATE-RQ but something else that was recognized.
    case notDICOM(Stranger)
    case unrecognizedPDU(type: UInt8)
    case unexpectedPDU(PDUType, state: AssociationMachine.State)
    /// Announced length beyond the limit.
    case tooLong(PDUType, length: Int, limit: Int)
    /// An item or field ends beyond what holds it; offset in bytes from the start of the PDU's body.
    case lyingLength(PDUType, offset: Int)
    /// A fixed field is missing: the body has only so many bytes.
    case tooShort(PDUType, length: Int)
    /// A presentation data value of less than two bytes, or longer than its PDU.
    case presentationDataValueLength(Int)
    /// A fragment on a presentation context that was not accepted.
    case contextNotAccepted(id: UInt8)
    /// A data fragment on another context than its command.
    case contextChanged(from: UInt8, to: UInt8)
    /// A data fragment that no command announced.
    case dataWithoutCommand(id: UInt8)
    /// A command fragment before the end of the data set of the one before.
    case commandInsideDataSet(id: UInt8)
    case commandTooLong(limit: Int)
    /// The command set cannot be read, not even its Command Field.
    case unreadableCommand(offset: Int)
    /// The data set of a response is longer than was allowed for it.
    case identifierTooLong(limit: Int)
    case unreadableIdentifier(ParseError)
    /// A response on another presentation context than its request.
    case responseOnOtherContext(UInt8, of: UInt8)
    /// A response whose Affected SOP Instance UID is not that of its request.
    case responseToOtherInstance(InstanceUID)

    /// What the peer is told.
    public var abort: Abort {
        switch self {
        case .notDICOM, .unrecognizedPDU: .unrecognizedPDU
        case .unexpectedPDU: .unexpectedPDU
        case .tooLong, .lyingLength, .tooShort, .presentationDataValueLength, .contextNotAccepted, .contextChanged,
            .commandTooLong, .unreadableCommand, .identifierTooLong, .unreadableIdentifier, .responseOnOtherContext,
            .responseToOtherInstance:
            .invalidParameter
        case .dataWithoutCommand, .commandInsideDataSet: .unexpectedParameter
        }
    }
}

/// What speaks on a DICOM port without speaking DICOM.
public enum Stranger: String, Hashable, Sendable {
    case http = "HTTP"
    case tls = "TLS"
    case hl7 = "HL7"
    case ssh = "SSH"

    /// Looks at the first byte and what follows (at most six bytes are needed).
    init?(_ first: [UInt8]) {
        guard first.count >= 3 else { return nil }
        switch (first[0], first[1], first[2]) {
        case (0x16, 0x03, _): self = .tls
        case (0x0B, _, _): self = .hl7
        case (0x53, 0x53, 0x48): self = .ssh
        case (0x47, 0x45, 0x54), (0x50, 0x4F, 0x53), (0x50, 0x55, 0x54), (0x48, 0x45, 0x41), (0x4F, 0x50, 0x54),
            (0x50, 0x52, 0x49), (0x44, 0x45, 0x4C), (0x43, 0x4F, 0x4E):
            self = .http
        default: return nil
        }
    }
}

extension ProtocolFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notDICOM(let stranger): "\(stranger.rawValue) on the DICOM port"
        case .unrecognizedPDU(let type): "PDU of unknown type \(type)"
        case .unexpectedPDU(let type, let state): "\(type) not allowed in state \(state.rawValue)"
        case .tooLong(let type, let length, let limit): "\(type) of \(length) bytes, limit \(limit)"
        case .lyingLength(let type, let offset): "\(type): the length at byte \(offset) goes beyond its end"
        case .tooShort(let type, let length): "\(type) of only \(length) bytes"
        case .presentationDataValueLength(let length): "presentation data value of \(length) bytes does not fit its PDU"
        case .contextNotAccepted(let id): "data on presentation context \(id), which was not accepted"
        case .contextChanged(let from, let to): "data set on presentation context \(to), its command on \(from)"
        case .dataWithoutCommand(let id): "data on presentation context \(id) without a command"
        case .commandInsideDataSet(let id): "command on presentation context \(id) inside a data set"
        case .commandTooLong(let limit): "command set longer than \(limit) bytes"
        case .unreadableCommand(let offset): "command set not readable from byte \(offset)"
        case .identifierTooLong(let limit): "data set of a response longer than \(limit) bytes"
        case .unreadableIdentifier(let error): "data set of a response not readable: \(error)"
        case .responseOnOtherContext(let context, let id):
            "a response on presentation context \(context), its request on \(id)"
        case .responseToOtherInstance(let instance): "a response for another instance, \(instance.text)"
        }
    }
}
