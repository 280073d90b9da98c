internal import Threads

/// Commits what many threads bring, in groups, without a thread or a timer of its own.
///
/// Whoever finds no commit in progress leads: takes all that wait, writes them in one transaction, wakes their threads,
/// and hands the lead to one of those who came meanwhile. So a lone thread never waits for company, and company shares
/// the sync of the disk.
///
/// Sendable: `ledger` is only used by the thread that leads, and the lead is handed over under the lock of `state`.
final class Writer: @unchecked Sendable {
    private struct State {
        var encoder: Encoder
        var arrivals: [(encoded: [Encoder.Encoded], turn: Turn)] = []
        var jobs: [Turn] = []
        var isLed = false
        var failure: SpoolError?
        var lastCommit: MonotonicInstant?
    }

    private let state: Monitor<State>
    private var ledger: Ledger?
    private let open: () throws(SpoolError) -> (ledger: Ledger, lookup: Connection)
    let refusal: () -> SpoolError?
    private var checkpointedPages = 0
    private let checkpointPages: Int

    /// Copying the log into the database costs two syncs: at 8 MB of log their price is lost among the commits'.
    static let checkpointPages = 2_000

    /// - Parameters:
    ///   - open: makes the connections, now and when recovering.
    ///   - refusal: asked before each group; not nil: nothing may be stored now.
    init(
        keyBudget: Int, checkpointPages: Int,
        open: @escaping () throws(SpoolError) -> (ledger: Ledger, lookup: Connection),
        refusal: @escaping () -> SpoolError?
    ) throws(SpoolError) {
        let (ledger, lookup) = try open()
        self.ledger = ledger
        self.checkpointPages = checkpointPages
        self.open = open
        self.refusal = refusal
        state = Monitor(State(encoder: Encoder(keyBudget: keyBudget, database: lookup)))
    }

    /// What keeps everything from being written, until `recover`.
    var failure: SpoolError? { state.withLock { $0.failure } }

    /// Nil: nothing was committed yet.
    var lastCommit: MonotonicInstant? { state.withLock { $0.lastCommit } }

    /// Returns once the arrivals are durable, all of them in one transaction and in their order.
    func store(_ arrivals: [Arrival]) throws(SpoolError) {
        let turn = Turn()
        let leads = try state.withLock { state throws(SpoolError) -> Bool in
            if let failure = state.failure { throw failure }
            state.arrivals.append((arrivals.map { state.encoder.encode($0) }, turn))
            defer { state.isLed = true }
            return !state.isLed
        }
        if leads || turn.waitLeads() {
            commitArrivals()
            passTheLead()
        }
        if let failure = turn.outcome() { throw failure }
    }

    /// Runs `body` as the only writer, after all arrivals that came before, in one transaction.
    func write<Result>(
        _ body: (Ledger) throws(SpoolError) -> Result
    ) throws(SpoolError) -> Result {
        try leading { () throws(SpoolError) in
            guard let ledger else { throw .unwritable(reason: "the spool is closed") }
            do throws(SpoolError) {
                let result = try ledger.transaction { () throws(SpoolError) in try body(ledger) }
                state.withLock { $0.lastCommit = .now }
                checkpoint()
                return result
            } catch {
                note(error)
                throw error
            }
        }
    }

    /// From when it returns on, arrivals of this study do not lean on rows that are there now.
    func beginSealing(source: String, study: String) throws(SpoolError) {
        state.withLock { state in
            state.encoder.sealing = (source, study)
            state.encoder.forget(source: source, study: study)
        }
        try leading { () throws(SpoolError) in }
    }

    func endSealing() { state.withLock { $0.encoder.sealing = nil } }

    /// Opens the database anew after a failure, and shows that it can be written.
    ///
    /// What a failed sync left behind is not trusted: all of the log is written and synced once more.
    func recover() throws(SpoolError) {
        try leading(evenFailed: true) { () throws(SpoolError) in
            let wasDamaged = if case .damaged = failure { true } else { false }
            ledger?.connection.setCheckpointsOnClose(false)
            ledger = nil
            state.withLock { $0.encoder.reset(database: nil) }
            let (ledger, lookup) = try open()
            try ledger.connection.checkpoint(truncating: true)
            if wasDamaged { try ledger.connection.check() }
            try ledger.connection.transaction { connection throws(SpoolError) in
                try connection.execute("UPDATE counter SET last_arrival = last_arrival")
            }
            self.ledger = ledger
            state.withLock { state in
                state.encoder.reset(database: lookup)
                state.failure = nil
            }
        }
    }

    /// Commits what waits and closes the files; nothing is stored any more.
    func close() {
        _ = try? leading(evenFailed: true) { () throws(SpoolError) in
            ledger = nil
            state.withLock { state in
                state.encoder.reset(database: nil)
                state.failure = .unwritable(reason: "it is closed")
            }
        }
    }

    /// Waits for the lead, commits the arrivals that wait, runs `body`, hands the lead on.
    private func leading<Result>(
        evenFailed: Bool = false, _ body: () throws(SpoolError) -> Result
    ) throws(SpoolError) -> Result {
        let turn = Turn()
        let leads = state.withLock { state in
            if state.isLed { state.jobs.append(turn) }
            defer { state.isLed = true }
            return !state.isLed
        }
        if !leads { _ = turn.waitLeads() }
        defer { passTheLead() }
        commitArrivals()
        if !evenFailed, let failure { throw failure }
        return try body()
    }

    private func commitArrivals() {
        let group = state.withLock { state in
            defer { state.arrivals = [] }
            return state.arrivals
        }
        guard !group.isEmpty else { return }
        var failure = failure ?? refusal()
        if failure == nil, let ledger {
            do throws(SpoolError) { try ledger.insert(group.flatMap(\.encoded)) } catch { failure = error }
        }
        if let failure { note(failure, droppingKeys: true) } else { state.withLock { $0.lastCommit = .now } }
        for (_, turn) in group { turn.end(failure) }
        if failure == nil { checkpoint() }
    }

    /// Those whose rows were committed are not kept waiting for it.
    private func checkpoint() {
        guard let ledger else { return }
        let pages = ledger.connection.pagesInLog
        // The log has started over since.
        if pages < checkpointedPages { checkpointedPages = 0 }
        guard pages - checkpointedPages >= checkpointPages else { return }
        checkpointedPages = pages
        do throws(SpoolError) { try ledger.connection.checkpoint() } catch { note(error) }
    }

    /// Remembers an error after which the disk's state is unknown. Arrivals that wait may lean on a key that was not
    /// written: they fail too.
    private func note(_ error: SpoolError, droppingKeys: Bool = false) {
        let dropped = state.withLock { state -> [Turn] in
            if error.leavesDoubt { state.failure = state.failure ?? error }
            guard droppingKeys || state.failure != nil else { return [] }
            state.encoder.forgetAll()
            defer { state.arrivals = [] }
            return state.arrivals.map(\.turn)
        }
        for turn in dropped { turn.end(error) }
    }

    private func passTheLead() {
        let next = state.withLock { state -> Turn? in
            // A job first: it commits the arrivals too.
            let next = state.jobs.isEmpty ? state.arrivals.first?.turn : state.jobs.removeFirst()
            state.isLed = next != nil
            return next
        }
        next?.lead()
    }
}

/// One thread's wait: for the lead, or for the end of its own commit.
private final class Turn: Sendable {
    private enum Stage { case waiting, leading, ended(SpoolError?) }

    private let stage = Monitor<Stage>(.waiting)

    func lead() { stage.update { $0 = .leading } }
    func end(_ failure: SpoolError?) { stage.update { $0 = .ended(failure) } }

    /// Whether this thread is to lead now; false: its commit is over.
    func waitLeads() -> Bool {
        let leads = stage.wait { stage -> Bool? in
            switch stage {
            case .waiting: nil
            case .leading: true
            case .ended: false
            }
        }
        return leads ?? false
    }

    /// Of a commit that is over.
    func outcome() -> SpoolError? {
        stage.withLock { stage in
            guard case .ended(let failure) = stage else { preconditionFailure("asked before the end") }
            return failure
        }
    }
}
