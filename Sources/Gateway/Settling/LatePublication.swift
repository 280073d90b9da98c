import Spool
import Studies

/// Gives a destination that was configured later what was settled before: such studies are settled again, a page at a
/// time, so that however many there are little of them is in memory.
struct LatePublication: Sendable {
    /// Studies that are looked at for a page.
    static let window = 1_000
    /// Held studies follow by their release, open ones by themselves; the others have nothing to send.
    static let states: [StudyState] = [.sending, .refused, .published]

    let destination: String
    let since: Timestamp
    let word: OperatorWord
    /// Studies of this page that are not settled yet.
    var pending: Set<StudyKey> = []
    private(set) var after: StudyEntry.ID?
    private(set) var isAtEnd = false
    /// Studies settled for it so far.
    private(set) var settled = 0

    init(to destination: String, since: Timestamp, by word: OperatorWord) {
        (self.destination, self.since, self.word) = (destination, since, word)
    }

    func page(of spool: Spool) throws(SpoolError) -> LackingStudies {
        try spool.studies(
            lacking: destination, in: Self.states.map(\.rawValue), since: since, after: after, window: Self.window)
    }

    /// How many studies it is about.
    func count(in spool: Spool) throws(SpoolError) -> Int {
        var rest = self
        var count = 0
        while !rest.isAtEnd {
            let page = try rest.page(of: spool)
            count += page.studies.count
            rest.take(page, [])
        }
        return count
    }

    mutating func take(_ page: LackingStudies, _ keys: [StudyKey]) {
        pending = Set(keys)
        settled += keys.count
        after = page.next ?? after
        isAtEnd = page.next == nil
    }

    func event(at time: Timestamp) -> HistoryEvent { word.event("publish to \(destination)", at: time) }
}
