import DICOM
import Studies
import Testing

/// A study with one destination, for tests that tell a story.
struct StudyUnderTest {
    var register: InstanceRegister
    var destination: SimulatedDestination
    var now: Int64 = 1_800_000_000
    /// What the PACS's own manifest does not list.
    var leftOut: Set<InstanceUID> = []
    private var notes = 0

    init(removal: Removal = .iocmAndKOS, settings: InstanceRegister.Settings = .init()) {
        register = InstanceRegister(settings: settings)
        destination = SimulatedDestination(name: 0, removal: removal, reading: .replaces)
    }

    static func uid(_ number: Int) -> InstanceUID { InstanceUID("\(number)") }

    static func fingerprint(
        patient: Int = 0, revision: UInt64 = 0, accession: String = "ACC"
    ) -> Fingerprint {
        Fingerprint(
            patient: SimulatedDestination.patients[patient], accessionNumber: accession, series: SeriesUID("2.25.7"),
            sopClass: SOPClassUID("1.2.840.10008.5.1.4.1.1.2"), header: revision)
    }

    @discardableResult
    mutating func store(_ numbers: [Int], patient: Int = 0, revision: UInt64 = 0, accession: String = "ACC") -> [Remark]
    {
        let copy = Self.fingerprint(patient: patient, revision: revision, accession: accession)
        return numbers.flatMap { register.apply(.stored(Self.uid($0), copy, at: now)) }
    }

    @discardableResult
    mutating func reject(
        _ numbers: [Int], title: String, patient: Int? = nil, accession: String = "", note: Int? = nil,
        digest: UInt64 = 1
    ) -> [Remark] {
        notes += 1
        let rejection = Rejection(
            note: InstanceUID("note \(note ?? notes)"), digest: digest, title: title,
            references: numbers.map(Self.uid), patient: patient.map { SimulatedDestination.patients[$0] },
            accessionNumber: accession, at: now)
        return register.apply(.rejected(rejection))
    }

    @discardableResult
    mutating func decide(_ action: Decision.Action) -> [Remark] {
        register.apply(.decided(Decision(action, by: "operator", why: "test"), at: now))
    }

    var live: [Int] { register.live.compactMap { Int($0.text) }.sorted() }

    // MARK: The destination

    var truth: Truth { SimulatedDestination.truth(of: register, without: leftOut) }

    mutating func settle() {
        let register = register
        let fault = destination.settle(truth, at: now) { register.title(of: $0) ?? "113039" }
        #expect(fault == nil)
    }

    mutating func send(_ answer: SimulatedDestination.Answer) {
        let fault = destination.send(answer)
        #expect(fault == nil)
    }

    /// The outbox in words.
    var outbox: [String] {
        destination.outbox.map(\.document).map { document in
            let references = document.references.map(\.text).sorted().joined(separator: " ")
            return "\(document.isNote ? "note" : "manifest") of \(document.patient == 0 ? "A" : "B"): \(references)"
                + (document.hasRecipients ? ", recipients" : "")
        }
    }

    /// Settles, sends all, settles again.
    /// - Returns: what was sent.
    mutating func settled() -> [String] {
        settle()
        let sent = outbox
        for _ in sent { send(.acknowledged) }
        settle()
        return sent
    }

    /// Between what the platform shows and the truth.
    var difference: String? { destination.difference(from: truth) }
}

extension SimulatedDestination {
    /// As a settler sees it: two patients, or an operator's hold, leave a study undecided.
    /// - Parameter leftOut: the PACS's own manifest, which is what is published, does not list them, and no note says why.
    static func truth(of register: InstanceRegister, without leftOut: Set<InstanceUID> = []) -> Truth {
        let live = register.live
        guard !register.isHeldByHand else { return .undecided(gone: { !register.isLive($0) }) }
        guard let first = live.first else { return .nothing }
        guard let copy = register.status(of: first)?.copy,
            live.allSatisfy({ register.status(of: $0)?.copy?.patient == copy.patient })
        else { return .undecided(gone: { !register.isLive($0) }) }
        // One bit of the header stands for what a manifest states of it.
        let attributes = copy.patient.patientID + "\(copy.header & 2)"
        let listed = live.allSatisfy(leftOut.contains) ? live : live.filter { !leftOut.contains($0) }
        return .manifest(
            Desired(
                patient: copy.patient, digest: attributes + listed.map(\.text).joined(separator: " "),
                attributesDigest: attributes, references: Set(listed)),
            gone: { !register.isLive($0) })
    }
}
