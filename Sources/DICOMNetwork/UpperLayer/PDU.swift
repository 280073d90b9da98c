/// The type of a protocol data unit (PS3.8 §9.3.1); raw values are the first byte on the wire.
public enum PDUType: UInt8, Sendable, CaseIterable {
    case associateRequest = 0x01
    case associateAccept = 0x02
    case associateReject = 0x03
    case dataTransfer = 0x04
    case releaseRequest = 0x05
    case releaseResponse = 0x06
    case abort = 0x07
}

extension PDUType: CustomStringConvertible {
    /// The standard's name, as in "A-ASSOCIATE-RQ".
    public var description: String {
        switch self {
        case .associateRequest: "A-ASSOCIATE-RQ"
        case .associateAccept: "A-ASSOCIATE-AC"
        case .associateReject: "A-ASSOCIATE-RJ"
        case .dataTransfer: "P-DATA-TF"
        case .releaseRequest: "A-RELEASE-RQ"
        case .releaseResponse: "A-RELEASE-RP"
        case .abort: "A-ABORT"
        }
    }
}

/// The sizes and limits of the upper layer.
public enum PDULimits {
    /// Bytes of the type, the reserved byte and the length of any PDU.
    public static let header = 6
    /// Bytes of an A-ASSOCIATE PDU behind its header that are read at most: 128 contexts of 30 transfer syntaxes fit.
    public static let associate = 128 * 1024
    /// Bytes of a P-DATA-TF PDU that are accepted, whatever maximum was announced: data is streamed, not kept.
    public static let dataTransfer = 1 << 30
    /// Bytes of a command set.
    public static let command = 16 * 1024
}

extension [UInt8] {
    /// Appends big endian, the byte order of PDUs (PS3.8 §9.3.1).
    mutating func append(bigEndian value: UInt16) {
        append(UInt8(truncatingIfNeeded: value >> 8))
        append(UInt8(truncatingIfNeeded: value))
    }

    mutating func append(bigEndian value: UInt32) {
        append(bigEndian: UInt16(truncatingIfNeeded: value >> 16))
        append(bigEndian: UInt16(truncatingIfNeeded: value))
    }

    /// Appends an item: type, reserved byte, 16-bit length, value (PS3.8 §9.3.2).
    /// - Precondition: the value has at most 65535 bytes.
    mutating func append(item type: UInt8, _ value: some Collection<UInt8>) {
        append(type)
        append(0)
        append(bigEndian: UInt16(value.count))
        append(contentsOf: value)
    }

    /// A whole PDU: type, reserved byte, 32-bit length, body.
    static func pdu(_ type: PDUType, _ body: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = [type.rawValue, 0]
        bytes.reserveCapacity(PDULimits.header + body.count)
        bytes.append(bigEndian: UInt32(body.count))
        bytes += body
        return bytes
    }
}
