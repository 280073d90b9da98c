/// Why the spool did not do what it was asked. Its description says what happened, where, and what to do.
public enum SpoolError: Error, Equatable, Sendable {
    /// The directory or a file in it cannot be made or opened.
    case cannotOpen(path: String, reason: String)
    /// Another process holds the spool; `holder` is what it wrote about itself (its process number).
    case inUse(path: String, holder: String)
    /// A newer program has written this spool. Nothing in it was touched.
    case newerSchema(path: String, found: Int, supported: Int)
    /// The file is there but is no spool of ours.
    case notASpool(path: String)
    /// The disk, or what the reserve leaves of it, is full. Nothing was stored; storing works again once there is room.
    case full(path: String, free: Int?, reserve: Int)
    /// Images have taken what they may take. Nothing was stored; storing works again once some were sent.
    case overBudget(used: Int, budget: Int)
    /// A write or a sync failed; what the disk holds is not known until `recover()` has looked. Nothing was stored.
    case unwritable(reason: String)
    /// What lies in the spool does not read back as it was written.
    case damaged(place: String, reason: String)
    /// Reading failed; the spool may be whole.
    case unreadable(reason: String)
    /// One header or document is larger than the spool takes.
    case tooLarge(bytes: Int, limit: Int)
    /// No such row: `what` names it.
    case unknown(what: String)
    /// The study's deliveries are no longer those that the decision was made for: nothing was written, decide anew.
    case outdated
}

extension SpoolError {
    /// Of an error while writing: what was to be written may be there or not.
    var leavesDoubt: Bool {
        switch self {
        case .unwritable, .damaged: true
        case .full, .overBudget, .tooLarge, .unknown, .outdated, .unreadable, .cannotOpen, .inUse, .newerSchema,
            .notASpool:
            false
        }
    }
}

extension SpoolError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason):
            "cannot open the spool at \(path): \(reason); check that the directory exists and belongs to this user"
        case .inUse(let path, let holder):
            "the spool at \(path) is in use by process \(holder); stop it first, or choose another directory"
        case .newerSchema(let path, let found, let supported):
            "the spool at \(path) has version \(found) and this program knows versions up to \(supported); "
                + "run the newer program again (nothing was changed)"
        case .notASpool(let path):
            "\(path) is not a spool; move the file away, or choose another directory"
        case .full(let path, let free, let reserve):
            "no room for the spool at \(path): \(free.map(String.init) ?? "0") bytes free, \(reserve) kept in reserve; "
                + "free some space on this file system"
        case .overBudget(let used, let budget):
            "images take \(used) of the \(budget) bytes they may take; raise image_budget, or see what keeps their "
                + "destinations from taking them (kosgate destinations)"
        case .unwritable(let reason):
            "the spool cannot be written: \(reason); nothing is stored until the disk works again"
        case .damaged(let place, let reason):
            "the spool is damaged at \(place): \(reason)"
        case .unreadable(let reason):
            "the spool cannot be read: \(reason)"
        case .tooLarge(let bytes, let limit):
            "\(bytes) bytes are more than the spool takes at once (\(limit))"
        case .unknown(let what):
            "the spool has no \(what)"
        case .outdated:
            "the study's deliveries have changed since they were read; nothing was written"
        }
    }
}
