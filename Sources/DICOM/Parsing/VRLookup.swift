/// The VR of an element that does not carry one, as far as it is known.
enum VRLookup {
    static func vr(of tag: Tag) -> VR? {
        guard tag.isPrivate else { return VRTable.shared.vr(of: tag) ?? Dictionary.vr(of: tag) }
        if tag.isGroupLength { return .UL }
        return (0x10...0xFF).contains(tag.element) ? .LO : nil
    }
}
