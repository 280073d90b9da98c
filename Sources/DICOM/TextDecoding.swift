/// Text of a value in its character set.
enum TextDecoding {
    static func decode(_ bytes: ArraySlice<UInt8>, _ vr: VR, characterSet: [UInt8]?) -> String {
        if bytes.allSatisfy({ $0 < 0x80 }) || characterSet?.starts(with: Array("ISO_IR 192".utf8)) == true {
            return String(decoding: bytes, as: UTF8.self)
        }
        return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    /// Without the padding that has no meaning: spaces and NULs around it; only behind it in text of several lines.
    static func trimmed(_ text: Substring, _ vr: VR) -> String {
        var scalars = text.unicodeScalars[...]
        let isPadding = { (scalar: Unicode.Scalar) in scalar.value == 0x20 || scalar.value == 0 }
        while let last = scalars.last, isPadding(last) { scalars.removeLast() }
        if vr.isMultiValuedText || vr == .UN {
            while let first = scalars.first, isPadding(first) { scalars.removeFirst() }
        }
        return String(scalars)
    }
}
