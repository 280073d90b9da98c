/// An event as the journal has it.
public struct EventRecord: Sendable, Equatable {
    public let kind: EventKind
    /// One line, control characters escaped.
    public let message: String
    /// What is special to this kind, in a fixed order.
    public var fields: [EventField]

    /// syslog(3).
    public var priority: Int { kind.priority }

    init(_ kind: EventKind, _ message: String, _ fields: [EventField?]) {
        self.kind = kind
        self.message = EventLog.escaped(message)
        self.fields = fields.compactMap { $0 }
    }

    /// All that the journal is given (systemd.journal-fields(7)).
    public var journalFields: [(name: StaticString, value: String)] {
        [
            ("MESSAGE", message), ("PRIORITY", String(priority)), ("MESSAGE_ID", kind.messageID),
            ("SYSLOG_IDENTIFIER", "kosgate"), ("KOSGATE_EVENT", kind.rawValue),
        ] + fields.map { ($0.name, $0.value) }
    }
}

extension OperatorEvent {
    public var record: EventRecord { EventRecord(kind, description, fields) }

    /// syslog(3): 2 critical, 3 error, 4 warning, 5 notice, 6 information.
    public var priority: Int { kind.priority }
}
