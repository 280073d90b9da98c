/// An item or delimiter (PS3.5 §7.5): FFFE,E000, FFFE,E00D or FFFE,E0DD and a length, in either byte order.
struct ItemMark {
    enum Kind { case item, itemEnd, sequenceEnd }

    let kind: Kind
    let length: ValueLength
    let isBigEndian: Bool

    /// - Parameter strict: false where nothing but a mark can stand: then marks whose bytes above 7F became question
    ///   marks are read too (GDCM: 3F3F,3F00).
    init?(_ bytes: HeaderBytes, strict: Bool) {
        var length = bytes.implicitLength(bigEndian: false)
        switch UInt32(truncatingIfNeeded: bytes.low) {
        case 0xE000_FFFE: (kind, isBigEndian) = (.item, false)
        case 0xE00D_FFFE: (kind, isBigEndian) = (.itemEnd, false)
        case 0xE0DD_FFFE: (kind, isBigEndian) = (.sequenceEnd, false)
        case 0x00E0_FEFF: (kind, isBigEndian) = (.item, true)
        case 0x0DE0_FEFF: (kind, isBigEndian) = (.itemEnd, true)
        case 0xDDE0_FEFF: (kind, isBigEndian) = (.sequenceEnd, true)
        case 0x3F00_3F3F where !strict: (kind, isBigEndian) = (.item, false)
        case 0x3F0D_3F3F where !strict: (kind, isBigEndian) = (.itemEnd, false)
        case 0x3F3F_3F3F where !strict: (kind, isBigEndian) = (.sequenceEnd, false)
        default: return nil
        }
        if isBigEndian { length = length.byteSwapped }
        if length == 0x3F3F_3F3F, !strict { length = .max }
        self.length = ValueLength(rawValue: length)
    }
}
