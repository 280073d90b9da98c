/// Decodes one value field: splits it where its VR has delimiters, and keeps count of what could not be read.
struct TextDecoder {
    private static let escape: UInt8 = 0x1B

    private let scheme: SpecificCharacterSet.Scheme
    private let separatesValues: Bool
    private let isPersonName: Bool

    private var values: [DecodedText] = []
    private var scalars = String.UnicodeScalarView()
    private var losses = 0
    private var doubts: TextDoubts = []

    init(scheme: SpecificCharacterSet.Scheme, vr: VR) {
        self.scheme = scheme
        separatesValues = vr.separatesValues
        isPersonName = vr == .PN
    }

    /// The values of a value field; at least one, be it empty.
    mutating func decode(_ bytes: [UInt8]) -> [DecodedText] {
        guard !isPlain(bytes) else { return plainValues(bytes) }
        switch scheme {
        case .undeclared: decodeUndeclared(bytes)
        case .utf8: decodeUTF8(bytes)
        case .gb18030: decodeGB18030(bytes)
        case .iso2022(let repertoire): decodeISO2022(bytes, repertoire)
        }
        finishValue()
        return values
    }

    /// Reads the same in all sets: ASCII without escape sequences and without the two characters that JIS X 0201 has
    /// otherwise (a backslash as delimiter is the same everywhere).
    static func isPlain(_ bytes: [UInt8], _ vr: VR) -> Bool { TextDecoder(scheme: .undeclared, vr: vr).isPlain(bytes) }

    private func isPlain(_ bytes: [UInt8]) -> Bool {
        bytes.allSatisfy { $0 < 0x7E && $0 != Self.escape && ($0 != UInt8(ascii: "\\") || separatesValues) }
    }

    private func plainValues(_ bytes: [UInt8]) -> [DecodedText] {
        let isSeparator = { (byte: UInt8) in separatesValues && byte == UInt8(ascii: "\\") }
        return bytes.split(omittingEmptySubsequences: false, whereSeparator: isSeparator).map {
            DecodedText(text: String(decoding: $0, as: UTF8.self))
        }
    }

    private mutating func finishValue() {
        values.append(DecodedText(text: String(scalars), losses: losses, doubts: doubts))
        scalars = String.UnicodeScalarView()
        losses = 0
        doubts = []
    }

    private mutating func append(_ scalar: Unicode.Scalar?) {
        scalars.append(scalar ?? "\u{FFFD}")
        if scalar == nil { losses += 1 }
    }

    /// Takes a byte that stands for itself in all sets: ends the value at a backslash.
    private mutating func appendASCII(_ byte: UInt8) {
        if separatesValues, byte == UInt8(ascii: "\\") {
            finishValue()
        } else {
            append(Unicode.Scalar(byte))
        }
    }

    /// A byte before which the sets of the start of the value come back (PS3.5 §6.1.2.5.3).
    private func isReset(_ byte: UInt8) -> Bool {
        switch byte {
        case Self.escape, 0x20...: isDelimiter(byte)
        default: true
        }
    }

    private func isDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\\"): separatesValues
        case UInt8(ascii: "^"), UInt8(ascii: "="): isPersonName
        default: false
        }
    }
}

// MARK: Without a declared set, and the sets that allow no escape sequences

extension TextDecoder {
    private mutating func decodeUndeclared(_ bytes: [UInt8]) {
        if bytes.contains(Self.escape) {
            decodeISO2022(
                bytes, SpecificCharacterSet.Repertoire(g0: .ascii, g1: nil, supposedG1: .latin1, declared: [.ascii]))
        } else if bytes.allSatisfy({ $0 < 0x80 }) {
            for byte in bytes { appendASCII(byte) }
        } else if String(validating: bytes, as: UTF8.self) != nil {
            decodeUTF8(bytes, doubt: .undeclaredUTF8)
        } else {
            decodeISO2022(
                bytes, SpecificCharacterSet.Repertoire(g0: .ascii, g1: .latin1, supposedG1: nil, declared: []),
                doubt: .undeclaredLatin1)
        }
    }

    /// `doubt` is noted with each value that has more than ASCII.
    private mutating func decodeUTF8(_ bytes: [UInt8], doubt: TextDoubts = []) {
        var codec = UTF8()
        var input = bytes.makeIterator()
        while true {
            switch codec.decode(&input) {
            case .scalarValue(let scalar) where scalar.isASCII: appendASCII(UInt8(truncatingIfNeeded: scalar.value))
            case .scalarValue(let scalar):
                append(scalar)
                doubts.formUnion(doubt)
            case .error: append(nil)
            case .emptyInput: return
            }
        }
    }

    private mutating func decodeGB18030(_ bytes: [UInt8]) {
        let doubt: TextDoubts = looksLikeUTF8(bytes, leastLead: 0xE0) ? .looksLikeUTF8 : []
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            if byte < 0x80 {
                appendASCII(byte)
                position += 1
                continue
            }
            doubts.formUnion(doubt)
            let rest = bytes[position...].prefix(4)
            if let scalar = fourByteScalar(rest) {
                append(scalar)
                position += 4
            } else if rest.count >= 2, let scalar = GB18030.scalar(byte, rest[position + 1]) {
                append(scalar)
                position += 2
            } else {
                append(nil)
                position += 1
            }
        }
    }

    private func fourByteScalar(_ bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
        guard bytes.count == 4 else { return nil }
        let start = bytes.startIndex
        return GB18030.scalar(bytes[start], bytes[start + 1], bytes[start + 2], bytes[start + 3])
    }

    /// Valid as UTF-8, with at least one character that begins with this byte or a greater one.
    private func looksLikeUTF8(_ bytes: [UInt8], leastLead: UInt8) -> Bool {
        bytes.contains { $0 >= leastLead } && String(validating: bytes, as: UTF8.self) != nil
    }
}

// MARK: ISO 2022

extension TextDecoder {
    /// What the two halves of the code table hold at a moment.
    private struct Halves {
        var g0: GraphicSet
        var g1: GraphicSet?
    }

    /// `doubt` is noted with each value that has a byte above 7F.
    private mutating func decodeISO2022(
        _ bytes: [UInt8], _ repertoire: SpecificCharacterSet.Repertoire, doubt: TextDoubts = []
    ) {
        let initial = Halves(g0: repertoire.g0, g1: repertoire.g1)
        let isTwoByte = (initial.g1 ?? repertoire.supposedG1)?.isTwoByte ?? false
        let mayBeUTF8 = doubt.isEmpty && !bytes.contains(Self.escape)
        let doubt = mayBeUTF8 && looksLikeUTF8(bytes, leastLead: isTwoByte ? 0xE0 : 0x80) ? .looksLikeUTF8 : doubt
        var halves = initial
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            let next = position + 1 < bytes.count ? bytes[position + 1] : nil
            if byte == Self.escape {
                position += designate(bytes[position...], &halves, declared: repertoire.declared)
            } else if byte >= 0x80 {
                doubts.formUnion(doubt)
                if halves.g1 == nil, repertoire.supposedG1 != nil { doubts.formUnion(.missingEscape) }
                position += appendRight(byte, next, in: halves.g1 ?? repertoire.supposedG1)
            } else if halves.g0.isTwoByte, byte > 0x20, byte < 0x7F, !endsTwoByteText(byte, next) {
                position += appendLeft(byte, next, in: halves.g0)
            } else {
                if isReset(byte) { halves = initial }
                appendSingle(byte, in: halves.g0)
                position += 1
            }
        }
    }

    /// A delimiter amid two-byte characters can be nothing else when no second byte follows: the sender forgot to
    /// switch back before it.
    private func endsTwoByteText(_ byte: UInt8, _ next: UInt8?) -> Bool {
        isDelimiter(byte) && !(next.map { (0x21...0x7E).contains($0) } ?? false)
    }

    private mutating func appendSingle(_ byte: UInt8, in set: GraphicSet) {
        if byte <= 0x20 || byte == 0x7F || isDelimiter(byte) || set.isTwoByte {
            appendASCII(byte)
        } else {
            append(set.scalar(byte))
        }
    }

    /// Appends a two-byte character of G0; returns how many bytes it took.
    private mutating func appendLeft(_ byte: UInt8, _ next: UInt8?, in set: GraphicSet) -> Int {
        guard let next, (0x21...0x7E).contains(next) else {
            append(nil)
            return 1
        }
        append(set.scalar(byte, next))
        return 2
    }

    /// Appends a character of G1; returns how many bytes it took.
    private mutating func appendRight(_ byte: UInt8, _ next: UInt8?, in set: GraphicSet?) -> Int {
        guard let set, set.isTwoByte else {
            append(set?.scalar(byte))
            return 1
        }
        guard (0xA1...0xFE).contains(byte), let next, (0xA1...0xFE).contains(next) else {
            append(nil)
            return 1
        }
        append(set.scalar(byte, next))
        return 2
    }

    /// Obeys the escape sequence at the start of `bytes`; returns its length, 1 when it is none that is known.
    private mutating func designate(
        _ bytes: ArraySlice<UInt8>, _ halves: inout Halves, declared: Set<GraphicSet>
    ) -> Int {
        guard let designation = Designation(bytes.dropFirst()) else {
            append(nil)
            return 1
        }
        switch designation.half {
        case .g0: halves.g0 = designation.set
        case .g1: halves.g1 = designation.set
        }
        if !declared.contains(designation.set) { doubts.formUnion(.undeclaredEscape) }
        return 1 + designation.length
    }
}
