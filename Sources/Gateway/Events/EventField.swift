import DICOM
import Studies

/// One field of an event in the journal; `config/events.md` says what each name means.
public struct EventField: Sendable, Equatable {
    /// Capitals, digits and underscores.
    public let name: StaticString
    public let value: String

    /// Bytes of a value, at most.
    static let longest = 8192

    /// - Parameter value: control characters in it are escaped, since a peer may have made them.
    init(_ name: StaticString, _ value: String) {
        self.init(name, safe: EventLog.escaped(value))
    }

    private init(_ name: StaticString, safe value: String) {
        self.name = name
        self.value = value.utf8.count > Self.longest ? String(value.prefix(Self.longest / 4)) + "..." : value
    }

    public static func == (a: EventField, b: EventField) -> Bool {
        a.name.description == b.name.description && a.value == b.value
    }
}

extension EventField {
    static func study(_ study: StudyKey) -> EventField {
        EventField("DICOM_STUDY_INSTANCE_UID", study.studyInstanceUID.text)
    }
    static func instance(_ uid: String) -> EventField { EventField("DICOM_SOP_INSTANCE_UID", uid) }
    /// Nil: it did not say.
    static func calling(_ peer: Peer) -> EventField? {
        peer.calling.map { EventField("DICOM_CALLING_AE_TITLE", $0.text) }
    }
    static func called(_ peer: Peer) -> EventField? {
        peer.called.map { EventField("DICOM_CALLED_AE_TITLE", $0.text) }
    }
    /// Ours.
    static func aeTitle(_ title: String) -> EventField { EventField("DICOM_CALLED_AE_TITLE", title) }
    static func patient(_ patientID: String) -> EventField { EventField("DICOM_PATIENT_ID", patientID) }
    static func title(_ code: String) -> EventField { EventField("DICOM_DOCUMENT_TITLE", code) }

    static func address(_ address: String) -> EventField { EventField("KOSGATE_PEER_ADDRESS", address) }
    static func address(_ peer: Peer) -> EventField { .address(peer.address) }
    static func source(_ name: String) -> EventField { EventField("KOSGATE_SOURCE", name) }
    static func destination(_ name: String) -> EventField { EventField("KOSGATE_DESTINATION", name) }
    static func destinations(_ names: [String]) -> EventField { .destination(names.joined(separator: " ")) }
    static func document(_ name: String) -> EventField { EventField("KOSGATE_DOCUMENT", name) }
    static func version(_ version: String) -> EventField { EventField("KOSGATE_VERSION", version) }
    static func place(_ place: String) -> EventField? { place.isEmpty ? nil : EventField("KOSGATE_PLACE", place) }
    static func reason(_ reason: String) -> EventField { EventField("KOSGATE_REASON", reason) }
    static func remedy(_ remedy: String) -> EventField { EventField("KOSGATE_REMEDY", remedy) }
    static func result(_ word: String) -> EventField { EventField("KOSGATE_RESULT", word) }
    static func instances(_ count: Int) -> EventField { EventField("KOSGATE_INSTANCES", String(count)) }
    /// Of those that were meant, so many not.
    static func failed(_ count: Int) -> EventField { EventField("KOSGATE_FAILED", String(count)) }
    static func series(_ count: Int) -> EventField { EventField("KOSGATE_SERIES", String(count)) }
    static func studies(_ count: Int) -> EventField { EventField("KOSGATE_STUDIES", String(count)) }
    static func documents(_ count: Int) -> EventField { EventField("KOSGATE_DOCUMENTS", String(count)) }
    static func bytes(_ count: Int) -> EventField { EventField("KOSGATE_BYTES", String(count)) }
    static func milliseconds(_ count: Int) -> EventField { EventField("KOSGATE_MILLISECONDS", String(count)) }
    static func retry(_ seconds: Int) -> EventField { EventField("KOSGATE_RETRY_SECONDS", String(seconds)) }
    static func seconds(_ count: Int) -> EventField { EventField("KOSGATE_SECONDS", String(count)) }
    static func limit(_ count: Int) -> EventField { EventField("KOSGATE_LIMIT", String(count)) }
    static func user(_ name: String) -> EventField { EventField("KOSGATE_USER", name) }
    static func command(_ line: String) -> EventField { EventField("KOSGATE_COMMAND", line) }
    static func generation(_ number: Int) -> EventField { EventField("KOSGATE_GENERATION", String(number)) }
    /// The generation that is in force again.
    static func former(_ number: Int) -> EventField { EventField("KOSGATE_FORMER_GENERATION", String(number)) }
    static func change(_ change: String) -> EventField { EventField("KOSGATE_CHANGE", change) }
    static func file(_ name: String) -> EventField { EventField("KOSGATE_FILE", name) }
    static func door(_ door: String) -> EventField { EventField("KOSGATE_DOOR", door) }
    static func role(_ role: String) -> EventField { EventField("KOSGATE_ROLE", role) }
    static func owner(_ owner: String) -> EventField { EventField("KOSGATE_OWNER", owner) }
    static func until(_ date: String) -> EventField { EventField("KOSGATE_UNTIL", date) }
    static func days(_ count: Int) -> EventField { EventField("KOSGATE_DAYS", String(count)) }
    static func stage(_ name: String) -> EventField { EventField("KOSGATE_STAGE", name) }
    static func kind(_ kind: EventKind) -> EventField { EventField("KOSGATE_HELD_EVENT", kind.rawValue) }
    static func subject(_ subject: String) -> EventField? {
        subject.isEmpty ? nil : EventField("KOSGATE_SUBJECT", subject)
    }
    /// Events of which this one alone tells.
    static func suppressed(_ count: Int) -> EventField { EventField("KOSGATE_SUPPRESSED", String(count)) }

    /// A line each.
    static func findings(_ lines: [String]) -> EventField {
        EventField("KOSGATE_REASON", safe: lines.map(EventLog.escaped).joined(separator: "\n"))
    }
}
