/// The VRs of the standard elements by tag, for implicit VR, where each element asks: one probe, seldom two.
///
/// `Dictionary` has the truth; this is an open hash table of its plain part.
struct VRTable: Sendable {
    static let shared = VRTable()

    private static let bits = 14
    private var tags = [UInt32](repeating: .max, count: 1 << VRTable.bits)
    private var vrs = [UInt16](repeating: 0, count: 1 << VRTable.bits)

    /// The high bits of the groups in which elements repeat (50xx, 60xx…), each with its mask.
    private let repeatingGroups: [(mask: UInt32, value: UInt32)]

    private init() {
        var groups: [(mask: UInt32, value: UInt32)] = []
        for element in RepeatingElement.all {
            let group = (mask: element.mask & 0xFFFF_0000, value: element.value & 0xFFFF_0000)
            if !groups.contains(where: { $0 == group }) { groups.append(group) }
        }
        repeatingGroups = groups
        for tag in Dictionary.plainTags {
            guard let vr = Dictionary.vr(of: tag) else { continue }
            var slot = VRTable.slot(tag.rawValue)
            while tags[slot] != .max { slot = (slot + 1) & (tags.count - 1) }
            tags[slot] = tag.rawValue
            vrs[slot] = vr.rawValue
        }
    }

    func vr(of tag: Tag) -> VR? {
        var slot = VRTable.slot(tag.rawValue)
        while true {
            let found = tags[slot]
            if found == .max { return nil }
            if found == tag.rawValue { return VR(rawValue: vrs[slot]) }
            slot = (slot + 1) & (tags.count - 1)
        }
    }

    /// Whether the tag is in a group that has repeating elements, which `Dictionary` alone knows.
    func mayRepeat(_ tag: Tag) -> Bool { repeatingGroups.contains { tag.rawValue & $0.mask == $0.value } }

    private static func slot(_ tag: UInt32) -> Int { Int((tag &* 0x9E37_79B1) >> UInt32(32 - bits)) }
}

extension Dictionary {
    /// The tags that stand in PS3.6 as they are, without the repeating groups.
    static var plainTags: [Tag] { ElementIndex.shared.lines.map(\.tag) }
}
