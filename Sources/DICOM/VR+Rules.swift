extension VR {
    /// One of the value representations of PS3.5 §6.2.
    public var isStandard: Bool {
        switch rawValue {
        case 0x4145, 0x4153, 0x4154, 0x4353, 0x4441, 0x4453, 0x4454, 0x4644, 0x464C, 0x4953, 0x4C4F, 0x4C54: true
        case 0x4F42, 0x4F44, 0x4F46, 0x4F4C, 0x4F56, 0x4F57, 0x504E, 0x5348, 0x534C, 0x5351, 0x5353, 0x5354: true
        case 0x5356, 0x544D, 0x5543, 0x5549, 0x554C, 0x554E, 0x5552, 0x5553, 0x5554, 0x5556: true
        default: false
        }
    }

    /// In explicit VR, two reserved bytes and a length of 32 bits follow (PS3.5 §7.1.2, table 7.1-1).
    ///
    /// True of any VR that is not known, too: those to come are all of that form (PS3.5 §6.2, note).
    public var hasLongLength: Bool {
        switch rawValue {
        case 0x4F42, 0x4F44, 0x4F46, 0x4F4C, 0x4F56, 0x4F57, 0x5351, 0x5356, 0x5543, 0x554E, 0x5552, 0x5554, 0x5556:
            true
        default: !isStandard
        }
    }

    /// Text whose characters depend on Specific Character Set (PS3.5 §6.1.2.2).
    public var isTextOfCharacterSet: Bool {
        switch self {
        case .LO, .LT, .PN, .SH, .ST, .UC, .UT: true
        default: false
        }
    }

    /// Character strings of any kind, against binary values.
    public var isString: Bool {
        switch self {
        case .AE, .AS, .CS, .DA, .DS, .DT, .IS, .TM, .UI, .UR: true
        default: isTextOfCharacterSet
        }
    }

    /// A backslash separates values (PS3.5 §6.2): not in LT, ST, UT, UR.
    public var isMultiValuedText: Bool {
        switch self {
        case .LT, .ST, .UT, .UR: false
        default: isString
        }
    }

    /// What makes an odd value even (PS3.5 §6.2): NUL for UI and binary values, a space for text.
    var padding: UInt8 { isString && self != .UI ? 0x20 : 0 }

    /// Bytes of one number of a binary VR, or nil.
    var unitSize: Int? {
        switch self {
        case .SS, .US, .OW: 2
        case .AT, .FL, .SL, .UL, .OF, .OL: 4
        case .FD, .SV, .UV, .OD, .OV: 8
        default: nil
        }
    }

    /// Two capital letters, as every VR has; the standard's or not.
    var isLetters: Bool { (0x41...0x5A).contains(rawValue >> 8) && (0x41...0x5A).contains(rawValue & 0xFF) }
    /// Two printable characters of ASCII.
    var isPrintable: Bool { (0x20...0x7E).contains(rawValue >> 8) && (0x20...0x7E).contains(rawValue & 0xFF) }
}
