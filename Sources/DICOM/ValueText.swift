/// A value as a person reads it: short, and harmless to a terminal.
enum ValueText {
    /// - Parameters:
    ///   - bytes: the start of the value, enough for `width` characters.
    ///   - length: bytes of the whole value.
    static func text(
        _ bytes: [UInt8], _ vr: VR, length: Int, isBigEndian: Bool, characterSet: SpecificCharacterSet, width: Int
    ) -> String {
        guard length > 0 else { return "" }
        let isWhole = bytes.count == length
        if vr.isString {
            let text = escaped(vr.trimmed(characterSet.decode(bytes, vr: vr).text))
            let name =
                vr == .UI && isWhole ? UIDRegistry.name(of: InstanceUID(padded: bytes)).map { " " + $0 } ?? "" : ""
            return "[" + shortened(text, isWhole: isWhole, width) + "]" + name
        }
        if vr == .AT {
            return list(Numbers.tags(bytes, isBigEndian: isBigEndian).map(\.description), isWhole: isWhole, width)
        }
        switch vr {
        case .US, .SS, .UL, .SL, .UV, .SV:
            let numbers = Numbers.integers(bytes, vr, isBigEndian: isBigEndian)
            return list(numbers.map { String($0) }, isWhole: isWhole, width)
        case .FL, .FD:
            let numbers = Numbers.floats(bytes, vr, isBigEndian: isBigEndian)
            return list(numbers.map { String($0) }, isWhole: isWhole, width)
        default:
            return list(bytes.prefix(width).map(hex), separator: " ", isWhole: isWhole, min(width, 48))
        }
    }

    /// The letters of a VR, or question marks where there are none.
    static func name(_ vr: VR) -> String { vr.isPrintable ? vr.description : "??" }

    static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// Control characters, and those that change the direction of text, in C's notation or as `\u{202E}`.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                    result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
                default: result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }

    private static func shortened(_ text: String, isWhole: Bool, _ width: Int) -> String {
        isWhole && text.count <= width ? text : text.prefix(width) + "…"
    }

    private static func list(
        _ values: [String], separator: String = "\\", isWhole: Bool, _ width: Int
    ) -> String {
        shortened(values.joined(separator: separator), isWhole: isWhole, width)
    }

    private static func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}
