/// The status of a DIMSE response (PS3.7 Annex C, PS3.4 §B.2.3).
public struct Status: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let success = Status(rawValue: 0x0000)
    public static let duplicateSOPInstance = Status(rawValue: 0x0111)
    public static let processingFailure = Status(rawValue: 0x0110)
    public static let noSuchEventType = Status(rawValue: 0x0113)
    public static let invalidArgumentValue = Status(rawValue: 0x0115)
    public static let invalidSOPInstance = Status(rawValue: 0x0117)
    public static let sopClassNotSupported = Status(rawValue: 0x0122)
    public static let notAuthorized = Status(rawValue: 0x0124)
    public static let unrecognizedOperation = Status(rawValue: 0x0211)
    public static let mistypedArgument = Status(rawValue: 0x0212)
    public static let resourceLimitation = Status(rawValue: 0x0213)
    public static let outOfResources = Status(rawValue: 0xA700)
    public static let dataSetDoesNotMatchSOPClass = Status(rawValue: 0xA900)
    public static let cannotUnderstand = Status(rawValue: 0xC000)
    public static let elementsDiscarded = Status(rawValue: 0xB006)
    public static let dataSetDoesNotMatchSOPClassWarning = Status(rawValue: 0xB007)

    /// The instance was stored: success, or one of the warnings of PS3.4 §B.2.3 and PS3.7 §C.4.
    public var isStored: Bool { self == .success || isWarning }
    public var isWarning: Bool { rawValue & 0xF000 == 0xB000 || [0x0001, 0x0107, 0x0116].contains(rawValue) }
}

extension Status: CustomStringConvertible {
    /// Four hexadecimal digits and the meaning, where the standard gives one.
    public var description: String {
        let digits = String(rawValue, radix: 16, uppercase: true)
        let code = "0x" + String(repeating: "0", count: 4 - digits.count) + digits
        guard let meaning else { return code }
        return "\(code) (\(meaning))"
    }

    private var meaning: String? {
        switch rawValue {
        case 0x0000: "success"
        case 0x0107: "attribute list error, stored"
        case 0x0110: "processing failure"
        case 0x0111: "duplicate SOP instance"
        case 0x0112: "no such SOP instance"
        case 0x0113: "no such event type"
        case 0x0115: "invalid argument value"
        case 0x0116: "attribute value out of range, stored"
        case 0x0117: "invalid SOP instance"
        case 0x0119: "class and instance conflict"
        case 0x0122: "SOP class not supported"
        case 0x0124: "not authorized"
        case 0x0131: "duplicate transaction UID"
        case 0x0211: "unrecognized operation"
        case 0x0212: "mistyped argument"
        case 0x0213: "resource limitation"
        case 0xA700...0xA7FF: "out of resources"
        case 0xA900...0xA9FF: "data set does not match SOP class"
        case 0xB000: "coercion of data elements"
        case 0xB006: "elements discarded"
        case 0xB007: "data set does not match SOP class, stored"
        case 0xC000...0xCFFF: "cannot understand"
        default: nil
        }
    }
}
