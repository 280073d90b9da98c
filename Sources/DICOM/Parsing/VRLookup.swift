/// The VR of an element that does not carry one, as far as it is known.
enum VRLookup {
    static func vr(of tag: Tag) -> VR? {
        if !tag.isPrivate {
            if let vr = VRTable.shared.vr(of: tag) { return vr }
            if VRTable.shared.mayRepeat(tag) { return Dictionary.vr(of: tag) }
        }
        if tag.isGroupLength { return .UL }
        return tag.isPrivate && (0x10...0xFF).contains(tag.element) ? .LO : nil
    }
}
