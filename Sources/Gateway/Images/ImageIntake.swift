import Associations
import DICOM
import DICOMNetwork
import Glibc
import Spool
import Studies
import Threads

/// Takes images into the spool: which ones are wanted, how they are kept, what room there is for them.
final class ImageIntake: Sendable {
    let spool: Spool
    let rules: ImageRules
    let caution: StudyCaution
    let modes: DestinationModes
    let senders: ImageSenders
    /// Ours.
    let aeTitle: AETitle
    let setting: Configuration.ImageCompression
    private let choice = Monitor(CompressionChoice())
    private let post: @Sendable (OperatorEvent) -> Void
    /// Room for images was short when it was last looked at.
    private let isShort = Monitor(false)
    private let destinations: Monitor<[ImageOutlet]>

    init(_ configuration: Configuration, spool: Spool, post: @escaping @Sendable (OperatorEvent) -> Void) {
        self.spool = spool
        self.post = post
        aeTitle = configuration.aeTitle
        rules = ImageRules(configuration.imageDestinations)
        setting = configuration.imageCompression
        caution = StudyCaution(spool)
        modes = DestinationModes(spool)
        senders = ImageSenders(spool)
        destinations = Monitor([])
    }

    /// Where the images go, once these are there.
    func connect(_ outlets: [ImageOutlet]) { destinations.withLock { $0 = outlets } }

    func tell(_ event: ImagesEvent) { post(.images(event)) }

    func isConfigured(_ name: String) -> Bool { destinations.withLock { $0.contains { $0.name == name } } }

    /// Something was queued for these, released, or taken away.
    func wake(_ names: some Sequence<String>, isUrgent: Bool = false) {
        let names = Set(names)
        for outlet in destinations.withLock({ $0 }) where names.contains(outlet.name) { outlet.wake(isUrgent) }
    }

    /// What a destination that we asked for storage commitment says.
    func committed(_ result: CommitmentResult, by association: AssociationIdentity) -> Status {
        for outlet in destinations.withLock({ $0 }) {
            if let status = outlet.committed(result) { return status }
        }
        return CommitmentResult.unknownTransaction
    }

    // MARK: Room

    /// Whether an association may be let in that may bring images.
    func hasRoom(source: String, called: AETitle) -> Bool {
        rules.isEmpty || !rules.mayWant(source: source, called: called) || obstacle() == nil
    }

    /// Why no image is taken; told when that begins and when it ends.
    private func obstacle() -> SpoolError? {
        let pressure = spool.imagePressure
        let change = isShort.withLock { isShort -> ImagesEvent? in
            guard isShort != (pressure != nil) else { return nil }
            isShort = pressure != nil
            return pressure.map { .unwritable(reason: $0.description) } ?? .writable
        }
        if let change { tell(change) }
        return pressure
    }

    // MARK: One image

    /// Nil: no destination wants it, whatever its header says.
    func taker(
        for instance: ArrivingInstance, of association: AssociationIdentity, from source: Configuration.Source
    ) -> ImageTaker? {
        guard !rules.isEmpty else { return nil }
        let candidates = rules.candidates(
            source: source.name, calling: association.calling, called: association.called,
            sopClass: instance.sopClassUID)
        guard !candidates.isEmpty else { return nil }
        let head = ImageHead(instance, from: association.calling)
        return ImageTaker(candidates) { [self] () throws(SpoolError) in
            if let obstacle = obstacle() { throw obstacle }
            return try spool.newImage(head: head.bytes, compression: compression(head, for: candidates.names))
        }
    }

    /// A file for a document that is here as a whole.
    func file(_ head: ImageHead, dataSet: [UInt8]) throws(SpoolError) -> ImageFile {
        let writer = try spool.newImage(head: head.bytes, compression: .none, isDocument: true)
        try writer.append(dataSet.span.bytes)
        return try writer.finish()
    }

    private func compression(_ head: ImageHead, for names: [String]) -> ImageCompression {
        let isPilingUp = setting == .auto && isPilingUp(names)
        let level = choice.withLock { $0.level(of: head.kind, setting, isPilingUp: isPilingUp, isIdle: Self.isIdle) }
        return level.map { .zstd(level: Int32($0)) } ?? .none
    }

    /// Half of the processors had nothing to do in the last minute.
    private static func isIdle() -> Bool {
        var load = 0.0
        return getloadavg(&load, 1) == 1 && load * 2 < Double(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }

    /// What was kept of it teaches what to do with the next ones.
    func note(_ file: ImageFile, _ sopClass: SOPClassUID, _ transferSyntax: TransferSyntax) {
        guard file.isCompressed else { return }
        let kind = CompressionChoice.Kind(sopClass: sopClass, transferSyntax: transferSyntax)
        choice.withLock { $0.note(kind, bytes: file.dataSetBytes, stored: file.storedBytes - file.headBytes) }
    }

    private func isPilingUp(_ names: [String]) -> Bool {
        destinations.withLock { $0 }.contains { names.contains($0.name) && $0.isStopped() }
    }
}

/// A destination's sender, as the intake sees it.
struct ImageOutlet: Sendable {
    let name: String
    /// Something was queued; whether it goes before all else.
    let wake: @Sendable (Bool) -> Void
    /// The answer to a result of storage commitment; nil: it did not ask for it.
    let committed: @Sendable (CommitmentResult) -> Status?
    /// It sends nothing for now: down, paused or out of its hours.
    let isStopped: @Sendable () -> Bool
}
