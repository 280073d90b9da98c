import DICOM

extension ConfigurationValue where Value == AETitle {
    static let aeTitle = ConfigurationValue(
        expects: "an AE title: 1 to 16 ASCII characters without backslash (PS3.5 §6.2)"
    ) { node in
        guard case .string(let text) = node.value, AETitle(text).isValid else { return nil }
        return AETitle(text)
    } written: {
        TOMLText.string($0.text)
    }
}

extension ConfigurationValue where Value == SOPClassUID {
    static let sopClassUID = ConfigurationValue(expects: "a SOP Class UID (PS3.6 Table A-1)") { node in
        guard case .string(let text) = node.value, SOPClassUID(text).isValid else { return nil }
        return SOPClassUID(text)
    } written: {
        TOMLText.string($0.text)
    }
}

extension ConfigurationValue where Value == Tag {
    static let tag = ConfigurationValue(expects: "a tag like \"(0040,A493)\"") { node in
        guard case .string(let text) = node.value else { return nil }
        return Tag(text)
    } written: {
        TOMLText.string($0.description)
    }
}

extension Tag {
    /// `(gggg,eeee)`, hexadecimal.
    fileprivate init?(_ text: String) {
        let bytes = Array(text.utf8)
        let isShaped = bytes.count == 11 && bytes[0] == 0x28 && bytes[5] == 0x2C && bytes[10] == 0x29
        guard isShaped, let group = Self.number(bytes[1..<5]), let element = Self.number(bytes[6..<10]) else {
            return nil
        }
        self.init(group, element)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt16? {
        let text = String(decoding: digits, as: UTF8.self)
        return text.allSatisfy(\.isHexDigit) ? UInt16(text, radix: 16) : nil
    }
}
