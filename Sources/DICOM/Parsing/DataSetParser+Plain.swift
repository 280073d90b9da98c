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
    var isOfShortForm: Bool { isLetter(of: VR.secondsOfShortForm) }

    /// In explicit VR, the length has 32 bits; false of SQ, and of what is no VR of the standard.
    @inline(__always)
    var isOfLongForm: Bool { isLetter(of: VR.secondsOfLongForm) }

    @inline(__always)
    private func isLetter(of seconds: [UInt32]) -> Bool {
        guard rawValue & 0xE0E0 == 0x4040 else { return false }
        return seconds[Int(rawValue >> 8 & 0x1F)] >> UInt32(rawValue & 0x1F) & 1 == 1
    }

    /// The second letters that go with a first one, a bit each: A is bit 1. A table, because VRs alternate so much that
    /// branches on them are guessed wrong.
    private static let secondsOfShortForm: [UInt32] = [
        0, 0x18_0020 /* AE AS AT */, 0, 0x8_0000 /* CS */, 0x18_0002 /* DA DS DT */, 0, 0x1010 /* FD FL */, 0, 0,
        0x8_0000 /* IS */, 0, 0, 0x10_8000 /* LO LT */, 0, 0, 0, 0x4000 /* PN */, 0, 0, 0x18_1100 /* SH SL SS ST */,
        0x2000 /* TM */, 0x8_1200 /* UI UL US */, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ]

    private static let secondsOfLongForm: [UInt32] = [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xC0_1054 /* OB OD OF OL OV OW */, 0, 0, 0, 0x40_0000 /* SV */, 0,
        0x54_4008 /* UC UN UR UT UV */, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ]
}
