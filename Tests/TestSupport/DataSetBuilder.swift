public import DICOM

/// Writes data sets for tests, right or wrong: in any encoding, with any lengths, in any order.
public struct DataSetBuilder {
    public var encoding: Encoding
    public private(set) var bytes: [UInt8] = []

    public init(_ encoding: Encoding = .explicitVRLittleEndian) { self.encoding = encoding }

    /// Text is padded with a space (UI: NUL) to even length.
    public mutating func element(_ tag: Tag, _ vr: VR, _ text: String) {
        var value = Array(text.utf8)
        if value.count & 1 == 1 { value.append(vr == .UI ? 0 : 0x20) }
        element(tag, vr, bytes: value)
    }

    /// The value as it is; `length` is announced instead of its own.
    public mutating func element(_ tag: Tag, _ vr: VR, bytes value: [UInt8], length: UInt32? = nil) {
        header(tag, vr, length ?? UInt32(value.count))
        bytes += value
    }

    public mutating func header(_ tag: Tag, _ vr: VR, _ length: UInt32) {
        append(tag)
        if encoding.isExplicit {
            bytes += [UInt8(truncatingIfNeeded: vr.rawValue >> 8), UInt8(truncatingIfNeeded: vr.rawValue)]
            guard vr.hasLongLength else { return append(UInt16(truncatingIfNeeded: length)) }
            bytes += [0, 0]
        }
        append(length)
    }

    /// A sequence whose content `body` writes, its items with `item`.
    public mutating func sequence(
        _ tag: Tag, vr: VR = .SQ, defined: Bool = false, _ body: (inout DataSetBuilder) -> Void
    ) {
        var inner = DataSetBuilder(encoding)
        body(&inner)
        header(tag, vr, defined ? UInt32(inner.bytes.count) : .max)
        bytes += inner.bytes
        if !defined { mark(0xE0DD) }
    }

    public mutating func item(defined: Bool = false, _ body: (inout DataSetBuilder) -> Void) {
        var inner = DataSetBuilder(encoding)
        body(&inner)
        mark(0xE000, defined ? UInt32(inner.bytes.count) : .max)
        bytes += inner.bytes
        if !defined { mark(0xE00D) }
    }

    /// FFFE,E000 item, FFFE,E00D end of an item, FFFE,E0DD end of a sequence.
    public mutating func mark(_ element: UInt16, _ length: UInt32 = 0) {
        append(Tag(0xFFFE, element))
        append(length)
    }

    public mutating func raw(_ more: [UInt8]) { bytes += more }

    private mutating func append(_ tag: Tag) {
        append(tag.group)
        append(tag.element)
    }

    private mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: encoding.isBigEndian ? value.bigEndian : value.littleEndian) { bytes += $0 }
    }

    /// A small CT header, with a nested sequence and no pixel data.
    public static func ct(_ encoding: Encoding = .explicitVRLittleEndian, instance: String = "1.2.3.4.5") -> [UInt8] {
        var set = DataSetBuilder(encoding)
        set.element(Tag(0x0008, 0x0005), .CS, "ISO_IR 100")
        set.element(Tag(0x0008, 0x0016), .UI, "1.2.840.10008.5.1.4.1.1.2")
        set.element(Tag(0x0008, 0x0018), .UI, instance)
        set.element(Tag(0x0008, 0x0050), .SH, "A4711")
        set.sequence(Tag(0x0008, 0x1140)) { sequence in
            sequence.item { item in
                item.element(Tag(0x0008, 0x1150), .UI, "1.2.840.10008.5.1.4.1.1.2")
                item.element(Tag(0x0008, 0x1155), .UI, "1.2.3.4.5.6")
            }
        }
        set.element(Tag(0x0010, 0x0010), .PN, "DUPONT^JEANNE")
        set.element(Tag(0x0010, 0x0020), .LO, "PID-1")
        set.element(Tag(0x0020, 0x000D), .UI, "1.2.3.4")
        set.element(Tag(0x0020, 0x000E), .UI, "1.2.3.4.1")
        return set.bytes
    }
}
