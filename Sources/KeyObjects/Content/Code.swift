/// A coded concept (PS3.3 Table 8.8-1): value, scheme, meaning.
public struct Code: Sendable, Hashable {
    public var value: String
    public var scheme: String
    public var meaning: String

    public init(_ value: String, _ scheme: String, _ meaning: String) {
        self.value = value
        self.scheme = scheme
        self.meaning = meaning
    }

    /// Same concept: value and scheme; the meaning is for readers only (PS3.16 §7.2).
    public func isSame(as other: Code) -> Bool { value == other.value && scheme == other.scheme }
}

extension Code: CustomStringConvertible {
    /// `(113030, DCM, "Manifest")`, as the standard writes it.
    public var description: String { "(\(value), \(scheme), \"\(meaning)\")" }
}

extension Code {
    public static let manifest = Code("113030", "DCM", "Manifest")
    static let documentTitleModifier = Code("113011", "DCM", "Document Title Modifier")
    static let keyObjectDescription = Code("113012", "DCM", "Key Object Description")
    static let languageOfContent = Code("121049", "DCM", "Language of Content Item and Descendants")
    static let countryOfLanguage = Code("121046", "DCM", "Country of Language")
    static let observerType = Code("121005", "DCM", "Observer Type")
    static let person = Code("121006", "DCM", "Person")
    static let device = Code("121007", "DCM", "Device")
    static let personObserverName = Code("121008", "DCM", "Person Observer Name")
    static let deviceObserverUID = Code("121012", "DCM", "Device Observer UID")
    static let deviceObserverName = Code("121013", "DCM", "Device Observer Name")
}
