/// Something that came in and could not be taken as an instance: kept for a person to look at.
public struct QuarantineEntry: Sendable, Equatable, Identifiable {
    public struct ID: Hashable, Comparable, Sendable {
        public var value: Int64
        public init(_ value: Int64) { self.value = value }
        public static func < (a: ID, b: ID) -> Bool { a.value < b.value }
    }

    public var id: ID
    public var reason: String
    /// Who sent it.
    public var sender: String
    public var attributes: String
    public var bytes: Int
    public var at: Timestamp
}
