import Spool
import Threads

/// The study whose notes were last met while others were settled: a note that means instances of hundreds of studies is
/// a neighbour of each, and read once.
final class NotingNeighbour: Sendable {
    private let last = Monitor<(entry: StudyEntry, replay: StudyReplay)?>(nil)
    private let count = Monitor(0)

    /// How many studies were read from the spool.
    var readings: Int { count.withLock { $0 } }

    /// - Parameter entry: as the spool has it now; it changes with all that comes for the study.
    func replay(of entry: StudyEntry, in spool: Spool, _ settings: StudySettings) throws(SpoolError) -> StudyReplay {
        if let last = last.withLock({ $0 }), last.entry == entry { return last.replay }
        count.withLock { $0 += 1 }
        let replay = try StudyReplay(of: entry, in: spool, settings)
        if replay.namingNotes.contains(where: { !$0.strangers.isEmpty }) { last.withLock { $0 = (entry, replay) } }
        return replay
    }
}
