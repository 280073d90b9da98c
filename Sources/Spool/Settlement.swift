/// What is decided about a study, written in one transaction.
public struct Settlement: Sendable {
    /// The last arrival that was taken into account.
    public var through: ArrivalNumber
    /// What the study's arrivals come to, in the caller's own words; nil leaves the former one.
    public var record: [UInt8]?
    /// One word of the caller's for where the study is, to list and count by; nil leaves the former one.
    public var state: String?
    /// Why nothing is sent; nil releases.
    public var hold: String?
    public var outgoing: [Outgoing]
    /// Each takes the place of its destination's former one; those of other destinations stay.
    public var standings: [StandingRecord]
    /// Deliveries of this study that are no longer wanted, whatever their state; one that is gone is no error.
    public var withdrawn: [Delivery.ID]
    /// All deliveries of the study as the caller saw them: when they are others by now, nothing is written and
    /// `SpoolError.outdated` is thrown. Nil: whatever they are.
    public var expecting: [Delivery.ID: Delivery.State]?
    /// By which the study is found later (`Spool.studies(withTraces:besides:)`), besides those it has; none is ever
    /// forgotten. The caller's own numbers.
    public var traces: Set<Int64>
    public var events: [HistoryEvent]
    public var at: Timestamp

    public init(
        through: ArrivalNumber, record: [UInt8]?, state: String? = nil, hold: String? = nil, outgoing: [Outgoing] = [],
        standings: [StandingRecord] = [], withdrawn: [Delivery.ID] = [],
        expecting: [Delivery.ID: Delivery.State]? = nil, traces: Set<Int64> = [],
        events: [HistoryEvent] = [], at: Timestamp
    ) {
        self.through = through
        self.record = record
        self.state = state
        self.hold = hold
        self.outgoing = outgoing
        self.standings = standings
        self.withdrawn = withdrawn
        self.expecting = expecting
        self.traces = traces
        self.events = events
        self.at = at
    }
}

/// What one destination holds of a study, in the caller's own words.
public struct StandingRecord: Sendable, Equatable {
    public var destination: String
    public var record: [UInt8]
    /// Identities of the study's documents that are kept for it; those that the spool does not have are left out.
    public var documents: Set<String>

    public init(destination: String, record: [UInt8], documents: Set<String>) {
        self.destination = destination
        self.record = record
        self.documents = documents
    }
}

/// A document for one or more destinations. It is kept while a delivery or a standing of its study needs it; the latest
/// one of a study without standings is kept for good.
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
