/// Why an association is refused: the three fields of an A-ASSOCIATE-RJ PDU (PS3.8 §9.3.4).
public struct Rejection: Error, Hashable, Sendable {
    /// 1 permanent, 2 transient.
    public let result: UInt8
    /// 1 service user, 2 service provider (ACSE), 3 service provider (presentation).
    public let source: UInt8
    public let reason: UInt8

    public init(result: UInt8, source: UInt8, reason: UInt8) {
        self.result = result
        self.source = source
        self.reason = reason
    }

    public static let noReasonGiven = Rejection(result: 1, source: 1, reason: 1)
    public static let applicationContextNameNotSupported = Rejection(result: 1, source: 1, reason: 2)
    public static let callingAETitleNotRecognized = Rejection(result: 1, source: 1, reason: 3)
    public static let calledAETitleNotRecognized = Rejection(result: 1, source: 1, reason: 7)
    public static let protocolVersionNotSupported = Rejection(result: 1, source: 2, reason: 2)
    public static let temporaryCongestion = Rejection(result: 2, source: 3, reason: 1)
    public static let localLimitExceeded = Rejection(result: 2, source: 3, reason: 2)

    /// Worth trying again later.
    public var isTransient: Bool { result == 2 }

    /// The whole PDU.
    public var pdu: [UInt8] { .pdu(.associateReject, [0, result, source, reason]) }

    /// Takes the body of an A-ASSOCIATE-RJ PDU; nil when it is too short.
    init?(body: RawSpan) {
        guard body.byteCount >= 4 else { return nil }
        self.init(result: body.byte(1), source: body.byte(2), reason: body.byte(3))
    }
}

extension Rejection: CustomStringConvertible {
    public var description: String {
        let permanence =
            switch result {
            case 1: "rejected permanently"
            case 2: "rejected for now"
            default: "rejected (result \(result))"
            }
        return "\(permanence): \(reasonText)"
    }

    private var reasonText: String {
        switch (source, reason) {
        case (1, 1): "no reason given by the peer"
        case (1, 2): "application context name not supported"
        case (1, 3): "calling AE title not recognized"
        case (1, 7): "called AE title not recognized"
        case (2, 1): "no reason given by the peer's upper layer"
        case (2, 2): "protocol version not supported"
        case (3, 1): "temporary congestion"
        case (3, 2): "local limit exceeded"
        default: "source \(source), reason \(reason)"
        }
    }
}
