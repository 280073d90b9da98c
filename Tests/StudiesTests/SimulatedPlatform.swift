import DICOM

/// A document as it was made: a manifest or a rejection note.
struct SimulatedDocument: Equatable {
    let identity: String
    let patient: Int
    let references: Set<InstanceUID>
    let isNote: Bool
    var hasRecipients = false
    var version = 0
    var instant: Int64 = 0
}

/// What a destination makes of what it is sent.
struct SimulatedPlatform {
    enum Reading: CaseIterable {
        /// A later manifest of a study and patient replaces the one before.
        case replaces
        /// It adds to the one before; only notes remove.
        case adds
    }

    let reading: Reading
    /// Whether recipients may come again with a manifest that replaces the first one.
    let toleratesRecipients: Bool
    /// By patient.
    private(set) var shown: [Set<InstanceUID>] = [[], []]
    private var received: Set<String> = []

    init(reading: Reading, toleratesRecipients: Bool) {
        self.reading = reading
        self.toleratesRecipients = toleratesRecipients
    }

    /// - Returns: what is wrong with it.
    mutating func receive(_ document: SimulatedDocument) -> String? {
        let isNew = received.insert(document.identity).inserted
        let patient = document.patient
        if document.isNote {
            shown[patient].subtract(document.references)
            return nil
        }
        let wasEmpty = shown[patient].isEmpty
        switch reading {
        case .replaces: shown[patient] = document.references
        case .adds: shown[patient].formUnion(document.references)
        }
        if !shown[1 - patient].isEmpty { return "the study is there under two patients" }
        guard isNew else { return nil }
        if wasEmpty && !document.hasRecipients { return "a first submission without recipients" }
        if !wasEmpty && document.hasRecipients && !toleratesRecipients { return "recipients in a later submission" }
        return nil
    }
}
