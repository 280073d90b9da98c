/// A data element tag: group and element number (PS3.5 §7.1).
public struct Tag: Hashable, Comparable, Sendable {
    /// Group in the upper 16 bits, element in the lower 16.
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public init(_ group: UInt16, _ element: UInt16) { rawValue = UInt32(group) << 16 | UInt32(element) }

    public var group: UInt16 { UInt16(truncatingIfNeeded: rawValue >> 16) }
    public var element: UInt16 { UInt16(truncatingIfNeeded: rawValue) }

    /// Odd groups belong to manufacturers (PS3.5 §7.8).
    public var isPrivate: Bool { group & 1 == 1 }
    public var isGroupLength: Bool { element == 0 }

    public static func < (a: Tag, b: Tag) -> Bool { a.rawValue < b.rawValue }
}

extension Tag: CustomStringConvertible {
    /// `(0008,0018)`, as the standard writes it.
    public var description: String { "(\(Tag.hex(group)),\(Tag.hex(element)))" }

    private static func hex(_ value: UInt16) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
