/// How far the C-STORE sub-operations of a retrieval have come (PS3.7 §9.1.3, §9.1.4: (0000,1020) to (0000,1023)); nil
/// where the peer does not say.
public struct SuboperationCounts: Hashable, Sendable {
    public var remaining: UInt16?
    public var completed: UInt16?
    public var failed: UInt16?
    public var warning: UInt16?

    public init(
        remaining: UInt16? = nil, completed: UInt16? = nil, failed: UInt16? = nil, warning: UInt16? = nil
    ) {
        self.remaining = remaining
        self.completed = completed
        self.failed = failed
        self.warning = warning
    }
}
