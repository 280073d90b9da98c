/// An application entity title (PS3.5 §6.2, VR AE; PS3.8 §9.3.2): at most 16 characters, spaces around it are padding.
///
/// The sender's spelling is kept; equality ignores padding (spaces and NULs at either end), not case.
public struct AETitle: Sendable, CustomStringConvertible {
    /// As the peer wrote it, padding included.
    public let spelling: String
    /// Without padding.
    public let text: String

    public init(_ spelling: String) {
        self.spelling = spelling
        let scalars = Array(spelling.unicodeScalars)
        let isPadding = { (scalar: Unicode.Scalar) in scalar.value == 0x20 || scalar.value == 0 }
        let start = scalars.firstIndex { !isPadding($0) } ?? scalars.endIndex
        let end = scalars.lastIndex { !isPadding($0) }.map { $0 + 1 } ?? start
        text = String(String.UnicodeScalarView(scalars[start..<end]))
    }

    /// Takes the bytes of an AE value, read as Latin-1.
    public init(bytes: some Sequence<UInt8>) {
        self.init(String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })))
    }

    /// 1 to 16 printable ASCII characters, no backslash.
    public var isValid: Bool {
        (1...16).contains(text.unicodeScalars.count)
            && text.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) && $0 != "\\" }
    }

    public var description: String { text }
}

extension AETitle: Hashable {
    public static func == (a: AETitle, b: AETitle) -> Bool { a.text == b.text }
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
