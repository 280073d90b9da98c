/// The VR of an element that does not carry one.
enum VRLookup {
    static func vr(of tag: Tag) -> VR? {
        if tag.isGroupLength { return .UL }
        if tag.isPrivate { return (0x10...0xFF).contains(tag.element) ? .LO : nil }
        switch tag.rawValue {
        case 0x0008_1140, 0x0008_1115, 0x0008_1199, 0x0040_0275, 0x0040_A375, 0x0040_A730, 0x0008_1111: return .SQ
        case 0x0008_0016, 0x0008_0018, 0x0020_000D, 0x0020_000E: return .UI
        default: return nil
        }
    }
}
