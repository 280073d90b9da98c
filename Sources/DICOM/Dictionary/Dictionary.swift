/// The data dictionary (PS3.6 §6 to §8, PS3.7 annex E): VR, keyword and name of every standard data element.
///
/// The whole dictionary is one packed text. The first question indexes it (tags and VRs as sorted arrays), every later
/// one is a binary search.
public enum Dictionary {
    /// The VR of a data element in an implicit VR data set; nil when the standard has no such element.
    ///
    /// Group lengths are UL. In odd groups (PS3.5 §7.8) the private creators (gggg,0010-00FF) are LO and all else is
    /// UN. Of several VRs ("US or SS", "OB or OW") the answer is the usual one (US, OW).
    public static func vr(of tag: Tag) -> VR? {
        if let position = ElementIndex.shared.position(of: tag.rawValue) {
            return ElementIndex.shared.vr(at: position)
        }
        if tag.isGroupLength { return .UL }
        if tag.isPrivate { return (0x0010...0x00FF).contains(tag.element) ? .LO : .UN }
        return RepeatingElement.matching(tag)?.vr
    }

    /// The keyword, for instance `PatientName`; nil for private and unknown elements.
    public static func keyword(of tag: Tag) -> String? {
        if let line = ElementLine.of(tag) { return line.keyword }
        return tag.isGroupLength ? "GroupLength" : nil
    }

    /// The name, for instance `Patient's Name`; nil for private and unknown elements.
    public static func name(of tag: Tag) -> String? {
        if let line = ElementLine.of(tag) { return line.name }
        return tag.isGroupLength ? "Group Length" : nil
    }

    /// The tag that has this keyword; of a repeating group the first (50xx is 5000).
    ///
    /// Reads the text from its start: for configuration and tests, not for each data element.
    public static func tag(keyword: String) -> Tag? {
        guard !keyword.isEmpty else { return nil }
        if let line = ElementIndex.shared.lines.first(where: { $0.hasKeyword(keyword) }) { return line.tag }
        return RepeatingElement.all.first { $0.line.hasKeyword(keyword) }.map { Tag(rawValue: $0.value) }
    }
}
