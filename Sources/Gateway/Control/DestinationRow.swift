import Forwarding
import Spool

/// A destination with what waits for it.
struct DestinationRow {
    var name: String
    var place: String
    /// Nil: the configuration does not have it any more.
    var state: DestinationStatus.State?
    /// Neither acknowledged nor dead.
    var depth: Int
    var oldest: Timestamp?
    var dead: Int
    /// Of an image destination.
    var images: Images?

    struct Images {
        /// Of the data sets that wait.
        var bytes = 0
        /// Of their files, what is sent or dead included.
        var storedBytes = 0
        /// Of `depth`, those that wait to be released.
        var withheld = 0
        /// Taken, and waiting for the destination to commit to it.
        var sent = 0
        /// Nil: no operator has said anything.
        var setting: DestinationSetting?
        /// Nil: the configuration does not have it any more.
        var traffic: ImageDestinationCondition?

        var mode: DestinationMode { setting?.mode ?? .running }
        var bytesPerSecond: Int { traffic?.bytesPerSecond ?? 0 }
        /// Nil: nothing moves, or what waits does not depend on the rate.
        var timeToDrain: Duration? {
            guard let traffic, withheld == 0 else { return nil }
            return switch traffic.activity {
            case .idle, .sending: traffic.timeToDrain(bytes: bytes)
            case .waiting, .closed, .paused: nil
            }
        }
    }

    /// A platform, or a folder.
    init(_ status: DestinationStatus?, name: String, _ summary: OutboxSummary?) {
        self.name = name
        place = status?.place ?? "–"
        state = status?.state
        (depth, oldest, dead) = (summary?.depth ?? 0, summary?.oldest, summary?.dead ?? 0)
    }

    /// An image destination.
    init(_ status: DestinationStatus?, name: String, _ summary: ImageSummary?, _ setting: DestinationSetting?) {
        self.name = name
        place = status?.place ?? "–"
        (depth, oldest, dead) = (summary?.depth ?? 0, summary?.oldest, summary?.dead ?? 0)
        let refusal = (summary?.sent ?? 0) > 0 ? status?.traffic?.commitmentFailure : nil
        state = status.map { Self.state($0.state, setting, depth: depth, refusal) }
        images = Images(
            bytes: summary?.bytes ?? 0, storedBytes: summary?.storedBytes ?? 0, withheld: summary?.withheld ?? 0,
            sent: summary?.sent ?? 0, setting: setting, traffic: status?.traffic)
    }

    static let uncommitted = "it does not commit to keep what it took"

    /// What the operator said comes first; a failure of what is gone says nothing of now.
    private static func state(
        _ state: DestinationStatus.State, _ setting: DestinationSetting?, depth: Int, _ refusal: String?
    ) -> DestinationStatus.State {
        if setting?.mode == .paused { return .paused }
        switch state {
        case .failing where depth == 0, .working:
            return refusal.map { .failing(reason: "\(uncommitted): \($0)") } ?? .working
        case .failing, .down, .closed, .paused: return state
        }
    }

    /// Nothing lies here for it.
    var isEmpty: Bool { depth == 0 && dead == 0 && (images?.sent ?? 0) == 0 }

    // MARK: Words

    /// For machines.
    var word: String {
        switch state {
        case .working: "working"
        case .failing: "failing"
        case .down: "down"
        case .closed: "closed"
        case .paused: "paused"
        case nil: "not configured"
        }
    }

    /// What is wrong with it, in the words of the last failure.
    var reason: String? {
        switch state {
        case .failing(let reason), .down(let reason, _): reason
        case .working, .closed, .paused, nil: nil
        }
    }

    /// When it is tried again, or opens.
    var until: Timestamp? {
        switch state {
        case .down(_, let until), .closed(let until): until
        case .working, .failing, .paused, nil: nil
        }
    }

    /// For people.
    func sentence(now: Timestamp) -> String {
        let isSending = images?.traffic?.activity == .sending
        let present =
            switch state {
            case .working: isSending ? "sending" : "working"
            case .failing(let reason): "failing: \(reason)"
            case .down(let reason, let until):
                "down: \(reason)" + (until.map { ", tried again in \(ControlTime.age(now, now: $0))" } ?? "")
            case .closed(let until):
                "outside its hours" + (until.map { ", opens in \(ControlTime.age(now, now: $0))" } ?? "")
            case .paused: "paused by \(images?.setting?.by ?? "an operator"): \(images?.setting?.why ?? "–")"
            case nil: "not configured"
            }
        return images?.mode == .draining ? "draining, takes nothing new; \(present)" : present
    }

    var json: JSONText {
        .object(
            [
                ("destination", .string(name)), ("kind", .string(images == nil ? "documents" : "images")),
                ("place", .string(place)), ("state", .string(word)), ("reason", reason.map { .string($0) } ?? .null),
                ("retry_at", ControlTime.json(until)), ("depth", .number(depth)), ("oldest", ControlTime.json(oldest)),
                ("dead_letters", .number(dead)),
            ] + (images?.members ?? []))
    }

    // MARK: Tables

    static func table(_ rows: [DestinationRow], now: Timestamp) -> Table {
        var table = Table([
            .init("DESTINATION"), .init("WAITING", .right), .init("SIZE", .right), .init("OLDEST", .right),
            .init("RATE", .right), .init("DONE IN", .right), .init("DEAD", .right), .init("STATE"),
        ])
        for row in rows {
            table.add([
                row.name, "\(row.depth)", row.images.map { ByteCount.rounded($0.bytes) } ?? "–",
                ControlTime.age(row.oldest, now: now), row.rate, row.drained, "\(row.dead)", row.sentence(now: now),
            ])
        }
        return table
    }

    /// What leaves in a second.
    private var rate: String {
        guard let images, images.bytesPerSecond > 0 else { return "–" }
        return "\(ByteCount.rounded(images.bytesPerSecond))/s"
    }

    /// When nothing waits any more, if it goes on like this.
    private var drained: String {
        guard depth > 0, let time = images?.timeToDrain else { return "–" }
        return ControlTime.span(max(time, .seconds(1)))
    }
}

extension DestinationRow.Images {
    fileprivate var members: [(String, JSONText)] {
        let drained: JSONText = timeToDrain.map { .number(Int(clamping: $0.components.seconds)) } ?? .null
        return [
            ("bytes", .number(bytes)), ("stored_bytes", .number(storedBytes)), ("withheld", .number(withheld)),
            ("awaiting_commitment", .number(sent)), ("bytes_per_second", .number(bytesPerSecond)),
            ("seconds_to_drain", drained),
            ("commitment_failure", traffic?.commitmentFailure.map { .string($0) } ?? .null),
            ("associations", .number(traffic?.associations ?? 0)),
            ("mode", .string(mode.rawValue)), ("mode_by", setting.map { .string($0.by) } ?? .null),
            ("mode_why", setting.map { .string($0.why) } ?? .null), ("mode_since", ControlTime.json(setting?.since)),
            ("last_success", ControlTime.json(traffic?.lastSuccess)),
            ("last_failure", ControlTime.json(traffic?.lastFailure?.at)),
            ("last_error", traffic?.lastFailure.map { .string($0.reason) } ?? .null),
        ]
    }
}
