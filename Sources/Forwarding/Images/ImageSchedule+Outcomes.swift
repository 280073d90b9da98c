import Spool
import Threads

extension ImageSchedule {
    /// What becomes of an image that was not taken.
    enum Fate: Equatable {
        case postpone(Duration)
        case bury
    }

    // MARK: Reading

    /// The page that was asked for.
    /// - Parameter postponed: in how long the next of the postponed images is due, asked with the first page.
    mutating func read(_ images: [ImageDelivery], postponed: Duration?, at now: MonotonicInstant) {
        spoolFailures = 0
        ourTrouble.worked(.reading)
        order.found(images)
        presentations.note(images)
        if let postponed { nextPostponed = earliest(nextPostponed, now + max(postponed, .milliseconds(1))) }
    }

    // MARK: Sending

    /// The destination has it.
    /// - Parameter wasThere: it had the SOP Instance UID already.
    /// - Returns: how its state changed, and whether the remark is its study's first.
    mutating func taken(
        _ worker: Int, remark: String?, wasThere: Bool = false, at now: MonotonicInstant, date: Timestamp
    ) -> (change: Breaker.Change?, isFirstRemark: Bool) {
        guard let transfer = transfers.removeValue(forKey: worker) else { return (nil, false) }
        let image = transfer.image
        acknowledgements.add(image, at: now)
        rate.add(image.bytes, from: transfer.start, until: now)
        if !configuration.commit { refusals[image.id] = nil }
        suspicion.taken(image.study)
        ourTrouble.worked(.sending)
        lastSuccess = date
        let isFirst = progress.sent(image, from: transfer.start, until: now, remark: remark, wasThere: wasThere)
        return (breaker.succeeded(), isFirst)
    }

    /// It was not sent, or it is not known that it was not taken; what is to become of it, and how the destination's state
    /// changed.
    mutating func failed(
        _ worker: Int, _ failure: DeliveryFailure, at now: MonotonicInstant, date: Timestamp, chance: Double
    ) -> (fate: Fate, change: Breaker.Change?) {
        lastFailure = ImageDestinationCondition.Failure(at: date, reason: failure.reason)
        ourTrouble.worked(.sending)
        guard let transfer = transfers.removeValue(forKey: worker) else { return (.bury, nil) }
        let image = transfer.image
        switch failure.kind {
        case .refused: return (.bury, breaker.succeeded())
        case .doubtful, .notAccepted:
            // An image that is refused again says nothing new of the destination, unless it probes it.
            let isNew = refusals[image.id] == nil || breaker.isHalfOpen
            // While the destination is in trouble, nothing is said of the image.
            let isItsOwn = breaker.isClosed
            let change = suspicion.refused(image.study) && isNew ? breakDown(transfer, at: now, chance) : nil
            if isItsOwn { return (refused(image, chance), change) }
            troubled.insert(image.id)
            let count = (refusals[image.id] ?? 0) + 1
            return (.postpone(configuration.refusalSchedule.delay(afterFailures: count, chance: chance)), change)
        case .busy, .unreachable:
            troubled.insert(image.id)
            let delay = configuration.schedule.delay(afterFailures: image.attempts + 1, chance: chance)
            return (.postpone(delay), breakDown(transfer, at: now, chance))
        }
    }

    /// It is given up without a word from the destination.
    mutating func refusedBefore(_ worker: Int) { transfers[worker] = nil }

    /// The file cannot be read: a disk may recover, so that it is given up only at the limit.
    mutating func unreadable(_ worker: Int, chance: Double) -> Fate {
        guard let image = transfers.removeValue(forKey: worker)?.image else { return .bury }
        return refused(image, chance)
    }

    /// Refused in a way that may pass, or not committed.
    mutating func refused(_ image: ImageDelivery, _ chance: Double) -> Fate {
        // Nobody tells of those that were dropped.
        if refusals.count >= Self.refusalsLimit { refusals = [:] }
        let count = (refusals[image.id] ?? 0) + 1
        guard count < configuration.refusalLimit else {
            refusals[image.id] = nil
            return .bury
        }
        refusals[image.id] = count
        return .postpone(configuration.refusalSchedule.delay(afterFailures: count, chance: chance))
    }

    /// No association could be opened for it: a failure of the destination alone.
    mutating func untouched(
        _ worker: Int, _ failure: DeliveryFailure?, at now: MonotonicInstant, date: Timestamp, chance: Double
    ) -> Breaker.Change? {
        guard let transfer = transfers.removeValue(forKey: worker) else { return nil }
        order.putBack(transfer.image)
        guard let failure else { return nil }
        lastFailure = ImageDestinationCondition.Failure(at: date, reason: failure.reason)
        return breakDown(transfer, at: now, chance)
    }

    /// It is not to be sent any more, or not now: somebody else changed that.
    mutating func gone(_ worker: Int) {
        if let image = transfers.removeValue(forKey: worker)?.image { forget(image) }
    }

    mutating func forget(_ image: ImageDelivery) {
        refusals[image.id] = nil
        troubled.remove(image.id)
        order.finished([image.id])
    }

    /// What began before the destination was left alone, or is probed, says nothing new.
    private mutating func breakDown(
        _ transfer: Transfer, at now: MonotonicInstant, _ chance: Double
    ) -> Breaker.Change? {
        switch breaker.state {
        case .open: nil
        case .halfOpen where transfer.start < probingSince: nil
        case .halfOpen, .closed: breaker.failed(at: now, chance: chance)
        }
    }

    /// Written down in the spool: it is due again after the delay, or a dead letter.
    /// - Returns: whether it is to be told: the first of its study, and not while the whole destination is left alone.
    mutating func settled(_ image: ImageDelivery, _ fate: Fate, at now: MonotonicInstant) -> Bool {
        order.finished([image.id])
        ourTrouble.worked(.writing)
        switch fate {
        case .postpone(let delay):
            nextPostponed = earliest(nextPostponed, now + delay)
            let isFirst = progress.refused(image, at: now)
            if case .closed = breaker.state { return isFirst }
            return false
        case .bury:
            // A barrier may have waited for it.
            order.lookAgain()
            return progress.buried(image, at: now)
        }
    }

    /// What waited for the destination, which is back.
    mutating func takeTroubled() -> [ImageDelivery.ID] {
        defer { troubled = [] }
        return Array(troubled)
    }

    // MARK: Writing down

    mutating func acknowledged(_ images: [ImageDelivery], emptied: Set<StudyEntry.ID>) {
        acknowledgements.written()
        ourTrouble.worked(.writing)
        order.finished(images.lazy.map(\.id))
        progress.emptied(emptied)
        // What a barrier kept back, or the barrier itself, is due now.
        order.lookAgain()
    }

    mutating func notWritten(_ images: [ImageDelivery]) { acknowledgements.giveBack(images) }

    /// Something here fails: whatever is not written is tried again after the delay.
    /// - Returns: the delay, and whether it is to be told.
    mutating func stuck(
        _ work: OurTrouble.Work, _ reason: String, at now: MonotonicInstant, date: Timestamp, chance: Double
    ) -> (delay: Duration, isNews: Bool) {
        spoolFailures += spoolFailures < .max ? 1 : 0
        let delay = configuration.schedule.delay(afterFailures: spoolFailures, chance: chance)
        stuckUntil = now + delay
        lastFailure = ImageDestinationCondition.Failure(at: date, reason: reason)
        order.lookAgain()
        return (delay, ourTrouble.failed(work, at: now))
    }

    // MARK: Storage commitment

    mutating func marked(_ images: [ImageDelivery]) {
        acknowledgements.written()
        ourTrouble.worked(.writing)
        order.finished(images.lazy.map(\.id))
        order.lookAgain()
    }

    /// - Parameters:
    ///   - count: of images that were asked for again.
    ///   - limit: as many as are asked for at once.
    mutating func asked(images count: Int, of limit: Int, at now: MonotonicInstant) {
        if count > 0 { ourTrouble.worked(.writing) }
        nextAsk = earliest(nextAsk, now + (count < limit ? configuration.commitmentTimeout / 6 : .zero))
        if count < limit { (asksAll, allBefore) = (false, nil) }
    }

    /// What was asked before this is asked for again.
    mutating func askBefore(_ date: Timestamp) -> Timestamp {
        guard asksAll else { return date + (.zero - configuration.commitmentTimeout) }
        let before = allBefore ?? date
        allBefore = before
        return before
    }

    /// The destination could not be asked.
    /// - Parameter reason: nil: it was not tried, or says nothing of the destination.
    /// - Returns: in how long it is asked again, and whether it was asked in vain for another reason than the last time.
    mutating func notAsked(
        _ reason: String?, at now: MonotonicInstant, chance: Double
    ) -> (delay: Duration, isNews: Bool) {
        askFailures += askFailures < .max ? 1 : 0
        let delay = configuration.schedule.delay(afterFailures: askFailures, chance: chance)
        nextAsk = earliest(nextAsk, now + delay)
        if reason != nil { ourTrouble.worked(.sending) }
        defer { commitmentFailure = reason ?? commitmentFailure }
        return (delay, reason != nil && reason != commitmentFailure)
    }

    /// The destination has taken a request.
    mutating func takesRequests() {
        (askFailures, commitmentFailure) = (0, nil)
        ourTrouble.worked(.sending)
    }

    mutating func committed(_ images: [ImageDelivery], _ transaction: String, emptied: Set<StudyEntry.ID>) {
        for image in images { refusals[image.id] = nil }
        know(transaction)
        progress.emptied(emptied)
    }

    /// A result of it says nothing any more; that it is told is no fault of the destination.
    mutating func know(_ transaction: String) {
        knownTransactions.append(transaction)
        if knownTransactions.count > Self.transactionLimit { knownTransactions.removeFirst() }
    }

    func isKnown(_ transaction: String) -> Bool { knownTransactions.contains(transaction) }

    // MARK: For operators

    mutating func condition(at now: MonotonicInstant, date: Timestamp) -> ImageDestinationCondition {
        var condition = ImageDestinationCondition(
            outbox: configuration.outbox, destination: configuration.destination)
        condition.mode = mode ?? .running
        condition.transfers = transfers.sorted { $0.key < $1.key }.map { _, transfer in
            .init(instance: transfer.image.instance, bytes: transfer.image.bytes, since: transfer.since)
        }
        condition.associations = open.count
        condition.bytesPerSecond = rate.bytesPerSecond(at: now)
        condition.lastSuccess = lastSuccess
        condition.lastFailure = lastFailure
        condition.commitmentFailure = commitmentFailure
        condition.activity = activity(at: now, date)
        return condition
    }

    private mutating func activity(at now: MonotonicInstant, _ date: Timestamp) -> ImageDestinationCondition.Activity {
        switch obstacle(at: now, date) {
        case .paused where transfers.isEmpty: .paused
        case .closed(let until) where transfers.isEmpty: .closed(until: until)
        case .stuck(let until): .waiting(until: date + (until - now), reason: lastFailure?.reason ?? "")
        case .down(let until): .waiting(until: date + (until - now), reason: lastFailure?.reason ?? "")
        case .stopping, .paused, .closed, .probing, nil: transfers.isEmpty ? .idle : .sending
        }
    }
}
