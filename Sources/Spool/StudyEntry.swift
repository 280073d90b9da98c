/// What the spool knows of a study besides its headers.
public struct StudyEntry: Sendable, Equatable, Identifiable {
    public struct ID: Hashable, Comparable, Sendable {
        public var value: Int64
        public init(_ value: Int64) { self.value = value }
        public static func < (a: ID, b: ID) -> Bool { a.value < b.value }
    }

    public var id: ID
    public var source: String
    /// Study Instance UID.
    public var uid: String
    public var firstReceivedAt: Timestamp
    /// The last arrival that the study's record takes into account; nil: never settled.
    public var settledThrough: ArrivalNumber?
    public var settledAt: Timestamp?
    /// When it was last settled, or its standings updated; before that, when its first arrival came.
    public var changedAt: Timestamp
    /// What the last settlement or update of its standings called it; nil: none has.
    public var state: String?
    /// Why nothing is sent of it.
    public var hold: String?
    /// The last arrival that is not sealed yet; nil: all are sealed.
    public var lastOpen: ArrivalNumber?

    /// Something has arrived that the record does not know.
    public var isUnsettled: Bool {
        guard let lastOpen else { return false }
        guard let settledThrough else { return true }
        return lastOpen > settledThrough
    }
}

/// Where a header stands in the spool; its bytes come beside it.
public struct StoredHeader: Sendable, Equatable {
    public var number: ArrivalNumber
    /// Series Instance UID.
    public var series: String
    public var attributes: String
    public var isSealed: Bool
}
