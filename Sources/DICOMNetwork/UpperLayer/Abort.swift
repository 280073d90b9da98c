/// Who ended an association and why: the two fields of an A-ABORT PDU (PS3.8 §9.3.8).
public struct Abort: Hashable, Sendable {
    /// 0 service user, 2 service provider; 1 is reserved, and sent by some.
    public let source: UInt8
    public let reason: UInt8

    public init(source: UInt8, reason: UInt8) {
        self.source = source
        self.reason = reason
    }

    public static let user = Abort(source: 0, reason: 0)
    public static let reasonNotSpecified = Abort(source: 2, reason: 0)
    public static let unrecognizedPDU = Abort(source: 2, reason: 1)
    public static let unexpectedPDU = Abort(source: 2, reason: 2)
    public static let unrecognizedParameter = Abort(source: 2, reason: 4)
    public static let unexpectedParameter = Abort(source: 2, reason: 5)
    public static let invalidParameter = Abort(source: 2, reason: 6)

    /// The whole PDU.
    public var pdu: [UInt8] { .pdu(.abort, [0, 0, source, reason]) }

    /// Takes the body of an A-ABORT PDU; nil when it is too short.
    init?(body: RawSpan) {
        guard body.byteCount >= 4 else { return nil }
        self.init(source: body.byte(2), reason: body.byte(3))
    }
}

extension Abort: CustomStringConvertible {
    public var description: String {
        switch (source, reason) {
        case (0, _): "by its application"
        case (2, 0): "by its upper layer, no reason given"
        case (2, 1): "by its upper layer: unrecognized PDU"
        case (2, 2): "by its upper layer: unexpected PDU"
        case (2, 4): "by its upper layer: unrecognized PDU parameter"
        case (2, 5): "by its upper layer: unexpected PDU parameter"
        case (2, 6): "by its upper layer: invalid PDU parameter value"
        default: "with source \(source), reason \(reason)"
        }
    }
}
