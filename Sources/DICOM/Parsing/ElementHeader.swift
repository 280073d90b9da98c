/// The header of a data element (PS3.5 §7.1.2, §7.1.3), as it is best understood.
struct ElementHeader {
    let tag: Tag
    let vr: VR
    let length: ValueLength
    /// Bytes: 8, or 12 where an explicit VR has a length of 32 bits.
    let size: Int
    /// Its value is items of elements, whatever its VR says.
    let isSequence: Bool

    /// Nil when no reading makes sense. When `size` is more than the bytes given, the length is not yet known.
    ///
    /// - Parameter hasVR: bytes 4 and 5 are a VR of the standard, not a part of the length.
    @inline(__always)
    init?(_ bytes: HeaderBytes, tag: Tag, hasVR: Bool, in scope: Scope) {
        let vr = bytes.vr
        let isBigEndian = scope.isBigEndian
        if hasVR {
            self.init(explicit: bytes, tag: tag, vr: vr, isLong: vr.hasLongLength, isBigEndian: isBigEndian)
        } else if !scope.isExplicit {
            self.init(implicit: bytes, tag: tag, isBigEndian: isBigEndian)
        } else {
            self.init(oddVR: bytes, tag: tag, isBigEndian: isBigEndian)
        }
    }

    @inline(__always)
    private init(explicit bytes: HeaderBytes, tag: Tag, vr: VR, isLong: Bool, isBigEndian: Bool) {
        self.tag = tag
        self.vr = vr
        guard isLong else {
            var length = bytes.shortLength(bigEndian: isBigEndian)
            // Siemens Leonardo writes 6 where 4 bytes follow (GDCM).
            if length == 6, vr == .UL, tag.group == 9 { length = 4 }
            self.length = ValueLength(rawValue: length)
            size = 8
            isSequence = false
            return
        }
        length = ValueLength(rawValue: bytes.longLength(bigEndian: isBigEndian))
        size = 12
        isSequence = ElementHeader.isSequence(tag, vr, length)
    }

    @inline(__always)
    private init(implicit bytes: HeaderBytes, tag: Tag, isBigEndian: Bool) {
        self.tag = tag
        length = ValueLength(rawValue: bytes.implicitLength(bigEndian: isBigEndian))
        vr = VRLookup.vr(of: tag) ?? (length.isUndefined && !tag.isPixelData ? .SQ : .UN)
        size = 8
        isSequence = ElementHeader.isSequence(tag, vr, length)
    }

    /// Explicit VR, but with two bytes that are no VR of the standard.
    private init?(oddVR bytes: HeaderBytes, tag: Tag, isBigEndian: Bool) {
        let vr = bytes.vr
        let short = bytes.shortLength(bigEndian: isBigEndian)
        if vr.isLetters {
            // A VR to come has the long form and two zeros; "OX" and the like come with either.
            self.init(explicit: bytes, tag: tag, vr: vr, isLong: short == 0, isBigEndian: isBigEndian)
        } else if short == 0 || bytes.implicitLength(bigEndian: isBigEndian) == .max {
            self.init(implicit: bytes, tag: tag, isBigEndian: isBigEndian)
        } else if vr.isPrintable || vr.rawValue == 0 {
            self.init(explicit: bytes, tag: tag, vr: vr, isLong: false, isBigEndian: isBigEndian)
        } else if bytes.implicitLength(bigEndian: isBigEndian) <= 0xFF_FFFF {
            self.init(implicit: bytes, tag: tag, isBigEndian: isBigEndian)
        } else {
            return nil
        }
    }

    /// Undefined length means items, except in pixel data. A sequence that went through a system that did not know it
    /// comes back as UN, and some write it as OB or OW.
    @inline(__always)
    private static func isSequence(_ tag: Tag, _ vr: VR, _ length: ValueLength) -> Bool {
        if vr == .SQ { return true }
        if length.isUndefined { return !tag.isPixelData }
        guard vr == .UN || vr == .OB || vr == .OW, !tag.isPrivate, length.rawValue >= 8 else { return false }
        return VRLookup.vr(of: tag) == .SQ
    }

    /// What bytes 4 and 5 are where implicit VR is expected.
    enum Letters { case length, vr, lengthOrVR }

    /// A length may happen to spell a VR: 21,316 is DS. What follows decides then (`DataSetParser.hasVR`).
    static func letters(_ bytes: HeaderBytes, _ tag: Tag, isBigEndian: Bool) -> Letters {
        let vr = bytes.vr
        guard vr.isStandard else { return .length }
        let short = bytes.shortLength(bigEndian: isBigEndian)
        if bytes.implicitLength(bigEndian: isBigEndian) & 1 == 1 {
            return !vr.hasLongLength || short == 0 ? .vr : .length
        }
        guard VRLookup.vr(of: tag).map({ $0 == vr }) ?? (short != 0) else { return .length }
        return isBigEndian || vr.hasLongLength ? .vr : .lengthOrVR
    }

    /// Whether this could be an element that begins here, told from garbage.
    static func looksSound(_ bytes: HeaderBytes, tag: Tag, in scope: Scope) -> Bool {
        scope.isExplicit ? bytes.vr.isStandard : VRLookup.vr(of: tag) != nil
    }
}

extension Tag {
    /// Pixel Data, Float Pixel Data, Double Float Pixel Data: the only elements that can be encapsulated.
    public var isPixelData: Bool {
        rawValue == 0x7FE0_0010 || rawValue == 0x7FE0_0008 || rawValue == 0x7FE0_0009
    }
}

extension Encoding {
    /// The encoding that the first element shows, where the transfer syntax was mis-declared.
    func corrected(by bytes: HeaderBytes) -> Encoding {
        let group = bytes.tag(bigEndian: false).group
        let swapped = group.byteSwapped
        var isBigEndian = self.isBigEndian
        // Data sets begin with one of these groups; swapped, none is among them.
        let first: [UInt16] = [0x0002, 0x0004, 0x0008, 0x0010]
        if first.contains(swapped) { isBigEndian = true }
        if first.contains(group) { isBigEndian = false }
        if bytes.vr.isStandard { return isBigEndian ? .explicitVRBigEndian : .explicitVRLittleEndian }
        if isBigEndian || !isExplicit { return isBigEndian ? .explicitVRBigEndian : .implicitVRLittleEndian }
        let length = bytes.implicitLength(bigEndian: false)
        let couldBeImplicit = (length < 1 << 20 || length == .max) && !bytes.vr.isLetters
        return couldBeImplicit ? .implicitVRLittleEndian : .explicitVRLittleEndian
    }
}
