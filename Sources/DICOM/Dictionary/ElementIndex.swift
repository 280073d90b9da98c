/// `ElementTable.elements` by tag: sorted tags, and beside them the VRs and where the lines begin.
struct ElementIndex: Sendable {
    static let shared = ElementIndex()

    private let tags: [UInt32]
    private let vrs: [UInt16]
    private let starts: [UInt32]

    private init() {
        var tags: [UInt32] = []
        var vrs: [UInt16] = []
        var starts: [UInt32] = []
        tags.reserveCapacity(5200)
        vrs.reserveCapacity(5200)
        starts.reserveCapacity(5200)
        for start in PackedText.lineStarts(ElementTable.elements) {
            let line = ElementLine(text: ElementTable.elements, start: start)
            tags.append(line.tag.rawValue)
            vrs.append(line.vrLetters)
            starts.append(UInt32(start))
        }
        self.tags = tags
        self.vrs = vrs
        self.starts = starts
    }

    /// The lines in the order of their tags.
    var lines: some Sequence<ElementLine> {
        starts.lazy.map { ElementLine(text: ElementTable.elements, start: Int($0)) }
    }

    /// Where a tag is in the sorted arrays: a binary search without a branch that could be mispredicted.
    func position(of tag: UInt32) -> Int? {
        var low = 0
        var count = tags.count
        while count > 1 {
            let half = count / 2
            low = tags[low + half] <= tag ? low + half : low
            count -= half
        }
        return tags[low] == tag ? low : nil
    }

    func vr(at position: Int) -> VR? {
        let letters = vrs[position]
        return letters == ElementLine.noVR ? nil : VR(rawValue: letters)
    }

    func line(at position: Int) -> ElementLine {
        ElementLine(text: ElementTable.elements, start: Int(starts[position]))
    }
}

/// One line of `ElementTable`: `00100010 PN PatientName|Patient's Name`.
struct ElementLine {
    /// The letters `--` of an element without VR.
    static let noVR: UInt16 = 0x2D2D

    let text: StaticString
    let start: Int

    /// The line of a tag, be it in the plain table or among the repeating groups.
    static func of(_ tag: Tag) -> ElementLine? {
        if let position = ElementIndex.shared.position(of: tag.rawValue) {
            return ElementIndex.shared.line(at: position)
        }
        return tag.isPrivate ? nil : RepeatingElement.matching(tag)?.line
    }

    var tag: Tag { Tag(rawValue: digits.value) }

    /// The eight digits of the tag: their value and, for those that are not `x`, a mask of ones.
    var digits: (value: UInt32, mask: UInt32) {
        text.withUTF8Buffer { bytes in
            bytes[start..<start + 8].reduce((value: 0, mask: 0)) { digits, byte in
                let digit: UInt32? =
                    switch byte {
                    case 0x30...0x39: UInt32(byte) - 0x30
                    case 0x41...0x46: UInt32(byte) - 0x37
                    default: nil
                    }
                return (digits.value << 4 | (digit ?? 0), digits.mask << 4 | (digit == nil ? 0 : 0xF))
            }
        }
    }

    var vrLetters: UInt16 {
        text.withUTF8Buffer { UInt16($0[start + 9]) << 8 | UInt16($0[start + 10]) }
    }

    var keyword: String? { PackedText.string(text, from: start + 12, until: UInt8(ascii: "|")) }

    var name: String? {
        let keywordLength = text.withUTF8Buffer { PackedText.length($0, from: start + 12, until: UInt8(ascii: "|")) }
        return PackedText.string(text, from: start + 13 + keywordLength, until: UInt8(ascii: "\n"))
    }

    func hasKeyword(_ keyword: String) -> Bool {
        text.withUTF8Buffer { bytes in
            var position = start + 12
            for byte in keyword.utf8 {
                guard bytes[position] == byte, byte != UInt8(ascii: "|") else { return false }
                position += 1
            }
            return bytes[position] == UInt8(ascii: "|")
        }
    }
}

/// A line of `ElementTable.repeating`: an element that stands in many groups (50xx, 60xx) or under many numbers.
struct RepeatingElement: Sendable {
    static let all: [RepeatingElement] = PackedText.lineStarts(ElementTable.repeating).map { start in
        let digits = ElementLine(text: ElementTable.repeating, start: start).digits
        return RepeatingElement(value: digits.value, mask: digits.mask, start: start)
    }

    let value: UInt32
    let mask: UInt32
    private let start: Int

    var line: ElementLine { ElementLine(text: ElementTable.repeating, start: start) }
    var vr: VR? { VR(rawValue: line.vrLetters) }

    static func matching(_ tag: Tag) -> RepeatingElement? {
        all.first { tag.rawValue & $0.mask == $0.value }
    }
}
