import Associations
import DICOM
import Spool
import Threads

/// What associations to a destination are opened for: what was due of late, the latest first, and what it does not take.
struct PresentationBook: Equatable {
    /// Half of the contexts that an association has: an uncompressed one takes two.
    private static let limit = 64
    /// A destination may be taught another SOP class any time.
    private static let refusalTime = Duration.seconds(300)

    private var recent: [Presentation] = []
    private var refused: [Presentation: MonotonicInstant] = [:]

    mutating func note(_ images: [ImageDelivery]) {
        var seen: Set<Presentation> = []
        let latest = images.map(\.presentation).filter { seen.insert($0).inserted }.prefix(Self.limit)
        guard !latest.allSatisfy(recent.contains) else { return }
        recent = Array((latest + recent.filter { !seen.contains($0) }).prefix(Self.limit))
    }

    /// For an association that can take this presentation, and as many others of late as there is room for.
    func proposals(for presentation: Presentation, withCommitment: Bool) -> [Association.Proposal] {
        let limit = withCommitment ? 127 : 128
        let plan = Association.plan(for: [presentation] + recent, limit: limit)
        return (plan.first ?? []) + (withCommitment ? [.storageCommitment] : [])
    }

    /// The destination does not take it, on an association of its own.
    mutating func refused(_ presentation: Presentation, at now: MonotonicInstant) {
        refused = refused.filter { $0.value > now }
        refused[presentation] = now + Self.refusalTime
    }

    func isRefused(_ presentation: Presentation, at now: MonotonicInstant) -> Bool {
        refused[presentation].map { $0 > now } ?? false
    }

    mutating func forgetRefusals() { refused = [:] }
}

extension ImageDelivery {
    var presentation: Presentation { Presentation(SOPClassUID(sopClass), TransferSyntax(transferSyntax)) }
}
