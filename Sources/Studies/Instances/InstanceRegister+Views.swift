public import DICOM

extension InstanceRegister {
    /// What is known of one instance.
    public struct Status: Hashable, Sendable {
        public let state: State
        /// How often it came, refused copies included.
        public let copies: Int
        /// How many of them were refused.
        public let refused: Int
        /// The copy that stands, and for a rejected instance the last one; nil when none came.
        public let copy: Fingerprint?
    }

    /// Nil when neither a copy nor a note named it.
    public func status(of uid: InstanceUID) -> Status? {
        entries[uid].map { entry in
            Status(
                state: state(entry), copies: Int(entry.copies),
                refused: entry.history.map { Int(histories[$0].refused) } ?? 0, copy: fingerprint(entry.current))
        }
    }

    public func state(of uid: InstanceUID) -> State? { entries[uid].map { state($0) } }

    public func isLive(_ uid: InstanceUID) -> Bool { entries[uid]?.verdict == .live }

    /// An earlier copy was rejected, and the present one is live.
    public func isCorrected(_ uid: InstanceUID) -> Bool {
        guard let entry = entries[uid], entry.verdict == .live, let place = entry.history else { return false }
        return histories[place].rejection != nil
    }

    /// The title under which it must be withdrawn where it is still held: that of its last rejection, also when a later
    /// copy is live; nil when it was never rejected.
    public func title(of uid: InstanceUID) -> String? {
        entries[uid]?.history.flatMap { histories[$0].rejection }.map { titles[$0.title] }
    }

    /// Every instance, in no order.
    public var instances: some Sequence<(uid: InstanceUID, state: State)> {
        entries.lazy.map { (uid: $0.key, state: state($0.value)) }
    }

    /// In order of their UIDs.
    public var live: [InstanceUID] { sorted(.live) }
    /// In order of their UIDs; those that never came among them.
    public var rejected: [InstanceUID] { sorted(.rejected) }
    /// In order of their UIDs.
    public var quarantined: [InstanceUID] { sorted(.quarantined) }

    private func sorted(_ verdict: Entry.Verdict) -> [InstanceUID] {
        entries.filter { $0.value.verdict == verdict }.map(\.key).sorted()
    }

    private func state(_ entry: Entry) -> State {
        let rejection = entry.history.flatMap { histories[$0].rejection }
        let title = rejection.map { titles[$0.title] } ?? ""
        switch entry.verdict {
        case .live: return .live
        case .rejected: return .rejected(title: title, note: rejection?.note)
        case .quarantined: return .quarantined(title: title, note: rejection?.note)
        }
    }

    private func fingerprint(_ copy: Copy) -> Fingerprint? {
        guard copy != .none, let patient = identities[copy.identity].patient else { return nil }
        return Fingerprint(
            patient: patient, accessionNumber: identities[copy.identity].accessionNumber,
            series: series[copy.series], sopClass: classes[copy.sopClass], header: copy.header)
    }
}
