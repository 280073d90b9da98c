/// A unique identifier as it was sent (PS3.5 §9), for comparison without its padding.
///
/// Spelling is kept byte for byte (`bytes`); equality and hash ignore trailing spaces and NULs, since peers pad
/// UIDs either way. Nothing is rejected here: `isValid` tells whether PS3.5 §9.1 allows it.
public protocol UIDValue: Hashable, Comparable, Sendable, CustomStringConvertible {
    init(_ text: String)
    /// The identifier without padding.
    var text: String { get }
}

extension UIDValue {
    /// Takes the bytes of a UI value; trailing spaces and NULs are padding, other bytes are kept as Latin-1.
    public init(padded bytes: some Sequence<UInt8>) { self.init(UIDText.trimmed(bytes)) }

    public var description: String { text }
    public static func < (a: Self, b: Self) -> Bool { a.text < b.text }

    /// Digits and dots, no empty component, no leading zero, first arc 0 to 2, at most 64 characters (PS3.5 §9.1).
    public var isValid: Bool { UIDText.isValid(text) }
}

/// A Study Instance UID (0020,000D).
public struct StudyUID: UIDValue {
    public let text: String
    public init(_ text: String) { self.text = text }
}

/// A Series Instance UID (0020,000E).
public struct SeriesUID: UIDValue {
    public let text: String
    public init(_ text: String) { self.text = text }
}

/// A SOP Instance UID (0008,0018).
public struct InstanceUID: UIDValue {
    public let text: String
    public init(_ text: String) { self.text = text }
}

/// A SOP Class UID (0008,0016), or another abstract syntax.
public struct SOPClassUID: UIDValue {
    public let text: String
    public init(_ text: String) { self.text = text }
}

enum UIDText {
    static func trimmed(_ bytes: some Sequence<UInt8>) -> String {
        var kept = Array(bytes)
        while let last = kept.last, last == 0 || last == 0x20 { kept.removeLast() }
        if kept.allSatisfy({ $0 < 0x80 }) { return String(decoding: kept, as: UTF8.self) }
        return String(String.UnicodeScalarView(kept.map { Unicode.Scalar($0) }))
    }

    static func isValid(_ text: String) -> Bool {
        guard (1...64).contains(text.utf8.count) else { return false }
        var dots = 0
        var length = 0
        var first: UInt8 = 0
        for byte in text.utf8 {
            if byte == 0x2E {
                guard length > 0 else { return false }
                dots += 1
                length = 0
            } else {
                guard (0x30...0x39).contains(byte), length == 0 || first != 0x30 else { return false }
                if length == 0 { first = byte }
                length += 1
                if dots == 0 { guard length == 1, byte <= 0x32 else { return false } }
            }
        }
        return dots > 0 && length > 0
    }
}
