/// What is decided about a study, written in one transaction.
public struct Settlement: Sendable {
    /// The last arrival that was taken into account.
    public var through: ArrivalNumber
    /// The study's state, in the caller's own words; nil leaves the former one.
    public var record: [UInt8]?
    /// Why nothing is sent; nil releases.
    public var hold: String?
    public var outgoing: [Outgoing]
    /// Deliveries that are no longer wanted and not yet acknowledged.
    public var withdrawn: [Delivery.ID]
    public var events: [HistoryEvent]
    public var at: Timestamp

    public init(
        through: ArrivalNumber, record: [UInt8]?, hold: String? = nil, outgoing: [Outgoing] = [],
        withdrawn: [Delivery.ID] = [], events: [HistoryEvent] = [], at: Timestamp
    ) {
        self.through = through
        self.record = record
        self.hold = hold
        self.outgoing = outgoing
        self.withdrawn = withdrawn
        self.events = events
        self.at = at
    }
}

/// A document for one or more destinations, kept until all have it; the latest of a study is kept for good.
public struct Outgoing: Sendable, Equatable {
    public var destinations: [String]
    /// SOP Instance UID.
    public var identity: String
    /// The study's version that it tells, in the caller's own words.
    public var version: String
    /// A name for the file, made by us.
    public var fileName: String
    public var content: [UInt8]

    public init(destinations: [String], identity: String, version: String, fileName: String, content: [UInt8]) {
        self.destinations = destinations
        self.identity = identity
        self.version = version
        self.fileName = fileName
        self.content = content
    }
}

/// A line of a study's history.
public struct HistoryEvent: Sendable, Equatable {
    public var kind: String
    public var detail: String
    public var at: Timestamp

    public init(kind: String, detail: String, at: Timestamp) {
        self.kind = kind
        self.detail = detail
        self.at = at
    }
}
