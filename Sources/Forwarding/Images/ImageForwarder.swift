public import Associations
public import DICOMNetwork
public import Spool
public import Threads

/// Sends the images that wait for one destination, while their studies are still arriving.
///
/// - Some threads, each with one association, send what is due: urgent sources first, then by study, in the order of
///   arrival. A barrier (a rejection note) waits for all before it in its study, and all behind it waits for the barrier.
/// - An image that is refused waits, with growing delays; refused for good, or `refusalLimit` times, it becomes a dead
///   letter. The others of its study go on, but for those behind a barrier that is dead.
/// - A destination in trouble is left alone after `failureLimit` failures in a row, and then probed with one image.
/// - All that is due is read from the spool, so that a restart goes on where it was; an image that was taken and not yet
///   acknowledged in the spool is sent again, and the destination knows it.
public final class ImageForwarder: Sendable {
    public struct Configuration: Sendable {
        /// The name of its queue in the spool.
        public var outbox: String
        /// As the operator knows it.
        public var destination: String
        public var association: Association.Configuration
        /// At the same time: 1 or more.
        public var associations: Int
        /// Bytes per second over all associations; nil: as fast as it goes.
        public var throttle: Int?
        /// Nothing begins outside them; empty: always.
        public var windows: [TimeWindow] = []
        /// Whether an image is deleted only when the destination has committed to keep it (PS3.4 Annex J).
        public var commit = false
        /// Storage commitment is asked for when nothing more was taken for so long, or for 500 images at once.
        public var commitmentQuiet = Duration.seconds(1)
        /// How long its result is waited for, before other work is done; on an idle association it is looked for later too.
        public var commitmentPatience = Duration.seconds(1)
        /// How long a result of storage commitment may take, before it is asked for again: the result of the former
        /// request is not understood any more then. Archives that commit at night take hours.
        public var commitmentTimeout = Duration.seconds(24 * 3600)
        /// Between failures of the destination, or of one image.
        public var schedule: RetrySchedule
        /// Between refusals of an image that may pass (Cxxx, 0110, statuses unknown to the standard).
        public var refusalSchedule: RetrySchedule
        /// Failures in a row after which the destination is left alone.
        public var failureLimit = 3
        /// Refusals of a kind that may pass, after which an image is given up.
        public var refusalLimit = 3
        /// An association without work is released after so long.
        public var idleTime = Duration.seconds(5)
        /// So is one on which a result of storage commitment may come.
        public var commitmentIdleTime = Duration.seconds(30)
        /// A study is told as forwarded when nothing of it has waited for so long.
        public var quietTime = Duration.seconds(10)

        /// Of a throttled destination: each association has something to say many times in a second.
        /// What all waits of one step may come to, with much to spare: its association's, and those of a throttle.
        var patience: Duration {
            let deadlines = association.deadlines
            let waits = [deadlines.connection, deadlines.associationResponse, deadlines.write, deadlines.response]
            let pace = throttle.map { Duration.seconds(2 * associations * fragmentLimit / $0) } ?? .zero
            return waits.reduce(.seconds(300), +) * 2 + pace
        }
        var fragmentLimit: Int { throttle.map { max(1024, $0 / 20) } ?? .max }

        /// Images on their way at once: shared among many, a low rate lets none of them arrive.
        var transferLimit: Int { throttle.map { max(1, $0 / 65536) } ?? .max }

        public init(
            outbox: String, destination: String, association: Association.Configuration, associations: Int = 2,
            throttle: Int? = nil, schedule: RetrySchedule
        ) {
            self.outbox = outbox
            self.destination = destination
            self.association = association
            self.associations = associations
            self.throttle = throttle
            self.schedule = schedule
            refusalSchedule = RetrySchedule(first: min(schedule.first * 6, schedule.ceiling), ceiling: schedule.ceiling)
        }
    }

    private let configuration: Configuration
    private let spool: Spool
    private let desk: ImageDesk
    private let remover = ImageRemover()
    private let report: @Sendable (ImageEvent) -> Void

    /// - Parameter report: what an operator is told; called on the forwarder's threads.
    public convenience init(
        _ configuration: Configuration, spool: Spool, report: @escaping @Sendable (ImageEvent) -> Void
    ) {
        self.init(configuration, spool: spool, clock: DeliveryClock(), zone: .system, report: report)
    }

    init(
        _ configuration: Configuration, spool: Spool, clock: DeliveryClock, zone: LocalTime,
        report: @escaping @Sendable (ImageEvent) -> Void
    ) {
        precondition(configuration.associations >= 1)
        self.configuration = configuration
        self.spool = spool
        self.report = report
        pulse = Pulse("images to \(configuration.outbox)", limit: configuration.patience)
        desk = ImageDesk(ImageSchedule(configuration, zone: zone), clock: clock)
    }

    /// Of all its associations: a step without progress for longer than `patience` is stuck.
    public let pulse: Pulse

    public var condition: ImageDestinationCondition {
        desk.read { schedule, now, date in schedule.condition(at: now, date: date) }
    }

    /// Something was put into the queue, released, or taken out of it. Cheap: for each stored instance.
    /// - Parameter isUrgent: it goes before what was found so far.
    public func wake(isUrgent: Bool = false) {
        desk.update { schedule, _, _ in schedule.order.noteNews(isUrgent: isUrgent) }
    }

    /// Tries again now, however long the wait was to be: an operator asks for it, or has retried a dead letter.
    public func probe() { desk.update { schedule, now, _ in schedule.probe(at: now) } }

    /// An operator pauses, resumes or drains the destination. Durable when it returns; what is on its way ends.
    /// - Returns: since when.
    @discardableResult
    public func setMode(_ mode: DestinationMode, by: String, why: String) throws(SpoolError) -> Timestamp {
        let date = desk.clock.date()
        try spool.setMode(of: configuration.outbox, mode, by: by, why: why, at: date)
        desk.update { schedule, _, _ in schedule.set(mode) }
        return date
    }

    /// The destination says what it committed to keep, on an association of its own. Durable when it returns.
    /// - Returns: whether this destination was asked for it.
    public func committed(_ result: CommitmentResult) throws(SpoolError) -> Bool {
        try CommitmentBook(configuration, spool: spool, desk: desk, remover: remover, report: report).take(result)
    }

    /// Ends `run` after the images that are on their way; one that is throttled is given up.
    public func stop() { desk.update { schedule, _, _ in schedule.isStopping = true } }

    /// Sends until `stop`, on this thread and others of its own; blocks.
    public func run() {
        // Without this thread the senders remove files themselves.
        let removal = try? OSThread(name: "image files") { [remover] in remover.run() }
        let others = (1..<configuration.associations).compactMap { number in
            // With fewer threads it is slower, and nothing else.
            try? OSThread(name: "images \(number)") { [self] in sender(number).run() }
        }
        sender(0).run()
        for thread in others { thread.join() }
        guard let removal else { return }
        remover.end()
        removal.join()
    }

    private func sender(_ number: Int) -> ImageSender {
        ImageSender(
            number, configuration, spool: spool, desk: desk, remover: remover, pulse: pulse,
            report: report)
    }
}
