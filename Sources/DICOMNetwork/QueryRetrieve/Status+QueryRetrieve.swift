extension Status {
    public static let cancel = Status(rawValue: 0xFE00)
    public static let pending = Status(rawValue: 0xFF00)
    /// Pending, but some optional keys were not matched (PS3.4 Table C.4-1).
    public static let pendingWithoutOptionalKeys = Status(rawValue: 0xFF01)
    public static let moveDestinationUnknown = Status(rawValue: 0xA801)

    /// More responses follow.
    public var isPending: Bool { self == .pending || self == .pendingWithoutOptionalKeys }

    /// Four hexadecimal digits and what they mean as the answer to this operation (PS3.4 Tables C.4-1, C.4-2, C.4-3).
    public func description(of operation: QueryOperation) -> String {
        guard let meaning = meaning(operation) else { return description }
        let digits = String(rawValue, radix: 16, uppercase: true)
        return "0x" + String(repeating: "0", count: 4 - digits.count) + digits + " (\(meaning))"
    }

    private func meaning(_ operation: QueryOperation) -> String? {
        switch rawValue {
        case 0xA700 where operation == .find: "out of resources"
        case 0xA701: "out of resources: the matches cannot be counted"
        case 0xA702: "out of resources: the sub-operations cannot be performed"
        case 0xA801: "move destination unknown"
        case 0xA900...0xA9FF: "the identifier does not match the SOP class"
        case 0xAA00: "none of the frames requested were found"
        case 0xAA01: "the object cannot be made for this SOP class"
        case 0xAA02: "no frames of this kind"
        case 0xB000 where operation != .find: "done, but sub-operations failed or had warnings"
        case 0xC000...0xCFFF: "unable to process"
        case 0xFE00: "cancelled"
        case 0xFF00: "pending"
        case 0xFF01: "pending, optional keys not supported"
        default: nil
        }
    }
}
