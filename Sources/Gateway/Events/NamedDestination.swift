/// A destination, as an event tells it.
public struct NamedDestination: Sendable, Hashable, CustomStringConvertible {
    /// What commands know it by: the name of its outbox.
    public let name: String
    /// With its address.
    public let title: String

    public init(name: String, title: String) {
        self.name = name
        self.title = title
    }

    public var description: String { title }
}
