import Associations
import DICOM
import DICOMNetwork
import Spool
import Threads

extension ImageSender {
    /// What came of a try.
    private enum Outcome: Error {
        case answered(StoreStatus)
        /// Not taken, as far as is known; it was sent, or is refused without.
        case failed(DeliveryFailure)
        /// Nor is it known here: the destination ended the association over it.
        case ended(DeliveryFailure)
        /// The destination was not asked: of late it refused the like.
        case refusedBefore(DeliveryFailure)
        /// Nothing of it left. Without a failure nobody is at fault.
        case untouched(DeliveryFailure?)
        /// For want of something here: neither it nor the destination is at fault.
        case hindered(String)
        case unreadable(String)
    }

    /// An association that can take an image, and how.
    private enum Way {
        case asItIs
        case reencoded(TransferSyntax)
    }

    /// Tries one image, and writes down what came of it.
    func send(_ image: ImageDelivery, _ pulse: Pulse.Step) throws(SpoolError) {
        do throws(SpoolError) {
            guard let outcome = try attempt(image, pulse) else { return desk.update { s, _, _ in s.gone(number) } }
            try conclude(image, outcome)
        } catch {
            tell(desk.update { s, now, date in s.untouched(number, nil, at: now, date: date, chance: 0) }, nil)
            throw error
        }
    }

    /// Nil: it is not to be sent any more, or not now.
    private func attempt(_ image: ImageDelivery, _ pulse: Pulse.Step) throws(SpoolError) -> Outcome? {
        var outcome: Outcome?
        // A peer may end an association after so many images, and say so only when it is sent one more.
        for _ in 0..<2 {
            let reader: ImageReader
            do throws(SpoolError) {
                guard let found = try spool.begin(image.id) else { return nil }
                reader = found
            } catch {
                switch error {
                case .damaged, .unreadable: return .unreadable(error.description)
                case .cannotOpen, .inUse, .newerSchema, .notASpool, .full, .overBudget, .unwritable, .tooLarge,
                    .unknown, .outdated:
                    throw error
                }
            }
            let wasUsed = association != nil && answers > 0
            outcome = transmit(image, reader, pulse)
            guard wasUsed, case .ended = outcome else { break }
        }
        return outcome
    }

    private func transmit(_ image: ImageDelivery, _ reader: ImageReader, _ pulse: Pulse.Step) -> Outcome {
        do throws(Outcome) {
            return store(image, reader, try way(for: image.presentation), pulse)
        } catch {
            return error
        }
    }

    private func store(
        _ image: ImageDelivery, _ reader: ImageReader, _ way: Way, _ pulse: Pulse.Step
    ) -> Outcome {
        // Held here while in use: an error ends it.
        guard var open = association.take() else { return .untouched(nil) }
        let (source, transferSyntax) = self.source(image, reader, way)
        let isPaced = configuration.throttle != nil
        do throws(AssociationError) {
            let answer = try open.store(
                sopClassUID: SOPClassUID(image.sopClass), sopInstanceUID: InstanceUID(image.instance),
                transferSyntax: transferSyntax, priority: image.isUrgent ? .high : .medium, dataSet: source,
                fragmentLimit: configuration.fragmentLimit,
                progress: { bytes in
                    pulse.progress()
                    return isPaced ? desk.pace(bytes) : true
                })
            answers += 1
            // Of Message IDs that the peer says are in use, another association begins anew.
            if answer.status.rawValue != 0x0210 { association = consume open }
            return .answered(answer)
        } catch {
            if error.isShortage { return .hindered(error.description) }
            switch error {
            case .source(let fault): return .unreadable(fault.description)
            case .abandoned: return .untouched(nil)
            case .aborted, .closed, .handshake, .socket: return .ended(DeliveryFailure(error))
            // One that was silent would be silent again, and nobody told of it.
            case .rejected, .noContext, .unknownHost, .connect, .timedOut, .fault:
                return .failed(DeliveryFailure(error))
            }
        }
    }

    /// Where its bytes come from, and the transfer syntax they come in.
    private func source(
        _ image: ImageDelivery, _ reader: ImageReader, _ way: Way
    ) -> (Association.DataSetSource, TransferSyntax) {
        let own = TransferSyntax(image.transferSyntax)
        switch way {
        case .asItIs:
            guard let file = reader.plainFile else { return (.reader(StoredDataSet(reader)), own) }
            return (.file(path: file.path, offset: file.offset, length: image.bytes), own)
        case .reencoded(let other):
            return (.reader(ReencodedDataSet(StoredDataSet(reader), from: own, to: other)), other)
        }
    }

    // MARK: Associations

    /// Opens another association when the one that is open is for other images.
    private func way(for presentation: Presentation) throws(Outcome) -> Way {
        if desk.read({ s, now, _ in s.presentations.isRefused(presentation, at: now) }) {
            throw .refusedBefore(refusal(presentation, nil))
        }
        if let way = service(presentation) { return way }
        let proposals = desk.read { s, _, _ in
            s.presentations.proposals(for: presentation, withCommitment: configuration.commit)
        }
        try open(proposals)
        if let way = service(presentation) { return way }
        let takesOthers = takesSomething
        // Perhaps it does not take so many contexts at once. Who answers an echo is in order, and refuses just this.
        try open(Association.plan(for: [presentation])[0] + [.verification])
        if let way = service(presentation) { return way }
        let isInOrder = takesOthers || takesSomething
        let result = association?.contexts.first?.result
        letGo()
        // Who takes nothing at all is in trouble, or not set up for us: that says nothing of this image.
        guard isInOrder else { throw .failed(refusal(presentation, result, .notAccepted)) }
        desk.update { s, now, _ in s.presentations.refused(presentation, at: now) }
        throw .failed(refusal(presentation, result))
    }

    private func service(_ presentation: Presentation) -> Way? {
        switch association?.service(of: presentation) {
        case .asTheyAre: .asItIs
        case .reencoded(let other): .reencoded(other)
        case .refused, .notProposed, nil: nil
        }
    }

    private var takesSomething: Bool {
        association?.contexts.contains { $0.isAccepted && $0.abstractSyntax != .storageCommitmentPushModel } ?? false
    }

    private func refusal(
        _ presentation: Presentation, _ result: ContextResult?, _ kind: DeliveryFailure.Kind = .refused
    ) -> DeliveryFailure {
        let error = AssociationError.noContext(presentation.sopClassUID, presentation.transferSyntax, result)
        return DeliveryFailure(kind, DeliveryFailure(error).reason, wasSent: false)
    }

    /// In place of the one that is open.
    private func open(_ proposals: [Association.Proposal]) throws(Outcome) {
        do throws(AssociationError) {
            try associate(proposals)
        } catch {
            if error.isShortage { throw .hindered(error.description) }
            guard error.mayBeLimit, let limited = desk.update({ s, now, _ in s.limited(number, at: now) })
            else { throw .untouched(DeliveryFailure(error, wasSent: false)) }
            if limited.isNews {
                report(
                    .limited(
                        destination: destination, associations: limited.associations, reason: error.description))
            }
            throw .untouched(nil)
        }
    }

    /// In place of the one that is open.
    func associate(_ proposals: [Association.Proposal]) throws(AssociationError) {
        letGo()
        desk.update { s, _, _ in _ = s.opening.insert(number) }
        defer { desk.update { s, _, _ in _ = s.opening.remove(number) } }
        var opened = try Association(configuration.association, proposing: proposals)
        answers = 0
        if configuration.commit {
            opened.reportCommitments(to: { [book, awaited] result in
                awaited.withLock { _ = $0.remove(result.transaction) }
                return book.answer(to: result)
            })
        }
        association = consume opened
    }

    // MARK: What came of it

    private func conclude(_ image: ImageDelivery, _ outcome: Outcome) throws(SpoolError) {
        switch outcome {
        case .answered(let answer): try conclude(image, answer)
        case .failed(let failure), .ended(let failure): try failed(image, failure)
        case .refusedBefore(let failure):
            desk.update { s, _, _ in s.refusedBefore(number) }
            try settle(image, .bury, failure)
        case .untouched(let failure):
            let change = desk.update { s, now, date in
                s.untouched(number, failure, at: now, date: date, chance: clock.chance())
            }
            tell(change, failure)
        case .hindered(let reason):
            tell(desk.update { s, now, date in s.untouched(number, nil, at: now, date: date, chance: 0) }, nil)
            stuck(reason, .sending)
        case .unreadable(let reason):
            let fate = desk.update { s, _, _ in s.unreadable(number, chance: clock.chance()) }
            try settle(
                image, fate, DeliveryFailure(.doubtful, "\(ImageDelivery.fileNotWhole): \(reason)", wasSent: false))
        }
    }

    private func conclude(_ image: ImageDelivery, _ answer: StoreStatus) throws(SpoolError) {
        let remark: String?
        let verdict = DeliveryVerdict(answer.status)
        switch verdict {
        case .stored, .alreadyThere: remark = nil
        case .storedWithWarning: remark = answer.sentence
        case .failed(let kind):
            let text = answer.sentence
            return try failed(image, DeliveryFailure(kind, "it answered \(text)", answer: text))
        }
        let (change, isFirst) = desk.update { s, now, date in
            s.taken(number, remark: remark, wasThere: verdict == .alreadyThere, at: now, date: date)
        }
        tell(change, nil)
        if let remark, isFirst { report(.warned(try outgoing(image), destination: destination, remark: remark)) }
    }

    private func failed(_ image: ImageDelivery, _ failure: DeliveryFailure) throws(SpoolError) {
        let (fate, change) = desk.update { s, now, date in
            s.failed(number, failure, at: now, date: date, chance: clock.chance())
        }
        tell(change, failure)
        try settle(image, fate, failure)
    }

    /// Writes down that it waits, or is given up.
    func settle(
        _ image: ImageDelivery, _ fate: ImageSchedule.Fate, _ failure: DeliveryFailure
    ) throws(SpoolError) {
        do throws(SpoolError) {
            // Dropped meanwhile, and its file with it: there is nothing to tell.
            guard try spool.image(image.id) != nil else { return desk.update { s, _, _ in s.forget(image) } }
            switch fate {
            case .postpone(let delay):
                try spool.postponeImages([image.id], until: clock.date() + delay, error: failure.reason)
            case .bury:
                let detail = "image \(image.instance) to \(destination): \(failure.reason)"
                let event = HistoryEvent(kind: "dead letter", detail: detail, at: clock.date())
                try spool.buryImages(
                    [image.id], error: failure.reason, answer: failure.answer, events: [(image.study, event)],
                    at: clock.date())
            }
        } catch {
            desk.update { s, _, _ in s.order.putBack(image) }
            throw error
        }
        let tells = desk.update { s, now, _ in s.settled(image, fate, at: now) }
        guard tells else { return }
        let outgoing = try outgoing(image)
        switch fate {
        case .postpone(let delay):
            report(.refused(outgoing, destination: destination, reason: failure.reason, retryIn: delay))
        case .bury: report(.buried(outgoing, destination: destination, reason: failure.reason))
        }
    }

    private func outgoing(_ image: ImageDelivery) throws(SpoolError) -> OutgoingImage {
        OutgoingImage(image, of: try spool.study(image.study))
    }

    /// - Parameter failure: why, of a change for the worse.
    func tell(_ change: Breaker.Change?, _ failure: DeliveryFailure?) {
        switch change {
        case .opened(let delay):
            report(.down(destination: destination, reason: failure?.reason ?? "", retryIn: delay))
        case .closed:
            report(.up(destination: destination))
            let troubled = desk.update { s, _, _ in s.takeTroubled() }
            // What cannot be hurried comes at its own time.
            guard !troubled.isEmpty, (try? spool.endPostponements(of: troubled)) != nil else { return }
            desk.update { s, _, _ in s.order.lookAgain() }
        case nil: break
        }
    }
}

/// A stored data set, on its way to be sent.
private final class StoredDataSet: DataSetBytes {
    private let reader: ImageReader

    init(_ reader: ImageReader) { self.reader = reader }

    var left: Int? { reader.left }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataSetFault) -> Int {
        do throws(SpoolError) { return try reader.read(into: buffer) } catch { throw .other(error.description) }
    }
}

extension DeliveryFailure {
    init(_ error: AssociationError, wasSent: Bool = true) {
        self.init(
            Kind(error), error.description + (error.remedy.map { "; \($0)" } ?? ""), wasSent: wasSent)
    }
}

extension AssociationError {
    /// What is seen when a destination has other associations enough: it says so, or takes one after the other.
    fileprivate var mayBeLimit: Bool {
        switch self {
        case .rejected(let rejection): [.localLimitExceeded, .temporaryCongestion].contains(rejection)
        case .timedOut(let wait): wait == .associationResponse
        case .unknownHost, .connect, .aborted, .closed, .fault, .noContext, .handshake, .socket, .source, .abandoned:
            false
        }
    }
}
