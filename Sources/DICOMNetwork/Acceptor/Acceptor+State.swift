import DICOM

extension Acceptor {
    /// Where in a PDU the next byte lies; counts are bytes.
    enum Phase: Hashable, Sendable {
        case header
        /// The body of an A-ASSOCIATE-RQ.
        case request(left: Int)
        /// The body of a PDU of four bytes.
        case short(PDUType, left: Int)
        /// The body of a PDU that is passed over.
        case passing(left: Int)
        /// Before a presentation data value, or at the end of its PDU.
        case valueHeader(left: Int)
        case value(Fragment)
        /// The stream cannot be followed any further: everything is passed over until it ends.
        case lost
        case closed
    }

    /// What is left of a presentation data value (PS3.8 §9.3.5.1).
    struct Fragment: Hashable, Sendable {
        var context: UInt8
        var kind: UInt8
        /// Of the fragment.
        var left: Int
        /// Of its PDU behind the fragment.
        var behind: Int

        var isCommand: Bool { kind & FragmentKind.command != 0 }
        var isLast: Bool { kind & FragmentKind.last != 0 }
    }

    /// The DIMSE message under way.
    enum Message: Hashable, Sendable {
        case none
        /// The command set is arriving, in `body`.
        case command(context: UInt8)
        /// The data set of a C-STORE is arriving, in `instance`.
        case storing(context: UInt8)
        /// The Event Information of an N-EVENT-REPORT is arriving, in `body`.
        case reporting(CommandSet, context: UInt8)
        /// The data set of something that is not wanted is passed over, then it is answered.
        case refusing(CommandSet, StoreStatus, context: UInt8)
        /// The instance or result is complete; waiting for `answer`.
        case answering(CommandSet, context: UInt8)
    }

    struct AcceptedContext: Hashable, Sendable {
        let transferSyntax: TransferSyntax
        let service: Service

        enum Service: Hashable, Sendable {
            case verification
            case storage
            case storageCommitment

            init(_ abstractSyntax: SOPClassUID) {
                switch abstractSyntax {
                case Negotiation.verification: self = .verification
                case .storageCommitmentPushModel: self = .storageCommitment
                default: self = .storage
                }
            }
        }
    }
}

/// Six bytes, gathered from wherever the stream is cut: a PDU header, or the header of a presentation data value.
struct SixBytes: Hashable, Sendable {
    private var value: UInt64 = 0
    private(set) var count = 0

    /// Takes up to six bytes; true when they are complete.
    mutating func gather(_ bytes: RawSpan, _ offset: inout Int) -> Bool {
        while count < 6, offset < bytes.byteCount {
            value = value << 8 | UInt64(bytes.byte(offset))
            offset += 1
            count += 1
        }
        return count == 6
    }

    /// - Precondition: complete.
    mutating func take() -> UInt64 {
        precondition(count == 6)
        count = 0
        return value & 0xFFFF_FFFF_FFFF
    }
}
