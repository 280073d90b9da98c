/// A value representation (PS3.5 §6.2): two capital letters.
///
/// Any two bytes can be held, because senders write others ("OX", blanks); `isStandard` tells.
public struct VR: Hashable, Sendable {
    /// First letter in the upper 8 bits, second in the lower 8.
    public let rawValue: UInt16

    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public init(_ first: UInt8, _ second: UInt8) { rawValue = UInt16(first) << 8 | UInt16(second) }

    private init(_ letters: StaticString) {
        self.init(letters.utf8Start[0], letters.utf8Start[1])
    }

    public static let AE = VR("AE"), AS = VR("AS"), AT = VR("AT"), CS = VR("CS"), DA = VR("DA"), DS = VR("DS")
    public static let DT = VR("DT"), FD = VR("FD"), FL = VR("FL"), IS = VR("IS"), LO = VR("LO"), LT = VR("LT")
    public static let OB = VR("OB"), OD = VR("OD"), OF = VR("OF"), OL = VR("OL"), OV = VR("OV"), OW = VR("OW")
    public static let PN = VR("PN"), SH = VR("SH"), SL = VR("SL"), SQ = VR("SQ"), SS = VR("SS"), ST = VR("ST")
    public static let SV = VR("SV"), TM = VR("TM"), UC = VR("UC"), UI = VR("UI"), UL = VR("UL"), UN = VR("UN")
    public static let UR = VR("UR"), US = VR("US"), UT = VR("UT"), UV = VR("UV")
}

extension VR: CustomStringConvertible {
    public var description: String {
        String(
            decoding: [UInt8(truncatingIfNeeded: rawValue >> 8), UInt8(truncatingIfNeeded: rawValue)], as: UTF8.self)
    }
}
