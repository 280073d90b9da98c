import Spool
import Threads

@testable import Forwarding

/// A sender whose time is the test's own: begins at 0, moves when told; delays are not shortened by chance.
final class ManualSender {
    private let time = Monitor<Int64>(0)
    let told = Told()
    private let latest: Monitor<DestinationCondition>
    private(set) var sender: Sender

    init(
        _ outbox: TestOutbox, _ carrier: any Carrier, destination: String = "platform",
        _ change: (inout Forwarder.Configuration) -> Void = { _ in }
    ) {
        var configuration = Forwarder.Configuration(
            outbox: destination, destination: "platform P at host:104",
            schedule: RetrySchedule(first: .seconds(2), ceiling: .seconds(60)))
        change(&configuration)
        latest = Monitor(DestinationCondition(outbox: destination, destination: configuration.destination))
        let clock = DeliveryClock(
            now: { [time] in MonotonicInstant(nanoseconds: time.withLock { $0 } * 1_000_000_000) },
            date: { [time] in Timestamp(milliseconds: time.withLock { $0 } * 1000) }, chance: { 0 })
        sender = Sender(
            configuration, spool: outbox.spool, carrier: carrier, clock: clock, condition: latest,
            pulse: Pulse("delivery", limit: .seconds(60)),
            report: { [told] in told.add($0) }, acknowledged: { [told] in told.acknowledge($1) })
    }

    var condition: DestinationCondition { latest.withLock { $0 } }

    /// A pass at so many seconds; returns when the next is due, and whether news come before that.
    @discardableResult
    func pass(at seconds: Int64) -> Sender.Pause {
        time.withLock { $0 = seconds }
        return sender.pass { false }
    }

    func probe() { sender.probe() }
    func lookAgain(_ study: StudyEntry.ID) { sender.lookAgain(study) }
}

extension Sender.Pause {
    static func untilNews(orSecond second: Int64) -> Self {
        .untilNews(or: MonotonicInstant(nanoseconds: second * 1_000_000_000))
    }
    static func untilSecond(_ second: Int64) -> Self { .until(MonotonicInstant(nanoseconds: second * 1_000_000_000)) }
}
