/// The Specific Character Set (0008,0005) in force (PS3.3 §C.12.1.1.2, PS3.5 §6.1) and how it turns bytes into text.
///
/// Defined terms are recognised as senders write them: any case, spaces, underscores and hyphens alike
/// (`ISO IR 192`, `iso_ir_100`), also with the number of a set that may only be extended (`ISO_IR 149`).
public struct SpecificCharacterSet: Hashable, Sendable {
    /// No character set declared: the default repertoire.
    public static let undeclared = SpecificCharacterSet([])
    public static let latin1 = SpecificCharacterSet(["ISO_IR 100"])
    public static let utf8 = SpecificCharacterSet(["ISO_IR 192"])

    enum Scheme: Hashable, Sendable {
        /// The default repertoire, or nothing that is known.
        case undeclared
        case utf8
        /// GB18030 and GBK.
        case gb18030
        /// ISO 2022, with or without code extensions.
        case iso2022(Repertoire)
    }

    /// What the terms allow, in ISO 2022's words.
    struct Repertoire: Hashable, Sendable {
        /// What G0 and G1 hold at the start of a value.
        var g0: GraphicSet
        var g1: GraphicSet?
        /// What G1 most likely holds where it should hold something and no escape sequence said what.
        var supposedG1: GraphicSet?
        /// All sets that escape sequences may call.
        var declared: Set<GraphicSet>
    }

    /// The values of (0008,0005) as sent, without padding.
    public let terms: [String]
    /// Those of them that are not known. If no other says anything, texts are read as if none were declared.
    public let unknownTerms: [String]
    let scheme: Scheme

    /// Takes the values of (0008,0005); none, or one empty value, declares nothing.
    public init(_ terms: [String]) {
        self.terms = terms.map(VR.CS.trimmed)
        let read = self.terms.map(Term.init)
        unknownTerms = zip(self.terms, read).filter { $0.1 == .unknown }.map(\.0)
        scheme = Self.scheme(read)
    }

    /// Takes the bytes of the value of (0008,0005).
    public init(bytes: some Sequence<UInt8>) {
        let text = UIDText.trimmed(bytes)
        self.init(text.isEmpty ? [] : text.split(separator: "\\", omittingEmptySubsequences: false).map(String.init))
    }

    private static func scheme(_ terms: [Term]) -> Scheme {
        if terms.contains(.utf8) { return .utf8 }
        if terms.contains(.gb18030) { return .gb18030 }
        let registrations = terms.compactMap(\.registration)
        let sets = registrations.compactMap { GraphicSet.sets(registration: $0) }
        guard sets.contains(where: { $0.g0 != .ascii || $0.g1 != nil }) else { return .undeclared }
        // Two-byte sets of G0 are always called by an escape sequence, even when they are named first.
        let first = terms.first?.registration.flatMap { GraphicSet.sets(registration: $0) }
        let declared = sets.flatMap { [$0.g0, $0.g1].compactMap { $0 } } + [.ascii]
        return .iso2022(
            Repertoire(
                g0: first.map { $0.g0.isTwoByte ? .ascii : $0.g0 } ?? .ascii, g1: first?.g1,
                supposedG1: sets.compactMap(\.g1).first,
                declared: Set(declared)))
    }

    /// One value of (0008,0005).
    private enum Term: Equatable {
        case empty
        case utf8
        case gb18030
        case iso(Int)
        case unknown

        init(_ spelling: String) {
            let letters = spelling.uppercased().unicodeScalars.filter { !" _-.\0".unicodeScalars.contains($0) }
            let text = String(String.UnicodeScalarView(letters))
            switch text {
            case "": self = .empty
            case "ISOIR192", "ISO2022IR192", "IR192", "UTF8": self = .utf8
            case "GB18030", "GBK", "GB2312": self = .gb18030
            default:
                let isISO = text.hasPrefix("ISOIR") || text.hasPrefix("ISO2022IR") || text.hasPrefix("IR")
                let number = Int(String(text.reversed().prefix { $0.isNumber }.reversed()))
                let known = number.flatMap { GraphicSet.sets(registration: $0) == nil ? nil : $0 }
                self = isISO ? known.map { .iso($0) } ?? .unknown : .unknown
            }
        }

        /// The number in the ISO register of character sets; nothing declared is the default repertoire, 6.
        var registration: Int? {
            switch self {
            case .empty: 6
            case .iso(let number): number
            case .utf8, .gb18030, .unknown: nil
            }
        }
    }
}

extension SpecificCharacterSet {
    /// The text of a whole value, nothing trimmed, backslashes between values kept.
    public func decode(_ bytes: some Sequence<UInt8>, vr: VR) -> DecodedText {
        var decoder = TextDecoder(scheme: scheme(for: vr), vr: vr)
        let values = decoder.decode(Array(bytes))
        return DecodedText(
            text: values.map(\.text).joined(separator: "\\"),
            losses: values.reduce(0) { $0 + $1.losses },
            doubts: values.reduce(into: []) { $0.formUnion($1.doubts) })
    }

    /// The values between the backslashes, their padding trimmed (PS3.5 §6.2); of LT, ST, UT and UR, which have one
    /// value only, that one. Empty bytes have no value.
    public func values(_ bytes: some Sequence<UInt8>, vr: VR) -> [DecodedText] {
        let bytes = Array(bytes)
        guard !bytes.isEmpty else { return [] }
        var decoder = TextDecoder(scheme: scheme(for: vr), vr: vr)
        return decoder.decode(bytes).map { value in
            var trimmed = value
            trimmed.text = vr.trimmed(value.text)
            return trimmed
        }
    }

    /// Only these VRs are written in the Specific Character Set (PS3.5 §6.1.2.3); others have the default repertoire.
    private func scheme(for vr: VR) -> Scheme {
        vr.isTextOfCharacterSet || vr == .UN ? scheme : .undeclared
    }
}

extension VR {
    /// A backslash separates values; taken to do so in UN too, whose values are most often short strings.
    var separatesValues: Bool { isMultiValuedText || self == .UN }

    /// Without padding: spaces and NULs at the end, in VRs of several values spaces at the start too.
    func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let isPadding = { (scalar: Unicode.Scalar) in scalar == " " || scalar == "\0" }
        guard let last = scalars.lastIndex(where: { !isPadding($0) }) else { return "" }
        let start = separatesValues ? scalars.firstIndex { !isPadding($0) } ?? scalars.startIndex : scalars.startIndex
        return start == scalars.startIndex && scalars.index(after: last) == scalars.endIndex
            ? text : String(scalars[start...last])
    }
}
