import Spool
import Threads

/// What went to a destination of each study, until its queue there has been empty for a while.
struct ImageProgress: Equatable {
    struct Study: Equatable {
        var forwarding: StudyForwarding
        var first: MonotonicInstant
        var last: MonotonicInstant
        /// Nothing of it was waiting when it was last looked at.
        var isEmptied = false
        var wasRefused = false

        fileprivate mutating func add(_ later: Study) {
            first = forwarding.instances == 0 ? later.first : first
            forwarding.instances += later.forwarding.instances
            forwarding.bytes += later.forwarding.bytes
            forwarding.dead += later.forwarding.dead
            forwarding.remarks += later.forwarding.remarks
            forwarding.lastRemark = later.forwarding.lastRemark ?? forwarding.lastRemark
            forwarding.alreadyThere.formUnion(later.forwarding.alreadyThere)
            forwarding.duration = max(forwarding.duration, later.first + later.forwarding.duration - first)
            last = max(last, later.last)
            isEmptied = later.isEmptied
            wasRefused = wasRefused || later.wasRefused
        }

        /// The first dead letter was told by itself.
        var isWorthTelling: Bool { forwarding.instances > 0 || forwarding.dead > 1 }
    }

    /// While something of it waits that is not sent, it is looked at less often.
    private static let patience = 6

    let quiet: Duration
    private(set) var studies: [StudyEntry.ID: Study] = [:]

    init(quiet: Duration) { self.quiet = quiet }

    /// - Returns: whether it is the first of its study with a remark.
    mutating func sent(
        _ image: ImageDelivery, from start: MonotonicInstant, until end: MonotonicInstant, remark: String?,
        wasThere: Bool
    ) -> Bool {
        update(image.study, at: end) { study in
            study.first = study.forwarding.instances == 0 ? start : min(study.first, start)
            study.isEmptied = false
            study.forwarding.instances += 1
            study.forwarding.bytes += image.bytes
            study.forwarding.duration = end - study.first
            if wasThere, let arrival = image.arrival { study.forwarding.alreadyThere.insert(arrival) }
            guard let remark else { return false }
            study.forwarding.remarks += 1
            study.forwarding.lastRemark = "\(image.instance): \(remark)"
            return study.forwarding.remarks == 1
        }
    }

    /// - Returns: whether it is the first of its study.
    mutating func refused(_ image: ImageDelivery, at now: MonotonicInstant) -> Bool {
        update(image.study, at: now) { study in
            defer { study.wasRefused = true }
            return !study.wasRefused
        }
    }

    /// - Returns: whether it is the first of its study.
    mutating func buried(_ image: ImageDelivery, at now: MonotonicInstant) -> Bool {
        update(image.study, at: now) { study in
            study.forwarding.dead += 1
            return study.forwarding.dead == 1
        }
    }

    private mutating func update(
        _ id: StudyEntry.ID, at now: MonotonicInstant, _ change: (inout Study) -> Bool
    ) -> Bool {
        var study = studies[id] ?? Study(forwarding: StudyForwarding(study: id), first: now, last: now)
        study.last = max(study.last, now)
        defer { studies[id] = study }
        return change(&study)
    }

    mutating func emptied(_ emptied: Set<StudyEntry.ID>) {
        for study in emptied { studies[study]?.isEmptied = true }
    }

    /// When the first of them is to be told, or looked at.
    var due: MonotonicInstant? { studies.values.map(due).min() }

    private func due(_ study: Study) -> MonotonicInstant {
        study.last + (study.isEmptied ? quiet : quiet * Self.patience)
    }

    /// Those that have been quiet: to be told if nothing of them waits, or else `resume`d.
    /// - Parameter isHurried: nothing more is sent.
    mutating func takeDue(at now: MonotonicInstant, isHurried: Bool = false) -> [Study] {
        let due = studies.values.filter { isHurried ? $0.isEmptied : self.due($0) <= now }
        for study in due { studies[study.forwarding.study] = nil }
        return due.sorted { $0.forwarding.study < $1.forwarding.study }
    }

    /// Something of it waits.
    mutating func resume(_ study: Study, at now: MonotonicInstant) {
        var study = study
        study.last = now
        // It may have gone on meanwhile.
        if let present = studies[study.forwarding.study] { study.add(present) }
        studies[study.forwarding.study] = study
    }
}
