import Spool
import Threads

/// What each thread of a destination's forwarder is to do next. It does nothing itself and reads no clock: the threads tell
/// it what happened.
struct ImageSchedule {
    /// What a thread is to do, alone or beside the others.
    enum Step: Equatable {
        /// Nothing; news, or the time, change that.
        case wait(until: MonotonicInstant?)
        /// Read what an operator has said of the destination (`learnt`).
        case learnMode
        /// Read the next page of the queue (`read`, `failedReading`).
        case read(after: ImageDelivery.Position?)
        /// Write down that something of the study may be there (`begun`, `failedBeginning`).
        case begin(StudyEntry.ID)
        /// Send it (`taken`, `failed`, `unreadable`, `untouched`, `gone`).
        case send(ImageDelivery)
        /// Write down that the destination has them (`acknowledged`, `notWritten`).
        case acknowledge([ImageDelivery])
        /// Write down that they are there, and ask for storage commitment (`marked`, `notWritten`).
        /// - Parameter mayOpen: an association for it may be opened.
        case commit([ImageDelivery], mayOpen: Bool)
        /// Ask again for what was not committed in time (`asked`).
        case askAgain
        /// Tell what went there of studies of which nothing waits.
        case tell([ImageProgress.Study])
        /// Take what the destination says by itself on the association.
        case listen
        /// Release the association.
        case letGo
        case end
    }

    /// Why nothing begins.
    enum Obstacle: Equatable {
        case stopping
        case stuck(until: MonotonicInstant)
        case paused
        case closed(until: Timestamp?)
        case down(until: MonotonicInstant)
        /// One image of another thread decides.
        case probing
    }

    /// Of one thread's image.
    struct Transfer: Equatable {
        let image: ImageDelivery
        let start: MonotonicInstant
        let since: Timestamp
    }

    /// A closed window is looked at so often, should the clock be set.
    private static let clockPatience = Duration.seconds(60)
    /// Where a result of storage commitment may come.
    private static let listeningInterval = Duration.milliseconds(250)
    private static let sharedIdleTime = Duration.milliseconds(200)
    /// How long fewer associations are opened than are configured.
    static let limitTime = Duration.seconds(60)

    let configuration: ImageForwarder.Configuration
    let hours: SendingHours
    /// What an operator has said; nil: not read yet.
    private(set) var mode: DestinationMode?
    private var isLearning = false
    var isStopping = false

    var order = SendingOrder()
    var presentations = PresentationBook()
    var acknowledgements: Grouping<ImageDelivery>
    var progress: ImageProgress
    var breaker: Breaker
    /// What began before the breaker was half open does not decide.
    private(set) var probingSince = MonotonicInstant.start
    var suspicion = Suspicion()
    /// Of images that were refused in a way that may pass, since the start.
    var refusals: [ImageDelivery.ID: Int] = [:]
    static let refusalsLimit = 10_000
    /// Postponed for the destination's trouble: due when it is over.
    var troubled: Set<ImageDelivery.ID> = []
    /// When the first of the postponed images is due; the start of the clock: not known.
    var nextPostponed: MonotonicInstant? = .start
    /// When to look for what was not committed in time.
    var nextAsk: MonotonicInstant?
    /// All that was not committed to is asked for again: an answer may have been lost while nobody listened.
    var asksAll = true
    var allBefore: Timestamp?
    private var isHurried = false
    var askFailures = 0
    /// Why the last request for storage commitment was not taken.
    var commitmentFailure: String?
    /// Whose results came.
    var knownTransactions: [String] = []
    static let transactionLimit = 256
    var stuckUntil: MonotonicInstant?
    var spoolFailures = 0
    var ourTrouble = OurTrouble()

    private(set) var open: Set<Int> = []
    /// Threads that wait for an association to be accepted.
    var opening: Set<Int> = []
    /// Threads with an association and nothing to do, since when.
    private var idle: [Int: MonotonicInstant] = [:]
    /// Threads on whose association a result of storage commitment may come, and when they looked for it.
    private var listened: [Int: MonotonicInstant] = [:]
    var transfers: [Int: Transfer] = [:]
    private var limit: (associations: Int, until: MonotonicInstant)?

    var throttle: Throttle?
    var rate = TransferRate()
    var lastSuccess: Timestamp?
    var lastFailure: ImageDestinationCondition.Failure?
    private var window: (at: Timestamp?, foundAt: Timestamp)?

    init(_ configuration: ImageForwarder.Configuration, zone: LocalTime) {
        self.configuration = configuration
        hours = SendingHours(windows: configuration.windows, zone: zone)
        acknowledgements =
            configuration.commit
            ? Grouping(limit: 500, patience: .seconds(30), quiet: configuration.commitmentQuiet)
            : Grouping(limit: 100, patience: .milliseconds(500), quiet: .milliseconds(100))
        progress = ImageProgress(quiet: configuration.quietTime)
        breaker = Breaker(limit: configuration.failureLimit, schedule: configuration.schedule)
        throttle = configuration.throttle.map { Throttle(bytesPerSecond: max(1, $0)) }
        nextAsk = configuration.commit ? .start : nil
    }

    /// - Parameters:
    ///   - worker: the number of the thread.
    ///   - isListening: a result of storage commitment may come on its association.
    ///   - date: the same instant as `now`, on the wall.
    mutating func next(
        for worker: Int, hasAssociation: Bool, isListening: Bool = false, at now: MonotonicInstant, date: Timestamp
    ) -> Step {
        if hasAssociation { open.insert(worker) } else { open.remove(worker) }
        listened[worker] = hasAssociation && isListening ? listened[worker] ?? .start : nil
        let step = decide(worker, hasAssociation, now, date)
        guard case .wait(let until) = step, hasAssociation else {
            idle[worker] = nil
            return step
        }
        idle[worker] = idle[worker] ?? now
        guard let last = listened[worker] else { return step }
        if last + Self.listeningInterval > now { return .wait(until: earliest(until, last + Self.listeningInterval)) }
        listened[worker] = now
        return .listen
    }

    private mutating func decide(
        _ worker: Int, _ hasAssociation: Bool, _ now: MonotonicInstant, _ date: Timestamp
    ) -> Step {
        if mode == nil, !isStopping, !isStuck(at: now) {
            defer { isLearning = true }
            return isLearning ? .wait(until: nil) : .learnMode
        }
        let obstacle = obstacle(at: now, date)
        let leavesGroups = leavesGroups(hasAssociation, obstacle)
        if !isStuck(at: now), let step = bookkeeping(obstacle, leavesGroups, now) { return step }
        let next = earliest(progress.due, leavesGroups ? nil : acknowledgements.due)
        switch obstacle {
        case .stopping: return hasAssociation ? .letGo : .end
        case .paused: return hasAssociation ? .letGo : .wait(until: next)
        case .closed(let until):
            return hasAssociation ? .letGo : .wait(until: earliest(next, now + patience(until, date)))
        case .down(let until): return hasAssociation ? .letGo : .wait(until: earliest(next, until))
        case .probing: return .wait(until: next)
        case .stuck(let until): return hasAssociation ? .letGo : .wait(until: until)
        case nil: return work(worker, hasAssociation, next, now, date)
        }
    }

    /// What is to be written down or told, whether anything is sent or not.
    private mutating func bookkeeping(
        _ obstacle: Obstacle?, _ leavesGroups: Bool, _ now: MonotonicInstant
    ) -> Step? {
        // While another thread probes, more may come soon.
        let isHurried = obstacle != nil && obstacle != .probing
        if !leavesGroups, let group = acknowledgements.take(at: now, isHurried: isHurried) {
            return configuration.commit ? .commit(group, mayOpen: obstacle == nil) : .acknowledge(group)
        }
        let quiet = progress.takeDue(at: now, isHurried: obstacle == .stopping)
        return quiet.isEmpty ? nil : .tell(quiet)
    }

    /// Storage commitment is asked for by a thread that has an association.
    private func leavesGroups(_ hasAssociation: Bool, _ obstacle: Obstacle?) -> Bool {
        configuration.commit && !hasAssociation && obstacle == nil && !open.isEmpty
    }

    private func isStuck(at now: MonotonicInstant) -> Bool { stuckUntil.map { $0 > now } ?? false }

    private mutating func work(
        _ worker: Int, _ hasAssociation: Bool, _ next: MonotonicInstant?, _ now: MonotonicInstant, _ date: Timestamp
    ) -> Step {
        if let nextAsk, nextAsk <= now {
            self.nextAsk = nil
            return .askAgain
        }
        if let nextPostponed, nextPostponed <= now {
            self.nextPostponed = nil
            order.lookAgain()
        }
        if order.needsPage(at: now) { return .read(after: order.read(at: now)) }
        // Whoever has an association and waits is as quick, and opens none.
        let isLeftToOthers =
            transfers.count >= configuration.transferLimit
            || !hasAssociation && (order.found <= idle.count || !mayOpen(at: now))
        if !isLeftToOthers {
            switch order.turn(avoiding: suspicion.suspects) {
            case .begin(let study): return .begin(study)
            case .image(let image):
                transfers[worker] = Transfer(image: image, start: now, since: date)
                troubled.remove(image.id)
                return .send(image)
            case nil: break
            }
        }
        if order.needsPage(at: now) { return .read(after: order.read(at: now)) }
        return rest(worker, hasAssociation, next, now)
    }

    private func rest(
        _ worker: Int, _ hasAssociation: Bool, _ next: MonotonicInstant?, _ now: MonotonicInstant
    ) -> Step {
        var until = earliest(earliest(next, nextPostponed), earliest(nextAsk, order.nextLook))
        if hasAssociation {
            let end = (idle[worker] ?? now) + idleTime(of: worker, at: now)
            if end <= now { return .letGo }
            until = earliest(until, end)
        } else if order.found > 0, let limit, limit.until > now {
            until = earliest(until, limit.until)
        }
        return .wait(until: until)
    }

    mutating func obstacle(at now: MonotonicInstant, _ date: Timestamp) -> Obstacle? {
        if isStopping { return .stopping }
        if let stuckUntil, isStuck(at: now) { return .stuck(until: stuckUntil) }
        switch mode {
        case .paused: return .paused
        case .running, nil: if !hours.isOpen(at: date) { return .closed(until: nextOpening(date)) }
        case .draining: break
        }
        let wasHalfOpen = breaker.isHalfOpen
        guard breaker.allowsTry(at: now) else {
            if case .open(let until, _) = breaker.state { return .down(until: until) }
            return nil
        }
        if breaker.isHalfOpen, !wasHalfOpen { probingSince = now }
        return breaker.isHalfOpen && !transfers.isEmpty ? .probing : nil
    }

    private mutating func nextOpening(_ date: Timestamp) -> Timestamp? {
        if let window, window.foundAt <= date, window.at.map({ date < $0 }) ?? true { return window.at }
        let next = hours.nextOpening(after: date)
        window = (next, date)
        return next
    }

    private func patience(_ opening: Timestamp?, _ date: Timestamp) -> Duration {
        guard let opening else { return Self.clockPatience }
        return min(Self.clockPatience, .milliseconds(max(1, opening.milliseconds - date.milliseconds)))
    }

    // MARK: Associations

    /// How long an association is kept without work. A destination may take one after the other only: it answers the
    /// next one when this one is released.
    private func idleTime(of worker: Int, at now: MonotonicInstant) -> Duration {
        if listened[worker] != nil, opening.isEmpty { return configuration.commitmentIdleTime }
        if isLimited(at: now) { return .zero }
        return opening.isEmpty ? configuration.idleTime : min(configuration.idleTime, Self.sharedIdleTime)
    }

    /// Which of two waiting threads is the quicker: one with an association.
    func comesBefore(_ a: Int, _ b: Int) -> Bool {
        let (first, second) = (open.contains(a), open.contains(b))
        return first == second ? a < b : first
    }

    private func isLimited(at now: MonotonicInstant) -> Bool { limit.map { $0.until > now } ?? false }

    private func mayOpen(at now: MonotonicInstant) -> Bool {
        guard let limit, limit.until > now else { return true }
        return open.union(transfers.keys).count < limit.associations
    }

    /// The destination takes no more associations than those that are open.
    /// - Returns: how many are opened for a while; nil: not even one is, so that it is the destination's trouble.
    mutating func limited(_ worker: Int, at now: MonotonicInstant) -> (associations: Int, isNews: Bool)? {
        let others = open.union(transfers.keys).subtracting([worker]).count
        guard others > 0 else { return nil }
        let isNews = limit?.associations != others
        limit = (others, now + Self.limitTime)
        return (others, isNews)
    }

    // MARK: What operators say

    /// - Parameter mode: as the spool has it; nil: it could not be read.
    mutating func learnt(_ mode: DestinationMode?) {
        isLearning = false
        if mode != nil { ourTrouble.worked(.reading) }
        // What was said meanwhile is newer.
        self.mode = self.mode ?? mode
    }

    mutating func set(_ mode: DestinationMode) { self.mode = mode }

    /// Whatever was to be waited for is over: an operator asks for a try.
    mutating func probe(at now: MonotonicInstant) {
        breaker.probe()
        probingSince = now
        suspicion.forgetAll()
        presentations.forgetRefusals()
        (stuckUntil, limit) = (nil, nil)
        order.lookAgain()
        isHurried = true
        if configuration.commit { (nextAsk, asksAll, allBefore) = (.start, true, nil) }
    }

    /// Whether what was postponed is due, however long it was to wait; asked before a look from the beginning.
    mutating func takeHurry() -> Bool {
        defer { isHurried = false }
        return isHurried
    }
}

func earliest(_ a: MonotonicInstant?, _ b: MonotonicInstant?) -> MonotonicInstant? {
    guard let a, let b else { return a ?? b }
    return min(a, b)
}
