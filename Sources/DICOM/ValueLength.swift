/// The value length of a data element or item, in bytes (PS3.5 §7.1.1): defined, or undefined (FFFFFFFF).
public struct ValueLength: Hashable, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let undefined = ValueLength(rawValue: .max)
    public static let zero = ValueLength(rawValue: 0)

    public var isUndefined: Bool { rawValue == .max }

    /// Bytes, or nil when undefined.
    public var bytes: Int? { isUndefined ? nil : Int(rawValue) }
}

extension ValueLength: CustomStringConvertible {
    public var description: String { isUndefined ? "undefined" : String(rawValue) }
}
