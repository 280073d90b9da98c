extension DataSetParser {
    /// The short way for what most headers are: little endian, whole in the chunk, nothing odd about them. Nil for all
    /// others, and then nothing has changed. The long way (`step`) would read the same.
    @inline(__always)
    mutating func nextPlain(in chunk: RawSpan, from offset: inout Int) -> Token? {
        guard scope.plain != .no, cut.count == 0, !isFirst, chunk.byteCount - offset >= 12 else { return nil }
        let low = UInt64(littleEndian: chunk.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
        if UInt16(truncatingIfNeeded: low) == 0xFFFE { return nextPlainMark(low, &offset) }
        switch scope.plain {
        case .explicit:
            let long = UInt32(littleEndian: chunk.unsafeLoadUnaligned(fromByteOffset: offset + 8, as: UInt32.self))
            return nextPlainExplicit(low, long, &offset)
        case .implicit: return nextPlainImplicit(low, &offset)
        case .sequence, .no: return nil
        }
    }

    @inline(__always)
    private mutating func nextPlainExplicit(_ low: UInt64, _ long: UInt32, _ offset: inout Int) -> Token? {
        let group = UInt16(truncatingIfNeeded: low)
        let vr = VR(rawValue: UInt16(truncatingIfNeeded: low >> 32).byteSwapped)
        var length = UInt32(truncatingIfNeeded: low >> 48)
        if vr.isOfShortForm {
            if length == 6, vr.rawValue == 0x554C { return nil }
            return take(group, low, vr, size: 8, length, &offset)
        }
        guard vr.isOfLongForm else { return nil }
        length = long
        // OB, OW, UN: perhaps a sequence.
        let isBytes = vr.rawValue == 0x4F42 || vr.rawValue == 0x4F57 || vr.rawValue == 0x554E
        guard !isBytes || group & 1 == 1 || length < 8 else { return nil }
        return take(group, low, vr, size: 12, length, &offset)
    }

    @inline(__always)
    private mutating func nextPlainImplicit(_ low: UInt64, _ offset: inout Int) -> Token? {
        let group = UInt16(truncatingIfNeeded: low)
        let letters = VR(rawValue: UInt16(truncatingIfNeeded: low >> 32).byteSwapped)
        guard group & 1 == 0, !letters.isOfShortForm, !letters.isOfLongForm, letters.rawValue != 0x5351 else {
            return nil
        }
        let tag = Tag(group, UInt16(truncatingIfNeeded: low >> 16))
        guard let vr = VRTable.shared.vr(of: tag), vr.rawValue != 0x5351 else { return nil }
        return take(group, low, vr, size: 8, UInt32(truncatingIfNeeded: low >> 32), &offset)
    }

    @inline(__always)
    private mutating func take(
        _ group: UInt16, _ low: UInt64, _ vr: VR, size: Int, _ length: UInt32, _ offset: inout Int
    ) -> Token? {
        guard length != .max, position + size + Int(length) <= scope.end else { return nil }
        let tag = Tag(group, UInt16(truncatingIfNeeded: low >> 16))
        tokenOffset = position
        position += size
        offset += size
        remaining = Int(length)
        lastTag = tag
        return .element(tag, vr, ValueLength(rawValue: length))
    }

    /// An item where one is expected, or the delimiter that is expected.
    private mutating func nextPlainMark(_ low: UInt64, _ offset: inout Int) -> Token? {
        guard scope.isUndefined, position + 8 <= scope.end, !scope.mayHaveEnded else { return nil }
        switch (UInt16(truncatingIfNeeded: low >> 16), scope.plain) {
        case (0xE000, .sequence):
            let length = ValueLength(rawValue: UInt32(truncatingIfNeeded: low >> 32))
            guard length.rawValue != 0x3F3F_3F3F else { return nil }
            tokenOffset = position
            offset += 8
            return openItem(length: length, isBigEndian: false)
        case (0xE00D, .explicit) where scope.kind == .item, (0xE00D, .implicit) where scope.kind == .item,
            (0xE0DD, .sequence):
            tokenOffset = position
            offset += 8
            position += 8
            return close()
        default: return nil
        }
    }
}

extension VR {
    /// In explicit VR, the length has 16 bits. False of what is no VR of the standard.
    @inline(__always)
    var isOfShortForm: Bool { isLetter(of: VR.secondsOfShortForm(UInt8(truncatingIfNeeded: rawValue >> 8))) }

    /// In explicit VR, the length has 32 bits; false of SQ, and of what is no VR of the standard.
    @inline(__always)
    var isOfLongForm: Bool { isLetter(of: VR.secondsOfLongForm(UInt8(truncatingIfNeeded: rawValue >> 8))) }

    @inline(__always)
    private func isLetter(of seconds: UInt32) -> Bool {
        rawValue & 0xE0 == 0x40 && seconds >> UInt32(rawValue & 0x1F) & 1 == 1
    }

    /// The second letters that go with a first one, a bit each: A is bit 1. A table, for it has no branches.
    @inline(__always)
    private static func secondsOfShortForm(_ first: UInt8) -> UInt32 {
        switch first {
        case 0x41: 1 << 5 | 1 << 19 | 1 << 20  // AE AS AT
        case 0x43: 1 << 19  // CS
        case 0x44: 1 << 1 | 1 << 19 | 1 << 20  // DA DS DT
        case 0x46: 1 << 4 | 1 << 12  // FD FL
        case 0x49: 1 << 19  // IS
        case 0x4C: 1 << 15 | 1 << 20  // LO LT
        case 0x50: 1 << 14  // PN
        case 0x53: 1 << 8 | 1 << 12 | 1 << 19 | 1 << 20  // SH SL SS ST
        case 0x54: 1 << 13  // TM
        case 0x55: 1 << 9 | 1 << 12 | 1 << 19  // UI UL US
        default: 0
        }
    }

    @inline(__always)
    private static func secondsOfLongForm(_ first: UInt8) -> UInt32 {
        switch first {
        case 0x4F: 1 << 2 | 1 << 4 | 1 << 6 | 1 << 12 | 1 << 22 | 1 << 23  // OB OD OF OL OV OW
        case 0x53: 1 << 22  // SV
        case 0x55: 1 << 3 | 1 << 14 | 1 << 18 | 1 << 20 | 1 << 22  // UC UN UR UT UV
        default: 0
        }
    }
}
