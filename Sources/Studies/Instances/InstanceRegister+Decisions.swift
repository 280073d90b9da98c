import DICOM

extension InstanceRegister {
    mutating func decide(_ action: Decision.Action, at time: Int64) -> [Remark] {
        switch action {
        case .hold:
            isHeldByHand = true
            return []
        case .release(let holds, let instances):
            releasedHolds.formUnion(holds.subtracting([Decision.heldByHand]))
            if holds.contains(Decision.heldByHand) { isHeldByHand = false }
            let count = release(instances ?? entries.filter { $0.value.verdict == .quarantined }.map(\.key))
            return count == 0 ? [] : [.released(count: count)]
        case .withdraw(let title):
            let count = withdraw(title)
            return count == 0 ? [] : [.withdrawn(title: title, count: count)]
        }
    }

    /// - Returns: how many were not live before.
    private mutating func release(_ uids: [InstanceUID]) -> Int {
        var count = 0
        for uid in uids {
            guard var entry = entries[uid], entry.verdict != .live else { continue }
            count += 1
            guard entry.copies > 0, let place = entry.history else {
                forget(uid, entry)
                continue
            }
            let current = entry.current
            histories[place].rejected.removeAll { $0 == current }
            histories[place].awaited = []
            set(.live, &entry)
            entries[uid] = entry
        }
        return count
    }

    private mutating func withdraw(_ title: String) -> Int {
        // What is in quarantine is not to come back by a release.
        let withdrawn = entries.filter { $0.value.verdict != .rejected }.map(\.key)
        let index = titles.index(of: title)
        for uid in withdrawn {
            guard var entry = entries[uid] else { continue }
            change(&entry)
            if let place = entry.history {
                histories[place].rejection = (index, nil)
                histories[place].remember(rejected: entry.current)
                histories[place].awaited = []
            }
            set(.rejected, &entry)
            entries[uid] = entry
        }
        return withdrawn.count
    }
}
