extension DataSet {
    /// The value field of an element that has one, padding included.
    public func bytes(_ tag: Tag) -> [UInt8]? {
        guard case .bytes(let bytes)? = self[tag]?.value else { return nil }
        return bytes
    }

    /// The items of a sequence; none when it is absent or empty.
    public func items(_ tag: Tag) -> [DataSet] {
        guard case .items(let items)? = self[tag]?.value else { return [] }
        return items
    }

    /// The values of a character string, without padding, in the character set in force.
    ///
    /// Empty when the element is absent or empty; an empty value among others is an empty string.
    public func strings(_ tag: Tag) -> [String] {
        guard let element = self[tag], case .bytes(let bytes) = element.value else { return [] }
        return text(bytes, element.vr)
    }

    /// The values of one of its elements, found already.
    public func strings(of element: Element) -> [String] {
        guard case .bytes(let bytes) = element.value else { return [] }
        return text(bytes, element.vr)
    }

    /// As `strings`, with what was lost or doubtful in decoding.
    public func texts(_ tag: Tag) -> [DecodedText] {
        guard let element = self[tag], case .bytes(let bytes) = element.value else { return [] }
        return texts(bytes, element.vr)
    }

    /// The first value, or nil when there is none or it is empty.
    public func string(_ tag: Tag) -> String? {
        guard let first = strings(tag).first, !first.isEmpty else { return nil }
        return first
    }

    /// The first value of a UI element, as it was sent but for the padding.
    public func uid<UID: UIDValue>(_ tag: Tag, as type: UID.Type = UID.self) -> UID? {
        guard let bytes = bytes(tag)?.split(separator: 0x5C, omittingEmptySubsequences: false).first else { return nil }
        let uid = UID(padded: bytes)
        return uid.text.isEmpty ? nil : uid
    }

    /// The first value of an IS, US, SS, UL, SL, AT, UV or SV element.
    public func int(_ tag: Tag) -> Int? { ints(tag).first }

    public func ints(_ tag: Tag) -> [Int] {
        guard let element = self[tag], case .bytes(let bytes) = element.value else { return [] }
        guard element.vr.isString else { return Numbers.integers(bytes, element.vr, isBigEndian: isBigEndian) }
        return text(bytes, element.vr).compactMap { Int($0.hasPrefix("+") ? String($0.dropFirst()) : $0) }
    }

    /// Specific Character Set as it holds here: the data set's own, else that of the one around it.
    public var characterSetInForce: [UInt8]? {
        if case .bytes(let own)? = self[Tag(0x0008, 0x0005)]?.value, !own.isEmpty { return own }
        return outerCharacterSet
    }

    /// The character set of the texts in this data set.
    public var characterSet: SpecificCharacterSet {
        characterSetInForce.map { SpecificCharacterSet(bytes: $0) } ?? .undeclared
    }

    /// Decodes a value field: its values, without their padding.
    func text(_ bytes: [UInt8], _ vr: VR) -> [String] { texts(bytes, vr).map(\.text) }

    private func texts(_ bytes: [UInt8], _ vr: VR) -> [DecodedText] {
        guard bytes.contains(where: { $0 != 0 && $0 != 0x20 }) else { return [] }
        // Most values are ASCII, which is read the same in all sets.
        let isPlain = TextDecoder.isPlain(bytes, vr)
        let set = isPlain ? .undeclared : SpecificCharacterSet(bytes: characterSetInForce ?? [])
        return set.values(bytes, vr: vr)
    }
}

/// Numbers of the binary VRs (PS3.5 §6.2).
enum Numbers {
    static func integers(_ bytes: [UInt8], _ vr: VR, isBigEndian: Bool) -> [Int] {
        if vr == .AT { return tags(bytes, isBigEndian: isBigEndian).map { Int($0.rawValue) } }
        guard let size = vr.unitSize, vr != .FL, vr != .FD, vr != .OF, vr != .OD else { return [] }
        let isSigned = vr == .SS || vr == .SL || vr == .SV
        return units(bytes, size, isBigEndian: isBigEndian).compactMap { raw in
            let shift = UInt64(64 - 8 * size)
            return isSigned ? Int(Int64(bitPattern: raw << shift) >> Int64(shift)) : Int(exactly: raw)
        }
    }

    static func floats(_ bytes: [UInt8], _ vr: VR, isBigEndian: Bool) -> [Double] {
        switch vr {
        case .FL, .OF:
            units(bytes, 4, isBigEndian: isBigEndian).map {
                Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0)))
            }
        case .FD, .OD: units(bytes, 8, isBigEndian: isBigEndian).map { Double(bitPattern: $0) }
        default: []
        }
    }

    static func tags(_ bytes: [UInt8], isBigEndian: Bool) -> [Tag] {
        let words = units(bytes, 2, isBigEndian: isBigEndian).map { UInt16(truncatingIfNeeded: $0) }
        return stride(from: 0, to: words.count & ~1, by: 2).map { Tag(words[$0], words[$0 + 1]) }
    }

    /// Whole units only; what is left over at the end is dropped.
    private static func units(_ bytes: [UInt8], _ size: Int, isBigEndian: Bool) -> [UInt64] {
        stride(from: 0, to: bytes.count - bytes.count % size, by: size).map { start in
            var unit: UInt64 = 0
            for index in 0..<size {
                unit |= UInt64(bytes[start + index]) << UInt64(8 * (isBigEndian ? size - 1 - index : index))
            }
            return unit
        }
    }
}
