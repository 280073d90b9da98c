import Threads

/// Gathers what is written down together: each group costs a sync of the disk, or a question to the destination.
struct Grouping<Element: Equatable & Sendable>: Equatable, Sendable {
    /// Of one group.
    let limit: Int
    /// From the first of a group on.
    let patience: Duration
    /// Without another one.
    let quiet: Duration

    private(set) var elements: [Element] = []
    private var first = MonotonicInstant(nanoseconds: 0)
    private var last = MonotonicInstant(nanoseconds: 0)
    /// One group at a time is written.
    private(set) var isOut = false

    init(limit: Int, patience: Duration, quiet: Duration) {
        self.limit = limit
        self.patience = patience
        self.quiet = quiet
    }

    mutating func add(_ element: Element, at now: MonotonicInstant) {
        if elements.isEmpty { first = now }
        last = now
        elements.append(element)
    }

    /// When what is there is written, if nothing more comes; nil: nothing is there, or a group is out.
    var due: MonotonicInstant? {
        guard !elements.isEmpty, !isOut else { return nil }
        if elements.count >= limit { return MonotonicInstant(nanoseconds: 0) }
        return min(first + patience, last + quiet)
    }

    /// The group that is to be written now, if one is. `written` or `giveBack` follows.
    /// - Parameter isHurried: nothing more comes: what is there is a group.
    mutating func take(at now: MonotonicInstant, isHurried: Bool = false) -> [Element]? {
        guard let due, isHurried || due <= now else { return nil }
        let group = Array(elements.prefix(limit))
        elements.removeFirst(group.count)
        first = now
        isOut = true
        return group
    }

    mutating func written() { isOut = false }

    /// It could not be written.
    mutating func giveBack(_ group: [Element]) {
        elements.insert(contentsOf: group, at: 0)
        isOut = false
    }
}
