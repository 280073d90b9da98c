import Spool
import Studies
import Threads

/// Settles the studies that are due, one after the other, on a thread of its own.
///
/// What is open is a matter of memory only: after a restart the spool says which studies are not settled.
final class Curation: Sendable {
    private struct OpenStudy {
        var study: Study
        /// Counts what was stored: the study's own sequence.
        var stored: Int64 = 0
        let source: Configuration.Source
        /// The earliest time at which the queue has it, in this lane.
        var queuedAt = MonotonicInstant.never
        var lane = DueQueue.Lane.soon
        /// The PACS is being asked what it has of it: it is not due before the answer.
        var isAsked = false
        /// Nothing of it is sent before it settles.
        var isWithheld = false
        /// An operator waits for it.
        var isUrgent = false
        var lastStored = MonotonicInstant(nanoseconds: 0)
        /// Found whole, or given up, as far as this.
        var checkedThrough: Int64 = 0
        var checks = 0
    }

    private struct State {
        var open: [StudyKey: OpenStudy] = [:]
        /// The study that an association under way is at.
        var associations: [UInt64: StudyKey] = [:]
        /// When the last of a study that settled lately had come: more of it tells of its source's habit.
        var settled: [StudyKey: MonotonicInstant] = [:]
        /// By source: how long its pauses within a study are.
        var habits: [String: Habit] = [:]
        /// Every open study but the one that is being settled, once, at the time it is due or earlier: what comes makes
        /// it due later.
        var queue = DueQueue()
        /// One after the other.
        var publications: [LatePublication] = []
        var isStopping = false

        /// The association brings nothing more for the study. Returns whether it is the next one due now.
        mutating func leave(_ key: StudyKey, _ association: UInt64, isClean: Bool, at now: MonotonicInstant) -> Bool {
            guard var entry = open[key] else { return false }
            entry.study.apply(.associationEnded(Int(truncatingIfNeeded: association), isClean: isClean), at: now)
            open[key] = entry
            return enqueue(key)
        }

        /// Has the study looked at when it is due, if it would not be before. Returns whether it is the next one now.
        mutating func enqueue(_ key: StudyKey) -> Bool {
            guard var entry = open[key] else { return false }
            let due = Curation.dueTime(entry)
            guard due < entry.queuedAt else { return false }
            entry.queuedAt = due
            open[key] = entry
            return queue.insert(key, at: due, in: entry.lane)
        }

        /// The study as it is open, or opened now; what came for it may have it looked at sooner.
        func opened(_ key: StudyKey, _ source: Configuration.Source, in lane: DueQueue.Lane) -> OpenStudy {
            guard var entry = open[key] else {
                var entry = OpenStudy(study: Study(source.settings), source: source)
                entry.lane = lane
                return entry
            }
            if lane < entry.lane { (entry.lane, entry.queuedAt) = (lane, .never) }
            return entry
        }
    }

    private let state = Monitor(State())
    /// A study with a million instances takes minutes where the disk is slow.
    let pulse = Pulse("curation", limit: .seconds(600))
    private let settler: Settler
    private let completeness: CompletenessCheck
    private let published: @Sendable (StudyEntry.ID) -> Void
    private let recovery: SpoolRecovery
    private let post: @Sendable (OperatorEvent) -> Void

    /// The PACS is asked so often what is missing; then the study settles with what is here.
    private static let checkLimit = 3

    /// - Parameter published: the outbox of this study has changed, or may be sent again.
    init(
        settler: Settler, completeness: CompletenessCheck, recovery: SpoolRecovery,
        published: @escaping @Sendable (StudyEntry.ID) -> Void,
        post: @escaping @Sendable (OperatorEvent) -> Void
    ) {
        self.settler = settler
        self.completeness = completeness
        self.published = published
        self.recovery = recovery
        self.post = post
    }

    /// Something of the study is durable.
    /// - Parameters:
    ///   - association: what brought it, where one did.
    ///   - isWithholding: it may make untrue what waits in the outbox: nothing of the study is sent before it settles.
    ///   - lane: the study's turn, if nothing else gives it an earlier one.
    func stored(
        _ key: StudyKey, source: Configuration.Source, association: UInt64? = nil,
        withholding isWithholding: Bool = false, lane: DueQueue.Lane = .soon, at now: MonotonicInstant
    ) {
        let number = association.map { Int(truncatingIfNeeded: $0) }
        let isFirst = state.withLock { state in
            let isNew = state.open[key] == nil
            var entry = state.opened(key, source, in: lane)
            entry.stored += 1
            if isWithholding { entry.isWithheld = true }
            let quietPeriod = source.settings.quietPeriod
            let late = isNew && association != nil ? state.settled[key].map { now - $0 } : nil
            if let pause = late ?? entry.study.pause(before: number, at: now) {
                state.habits[key.source, default: Habit()].learn(pause: pause, quietPeriod: quietPeriod)
            }
            if let habit = state.habits[key.source] {
                entry.study.configuration.quietPeriod = habit.stretched(quietPeriod)
            }
            entry.lastStored = now
            entry.study.apply(.stored(sequence: entry.stored, association: number), at: now)
            state.open[key] = entry
            var isEarlier = false
            if let association {
                // It went on from another study: that one waits for it no more.
                if let former = state.associations.updateValue(key, forKey: association), former != key {
                    isEarlier = state.leave(former, association, isClean: true, at: now)
                }
            }
            return state.enqueue(key) || isEarlier
        }
        // Nobody need wake for what is due later than something else.
        if isFirst { state.notifyAll() }
    }

    /// An operator decided on the study: it is settled at once.
    func decided(_ key: StudyKey, source: Configuration.Source, at now: MonotonicInstant) {
        state.update { state in
            var entry = state.opened(key, source, in: .soon)
            entry.stored += 1
            entry.isUrgent = true
            entry.isWithheld = true
            entry.study.apply(.stored(sequence: entry.stored), at: now)
            state.open[key] = entry
            _ = state.enqueue(key)
        }
    }

    /// The association brings nothing more; studies that waited for its end may be due earlier now.
    func ended(association: UInt64, isClean: Bool, at now: MonotonicInstant) {
        let isEarlier = state.withLock { state in
            state.associations.removeValue(forKey: association)
                .map { state.leave($0, association, isClean: isClean, at: now) } ?? false
        }
        if isEarlier { state.notifyAll() }
    }

    /// Settles again, in the turn of what there is much of, the studies that were settled before the destination was
    /// configured.
    /// - Returns: false: it is being done already.
    func publish(_ publication: LatePublication) -> Bool {
        state.update { state in
            guard !state.publications.contains(where: { $0.destination == publication.destination }) else {
                return false
            }
            state.publications.append(publication)
            return true
        }
    }

    /// Begins another page; what is open settles by itself, for every destination.
    private func turnPage(_ publication: LatePublication) {
        do throws(SpoolError) {
            let page = try publication.page(of: settler.spool)
            let keys = state.withLock { state in page.studies.filter { state.open[StudyKey($0)] == nil } }
            if !keys.isEmpty { try settler.spool.append(publication.event(at: .now), to: keys.map(\.id)) }
            let isDone = state.withLock { state in
                state.publications[0].take(page, keys.map { StudyKey($0) })
                for key in keys.map({ StudyKey($0) }) {
                    let source = settler.configuration.source(named: key.source)
                    var entry = state.opened(key, source, in: .many)
                    entry.stored += 1
                    entry.isUrgent = true
                    entry.study.apply(.stored(sequence: entry.stored), at: .now)
                    state.open[key] = entry
                    _ = state.enqueue(key)
                }
                return state.publications[0].isAtEnd ? state.publications.removeFirst() : nil
            }
            if let done = isDone {
                post(.publishedLate(destination: done.destination, studies: done.settled, reason: nil))
            }
        } catch {
            let failed = state.withLock { $0.publications.removeFirst() }
            post(.publishedLate(destination: failed.destination, studies: failed.settled, reason: error.description))
            _ = recovery.attempt()
        }
    }

    /// Settles until `stop`.
    func run() {
        while let (key, entry) = nextDue() {
            if CompletenessCheck.asks(entry.source), !entry.isUrgent, !entry.isWithheld,
                entry.checkedThrough < entry.stored
            {
                state.withLock { $0.open[key]?.isAsked = true }
                completeness.ask(key, source: entry.source) { [weak self] verdict in
                    self?.judged(key, verdict, through: entry.stored)
                }
            } else {
                pulse.during { _ in settle(key, entry) }
            }
        }
    }

    /// Studies that are not settled, or not again.
    var openCount: Int { state.withLock { $0.open.count } }

    /// Ends `run` after the study it is at.
    func stop() { state.update { $0.isStopping = true } }

    private enum Look {
        case stopping
        case due(StudyKey, OpenStudy)
        case page(LatePublication)
        /// The next is due then; nil: nothing is open.
        case later(MonotonicInstant?)
    }

    /// Blocks until a study is due; nil when stopping.
    private func nextDue() -> (StudyKey, OpenStudy)? {
        var deadline: MonotonicInstant?
        while true {
            let known = deadline
            switch state.wait(until: deadline, { Self.look(&$0, known: known) }) {
            case .stopping: return nil
            case .due(let key, let entry): return (key, entry)
            case .page(let publication):
                pulse.during { _ in turnPage(publication) }
                deadline = nil
            case .later(let time): deadline = time
            case nil: break
            }
        }
    }

    /// Nil: nothing else than what is `known` to be next.
    private static func look(_ state: inout State, known: MonotonicInstant?) -> Look? {
        if state.isStopping { return .stopping }
        if let first = state.publications.first, first.pending.isEmpty { return .page(first) }
        let now = MonotonicInstant.now
        while let key = state.queue.removeDue(at: now) {
            // A decision and a note wait for no PACS.
            guard let entry = state.open[key], !entry.isAsked || entry.isUrgent || entry.isWithheld
            else { continue }
            state.open[key]?.queuedAt = .never
            if dueTime(entry) <= now { return .due(key, entry) }
            _ = state.enqueue(key)
        }
        let time = state.queue.nextTime
        return time == known ? nil : .later(time)
    }

    /// What waits in the outbox of the study may be untrue by now: a rejection note came, or a decision; or nobody knows.
    func isWithheld(_ study: StudyEntry.ID) -> Bool {
        guard let entry = try? settler.spool.study(study) else { return true }
        return state.withLock { $0.open[StudyKey(entry)]?.isWithheld ?? false }
    }

    /// A destination acknowledged a document of the study, or it became a dead letter.
    func acknowledged(_ study: StudyEntry.ID) {
        do throws(SpoolError) {
            try settler.review(study)
        } catch {
            // The next settling looks at the outbox again.
            _ = recovery.attempt()
        }
        for key in settler.released(by: study) {
            stored(key, source: settler.configuration.source(named: key.source), at: .now)
        }
    }

    /// The PACS was asked what it has of the study.
    private func judged(_ key: StudyKey, _ verdict: CompletenessCheck.Verdict, through: Int64) {
        let isGivenUp = state.update { state in
            guard var entry = state.open[key] else { return false }
            entry.checks += 1
            entry.isAsked = false
            entry.queuedAt = .never
            switch verdict {
            case .missing where entry.checks < Self.checkLimit: entry.study.apply(.postponed, at: .now)
            case .missing, .whole, .unknown: entry.checkedThrough = through
            }
            state.open[key] = entry
            _ = state.enqueue(key)
            return entry.checkedThrough == through
        }
        if case .missing(let count) = verdict, isGivenUp, count > 0 {
            post(.studyRemark(key, remark: "it is settled without \(counted(count, "instance")) that the PACS has"))
        }
    }

    private func settle(_ key: StudyKey, _ entry: OpenStudy) {
        do throws(SpoolError) {
            let settled = try settler.settle(key, source: entry.source)
            apply(.settled(through: entry.stored), to: key)
            // Always, and last: what was withheld is looked at again.
            if let settled { published(settled.study) }
            for key in settled?.released ?? [] {
                stored(key, source: settler.configuration.source(named: key.source), at: .now)
            }
        } catch {
            post(.settlingFailed(key, reason: error.description))
            _ = recovery.attempt()
            apply(.postponed, to: key)
        }
        let noted = settler.takeNoted()
        for key in noted {
            stored(
                key, source: settler.configuration.source(named: key.source), withholding: true,
                lane: noted.count > 1 ? .many : .soon, at: .now)
        }
    }

    private func apply(_ event: Study.Event, to key: StudyKey) {
        state.withLock { state in
            guard var entry = state.open[key] else { return }
            entry.study.apply(event, at: .now)
            entry.isUrgent = false
            let isOpen = entry.study.phase != .settled
            state.open[key] = isOpen ? entry : nil
            if state.settled.count >= Self.remembered { state.settled = [:] }
            if !isOpen {
                state.settled[key] = entry.lastStored
                if !state.publications.isEmpty { state.publications[0].pending.remove(key) }
            }
            if isOpen { _ = state.enqueue(key) }
        }
    }

    /// Studies that settled lately; more would only grow.
    private static let remembered = 1_000

    private static func dueTime(_ entry: OpenStudy) -> MonotonicInstant {
        entry.isUrgent ? MonotonicInstant(nanoseconds: 0) : entry.study.settlesAt ?? .never
    }
}

extension Study {
    fileprivate init(_ settings: Gateway.Configuration.SourceDefaults) {
        // A quiet period of hours is meant as such: only a study that is never quiet ends its wait without one.
        let maximumWait = max(.seconds(3600), settings.quietPeriod * 4)
        self.init(configuration: Study.Configuration(quietPeriod: settings.quietPeriod, maximumWait: maximumWait))
    }
}

extension MonotonicInstant {
    fileprivate static let never = MonotonicInstant(nanoseconds: .max)
}
