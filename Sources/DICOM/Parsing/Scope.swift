/// What the parser is inside of: the data set itself, an item, a sequence, or encapsulated pixel data.
struct Scope: Sendable {
    enum Kind { case dataSet, item, sequence, fragments }
    enum Plain { case explicit, implicit, sequence, no }

    var kind: Kind
    /// Value lengths and VRs are explicit here.
    var isExplicit: Bool
    var isBigEndian: Bool
    /// No length was given: a delimiter ends it.
    var isUndefined: Bool
    /// A delimiter out of place was met: anything but an item ends this sequence.
    var mayHaveEnded = false
    /// What little endian headers are expected here, so that the short way may be taken.
    var plain: Plain
    /// The element that opened this scope.
    var tag: Tag
    /// The position at which it ends at the latest; `Int.max` when nothing around it has a length.
    var end: Int

    init(dataSetIn encoding: Encoding) {
        kind = .dataSet
        isExplicit = encoding.isExplicit
        isBigEndian = encoding.isBigEndian
        isUndefined = true
        plain = encoding.isBigEndian ? .no : encoding.isExplicit ? .explicit : .implicit
        tag = Tag(0, 0)
        end = .max
    }

    init(_ kind: Kind, of tag: Tag, like outer: Scope, isUndefined: Bool, end: Int) {
        self.kind = kind
        isExplicit = outer.isExplicit
        isBigEndian = outer.isBigEndian
        self.isUndefined = isUndefined
        plain = .no
        self.tag = tag
        self.end = end
        setPlain()
    }

    /// After a change of the encoding.
    mutating func setPlain() {
        switch kind {
        case .dataSet, .item: plain = isBigEndian ? .no : isExplicit ? .explicit : .implicit
        case .sequence: plain = isBigEndian ? .no : .sequence
        case .fragments: plain = .no
        }
    }
}

/// The first 8 to 12 bytes of an element, item or delimiter.
struct HeaderBytes: Sendable {
    /// Bytes 0 to 7, the first in the low bits.
    var low: UInt64 = 0
    /// Bytes 8 to 11, the first in the low bits.
    var high: UInt32 = 0
    /// How many of them are there.
    var count = 0

    mutating func append(_ byte: UInt8) {
        if count < 8 {
            low |= UInt64(byte) << UInt64(8 * count)
        } else {
            high |= UInt32(byte) << UInt32(8 * (count - 8))
        }
        count += 1
    }

    func tag(bigEndian: Bool) -> Tag {
        let group = UInt16(truncatingIfNeeded: low)
        let element = UInt16(truncatingIfNeeded: low >> 16)
        return bigEndian ? Tag(group.byteSwapped, element.byteSwapped) : Tag(group, element)
    }

    /// Bytes 4 and 5.
    var vr: VR { VR(rawValue: UInt16(truncatingIfNeeded: low >> 32).byteSwapped) }

    /// Bytes 6 and 7.
    func shortLength(bigEndian: Bool) -> UInt32 {
        let length = UInt16(truncatingIfNeeded: low >> 48)
        return UInt32(bigEndian ? length.byteSwapped : length)
    }

    /// Bytes 4 to 7.
    func implicitLength(bigEndian: Bool) -> UInt32 {
        let length = UInt32(truncatingIfNeeded: low >> 32)
        return bigEndian ? length.byteSwapped : length
    }

    /// Bytes 8 to 11.
    func longLength(bigEndian: Bool) -> UInt32 { bigEndian ? high.byteSwapped : high }
}
