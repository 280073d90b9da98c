import DICOM

/// Makes values that a manifest may state out of values that headers stated, and keeps what could not be done.
struct ValueCheck {
    let characterSet: ManifestProfile.CharacterSet
    private(set) var holds: [Hold] = []
    private(set) var notes: [ManifestNote] = []

    private let releasedHolds: Set<String>

    init(characterSet: ManifestProfile.CharacterSet, releasedHolds: Set<String> = []) {
        self.characterSet = characterSet
        self.releasedHolds = releasedHolds
    }

    /// What happens to a value that cannot be stated as it is.
    enum Need {
        /// Identifies somebody or something that the profile demands: the study is held.
        case demanded
        /// An identifier: left out, never altered.
        case exact
        /// Text for readers: shortened or left out.
        case text
    }

    /// Nobody reads more, and a study of illegal values has as many as it has instances.
    private static let most = 50

    mutating func hold(_ hold: Hold) {
        if hold.isReleasable, releasedHolds.contains(hold.code) { return }
        if holds.count < Self.most, !holds.contains(hold) { holds.append(hold) }
    }

    mutating func note(_ note: ManifestNote) {
        if notes.count < Self.most, !notes.contains(note) { notes.append(note) }
    }

    /// A value of a text VR as it is written: no control characters, within the VR's length, in the character set.
    mutating func text(_ tag: Tag, _ vr: VR, _ value: String, _ need: Need) -> String {
        let trimmed = Self.trimmed(value)
        guard !trimmed.isEmpty else { return "" }
        let printable = String(String.UnicodeScalarView(trimmed.unicodeScalars.filter(Self.isPrintable)))
        if printable != trimmed {
            guard need == .text else { return refuse(tag, value, need) }
            note(.transliterated(tag: tag, text: value, written: printable))
        }
        let shaped = vr == .PN ? Self.personName(printable) : printable
        guard let encodable = encodable(tag, vr, shaped, need) else { return "" }
        guard let limit = Self.limit(of: vr) else { return encodable }
        let groups = vr == .PN ? encodable.split(separator: "=", omittingEmptySubsequences: false) : [encodable[...]]
        if groups.allSatisfy({ $0.unicodeScalars.count <= limit }) { return encodable }
        guard need == .text else { return refuse(tag, value, need) }
        note(.shortened(tag: tag, text: value))
        return groups.map { Self.trimmed(String(String.UnicodeScalarView($0.unicodeScalars.prefix(limit)))) }
            .joined(separator: "=")
    }

    /// YYYYMMDD, or empty where the value is no date.
    mutating func date(_ tag: Tag, _ value: String) -> String {
        let trimmed = Self.trimmed(value)
        if trimmed.isEmpty { return "" }
        if let date = DateValue(trimmed) { return date.text }
        note(.leftOut(tag: tag, text: value))
        return ""
    }

    /// HHMMSS, or empty where the value is no time.
    mutating func time(_ tag: Tag, _ value: String) -> String {
        let trimmed = Self.trimmed(value)
        if trimmed.isEmpty { return "" }
        if let time = TimeValue(trimmed) { return time.text }
        note(.leftOut(tag: tag, text: value))
        return ""
    }

    mutating func authority(_ tag: Tag, _ authority: AssigningAuthority?) -> AssigningAuthority? {
        guard var result = authority?.normalized, !result.isEmpty else { return nil }
        result.localNamespaceEntityID = text(tag, .UT, result.localNamespaceEntityID, .text)
        result.universalEntityID = text(tag, .UT, result.universalEntityID, .exact)
        return result.isEmpty ? nil : result
    }

    mutating func code(_ tag: Tag, _ code: Code) -> Code? {
        let checked = Code(
            text(tag, .SH, code.value, .exact), text(tag, .SH, code.scheme, .exact), text(tag, .LO, code.meaning, .text)
        )
        return checked.value.isEmpty || checked.scheme.isEmpty || checked.meaning.isEmpty ? nil : checked
    }

    private mutating func refuse(_ tag: Tag, _ value: String, _ need: Need) -> String {
        if need == .demanded {
            hold(.invalidValue(tag: tag, text: value))
        } else {
            note(.leftOut(tag: tag, text: value))
        }
        return ""
    }

    /// The text in characters that the character set has; nil when there are none for it (T7).
    private mutating func encodable(_ tag: Tag, _ vr: VR, _ text: String, _ need: Need) -> String? {
        guard characterSet == .latin1, text.utf8.contains(where: { $0 >= 0x80 }) else { return text }
        // The ideographic and phonetic groups of a name repeat the first one (PS3.5 §6.2.1.1).
        let whole = vr == .PN ? Self.firstGroup(text) : text
        switch Latin1Text.written(whole) {
        case .written(let written):
            if need == .exact, written != whole { return refusal(tag, text, need) }
            if written != text { note(.transliterated(tag: tag, text: text, written: written)) }
            return written
        case .impossible(let characters):
            if need == .demanded {
                hold(.notEncodable(tag: tag, text: text, characters: characters))
                return nil
            }
            return refusal(tag, text, need)
        }
    }

    private mutating func refusal(_ tag: Tag, _ text: String, _ need: Need) -> String? {
        _ = refuse(tag, text, need)
        return nil
    }

    private static func firstGroup(_ text: String) -> String {
        guard let end = text.firstIndex(of: "="), end != text.startIndex else { return text }
        return String(text[..<end])
    }

    /// At most three component groups of at most five components (PS3.5 §6.2.1.1); what is beyond joins the last one.
    private static func personName(_ text: String) -> String {
        text.split(separator: "=", omittingEmptySubsequences: false).prefix(3)
            .map { group in
                var parts = group.split(separator: "^", omittingEmptySubsequences: false).map { trimmed(String($0)) }
                if parts.count > 5 { parts = parts[..<4] + [parts[4...].filter { !$0.isEmpty }.joined(separator: " ")] }
                while let last = parts.last, last.isEmpty { parts.removeLast() }
                return parts.joined(separator: "^")
            }
            .joined(separator: "=")
    }

    static func trimmed(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        guard let start = scalars.firstIndex(where: { $0.value > 0x20 }),
            let end = scalars.lastIndex(where: { $0.value > 0x20 })
        else { return "" }
        return String(String.UnicodeScalarView(scalars[start...end]))
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value) && scalar != "\\" && scalar.value != 0xFFFD
    }

    /// Characters that a value of the VR may have (PS3.5 §6.2).
    private static func limit(of vr: VR) -> Int? {
        switch vr {
        case .AE, .CS, .SH: 16
        case .LO, .PN, .UI: 64
        case .ST: 1024
        default: nil
        }
    }
}
