/// What the judge found in a Key Object Selection document.
public struct Finding: Sendable, Hashable {
    public enum Severity: String, Sendable, Hashable { case error, warning }

    public let severity: Severity
    /// Where: tags and 1-based item numbers from the root, `(0040,A375)[1](0008,1115)[2](0008,0054)`; empty for the
    /// document as a whole.
    public let path: String
    /// Byte offset of the attribute, or of the nearest enclosing one that is there.
    public let offset: Int?
    /// What is wrong, as one sentence.
    public let reason: String
    /// Which document asks for it: `platform spec 2.5.2`, `PS3.3 C.17.6.2`.
    public let section: String
    /// What to do about it, as one sentence.
    public let remedy: String

    public init(
        _ severity: Severity, path: String = "", offset: Int? = nil, reason: String, section: String, remedy: String
    ) {
        self.severity = severity
        self.path = path
        self.offset = offset
        self.reason = reason
        self.section = section
        self.remedy = remedy
    }
}
