import Spool

/// Which studies' refusals tell nothing of their destination. A refusal of a kind that may pass is the destination's
/// trouble or the image's own fault: as long as nobody knows, the images of such studies wait for the others, and once one
/// of those was taken, the refused study is known to be at fault.
struct Suspicion: Equatable {
    private(set) var suspects: Set<StudyEntry.ID> = []
    private(set) var convicted: Set<StudyEntry.ID> = []
    private static let limit = 1000

    /// - Returns: whether it counts against the destination.
    mutating func refused(_ study: StudyEntry.ID) -> Bool {
        if convicted.contains(study) { return false }
        suspects.insert(study)
        return true
    }

    /// An image of this study was taken.
    mutating func taken(_ study: StudyEntry.ID) {
        convicted.remove(study)
        guard !suspects.isEmpty else { return }
        if convicted.count >= Self.limit { convicted = [] }
        convicted.formUnion(suspects.filter { $0 != study })
        suspects = []
    }

    mutating func forgetAll() { self = Suspicion() }
}
