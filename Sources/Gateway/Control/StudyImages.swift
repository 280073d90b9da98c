import DICOM
import Spool

/// The images of a study on their way to the image destinations.
struct StudyImages {
    struct AtDestination {
        var destination: String
        /// Something of the study was sent there, or may have been.
        var mayHold: Bool
        /// In the order they came; what the destination has is not among them.
        var queued: [ImageDelivery] = []
    }

    /// Where something waits or may be, in the order of the configuration, then by name.
    let atDestinations: [AtDestination]

    init(of entry: StudyEntry, in spool: Spool, _ configuration: Configuration) throws(SpoolError) {
        let lineages = try spool.imageLineages(of: entry.id)
        let queued = Swift.Dictionary(grouping: try spool.images(of: entry.id)) { $0.id.destination }
        let known = configuration.imageDestinations.map(\.name)
        let names = lineages.union(queued.keys)
        let ordered = known.filter(names.contains) + names.subtracting(known).sorted()
        atDestinations = ordered.map { name in
            AtDestination(destination: name, mayHold: lineages.contains(name), queued: queued[name] ?? [])
        }
    }

    func parts(_ entry: StudyEntry, _ inspection: StudyInspection) -> [Answer.Part] {
        atDestinations.flatMap { [.literal("")] + $0.parts(of: entry.uid, Self.obstacle(entry, inspection)) }
    }

    /// Why images are withheld.
    private static func obstacle(_ entry: StudyEntry, _ inspection: StudyInspection) -> String {
        if entry.isUnsettled { return "a rejection note or a decision came, and the study is judged first" }
        if !inspection.holds.isEmpty {
            return "the study is held: \(inspection.holds.map(\.code).joined(separator: ", "))"
        }
        return
            "they are in quarantine, or an operator holds the study: kosgate release \(entry.uid) --why … lets them go, "
            + "kosgate dead-letters --drop ID --why … gives one up"
    }
}

extension StudyImages.AtDestination {
    private var waiting: [ImageDelivery] { queued.filter { $0.state == .waiting && !$0.isWithheld } }
    private var withheld: [ImageDelivery] { queued.filter { $0.state == .waiting && $0.isWithheld } }
    private var sent: Int { queued.count { if case .sent = $0.state { true } else { false } } }
    private var dead: Int { queued.count { $0.deadSince != nil } }

    /// Of those that are withheld, for people; machines get all.
    private static let named = 5

    private var heading: String {
        if !mayHold { return "none was sent yet" }
        let past = "the history tells what was sent"
        return queued.isEmpty ? "nothing waits, \(past)" : "some may be there, \(past)"
    }

    fileprivate func parts(of study: String, _ obstacle: String) -> [Answer.Part] {
        var parts: [Answer.Part] = [.literal("images at \(destination): \(heading)")]
        if !waiting.isEmpty {
            let bytes = waiting.reduce(0) { $0 + $1.bytes }
            parts.append(.line("waiting: \(waiting.count), \(ByteCount.rounded(bytes))"))
        }
        if let postponed = waiting.filter({ $0.postponedUntil != nil }).min(by: { $0.id.image < $1.id.image }) {
            let until = ControlTime.text(postponed.postponedUntil)
            parts.append(.line("refused for now, tried again at \(until): \(postponed.lastError ?? "–")"))
        }
        if sent > 0 { parts.append(.line("taken, and its storage commitment is awaited: \(sent)")) }
        if !withheld.isEmpty {
            let names = withheld.prefix(Self.named).map(\.name).joined(separator: ", ")
            let more = withheld.count > Self.named ? ", …" : ""
            parts.append(.line("withheld: \(withheld.count) (\(names)\(more)); \(obstacle)"))
        }
        if dead > 0 {
            parts.append(
                .line("refused for good: \(dead); kosgate dead-letters \(destination) --study \(study) tells why"))
        }
        return parts
    }

    func json(_ entry: StudyEntry) -> JSONText {
        .object([
            ("destination", .string(destination)), ("may_hold", .boolean(mayHold)),
            ("waiting", .number(waiting.count)), ("bytes", .number(waiting.reduce(0) { $0 + $1.bytes })),
            ("withheld", .number(withheld.count)), ("awaiting_commitment", .number(sent)),
            ("dead_letters", .number(dead)),
            ("queued", .array(queued.map { $0.json(entry) })),
        ])
    }
}
