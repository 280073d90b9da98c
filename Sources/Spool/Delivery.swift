/// A document on its way to one destination. Its bytes are read with `Spool.content(of:)`, the same every time.
public struct Delivery: Sendable, Equatable, Identifiable {
    public struct ID: Hashable, Comparable, Sendable {
        public var value: Int64
        public init(_ value: Int64) { self.value = value }
        public static func < (a: ID, b: ID) -> Bool { a.value < b.value }
    }

    public var id: ID
    public var destination: String
    public var study: StudyEntry.ID
    public var identity: String
    public var version: String
    public var fileName: String
    public var queuedAt: Timestamp
    /// Failed so far.
    public var attempts: Int
    /// Not to be tried before; nil: at once.
    public var postponedUntil: Timestamp?
    public var lastError: String?
}

/// A document that was written for a study, the latest one.
public struct Manifest: Sendable, Equatable {
    public var identity: String
    public var version: String
    public var fileName: String
    public var writtenAt: Timestamp
    public var content: [UInt8]
}

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
