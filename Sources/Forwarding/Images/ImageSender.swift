import Associations
import DICOM
import DICOMNetwork
import Spool
import Threads

/// One thread of an image forwarder, with its association. What it is to do it asks the desk.
final class ImageSender {
    let number: Int
    let configuration: ImageForwarder.Configuration
    let spool: Spool
    let desk: ImageDesk
    let report: @Sendable (ImageEvent) -> Void
    let book: CommitmentBook
    let remover: ImageRemover
    let pulse: Pulse
    var association: Association?
    /// Answers on this association.
    var answers = 0
    /// Storage commitments whose results may come on this association.
    let awaited = Monitor<Set<TransactionUID>>([])

    init(
        _ number: Int, _ configuration: ImageForwarder.Configuration, spool: Spool, desk: ImageDesk,
        remover: ImageRemover, pulse: Pulse, report: @escaping @Sendable (ImageEvent) -> Void
    ) {
        self.number = number
        self.configuration = configuration
        self.spool = spool
        self.desk = desk
        self.remover = remover
        self.pulse = pulse
        self.report = report
        book = CommitmentBook(configuration, spool: spool, desk: desk, remover: remover, report: report)
    }

    var outbox: String { configuration.outbox }
    var destination: String { configuration.destination }
    var clock: DeliveryClock { desk.clock }

    /// Until the forwarder is stopped.
    func run() {
        while true {
            let step = desk.nextStep(
                for: number, hasAssociation: association != nil, isListening: awaited.withLock { !$0.isEmpty })
            if step == .end { return }
            pulse.during { pulse in
                do throws(SpoolError) { try perform(step, pulse) } catch { stuck(error.description, step.work) }
            }
            if desk.read({ schedule, _, _ in schedule.ourTrouble.takeEnd() }) {
                report(.freed(destination: destination))
            }
        }
    }

    private func perform(_ step: ImageSchedule.Step, _ pulse: Pulse.Step) throws(SpoolError) {
        switch step {
        case .wait, .end: break
        case .learnMode: try learnMode()
        case .read(let place): try read(after: place)
        case .begin(let study): try begin(study)
        case .send(let image): try send(image, pulse)
        case .acknowledge(let images): try acknowledge(images)
        case .commit(let images, let mayOpen): try commit(images, mayOpen: mayOpen)
        case .askAgain: try askAgain()
        case .tell(let studies): try tell(studies)
        case .listen: listen()
        case .letGo: letGo()
        }
    }

    private func learnMode() throws(SpoolError) {
        do throws(SpoolError) {
            let mode = try spool.mode(of: outbox)
            if !configuration.commit { try book.acknowledgeAllSent() }
            desk.update { schedule, _, _ in schedule.learnt(mode) }
        } catch {
            desk.update { schedule, _, _ in schedule.learnt(nil) }
            throw error
        }
    }

    private func read(after place: ImageDelivery.Position?) throws(SpoolError) {
        do throws(SpoolError) {
            let isHurried = place == nil && desk.update { schedule, _, _ in schedule.takeHurry() }
            let date = clock.date()
            // The clock may have been set back since.
            let longest = max(configuration.schedule.ceiling, configuration.refusalSchedule.ceiling)
            let (images, next) = try spool.imagesDue(
                for: outbox, after: place, at: isHurried ? .endOfTime : date, horizon: date + longest,
                limit: SendingOrder.pageSize)
            let postponed = place == nil ? next : nil
            desk.update { schedule, now, _ in
                schedule.read(images, postponed: postponed.map { min($0 - date, longest) }, at: now)
            }
        } catch {
            desk.update { schedule, _, _ in schedule.order.failedReading() }
            throw error
        }
    }

    private func begin(_ study: StudyEntry.ID) throws(SpoolError) {
        do throws(SpoolError) {
            if try !spool.imageLineages(of: study).contains(outbox) {
                try spool.beginImages(of: study, at: outbox)
                desk.read { schedule, _, _ in schedule.ourTrouble.worked(.writing) }
            }
            desk.update { schedule, _, _ in schedule.order.begun(study) }
        } catch {
            desk.update { schedule, _, _ in schedule.order.failedBeginning(study) }
            throw error
        }
    }

    private func acknowledge(_ images: [ImageDelivery]) throws(SpoolError) {
        do throws(SpoolError) {
            let (emptied, leftovers) = try spool.forgetImages(images.map(\.id))
            remover.take(leftovers)
            desk.update { schedule, _, _ in schedule.acknowledged(images, emptied: emptied) }
        } catch {
            desk.update { schedule, _, _ in schedule.notWritten(images) }
            throw error
        }
    }

    private func tell(_ studies: [ImageProgress.Study]) throws(SpoolError) {
        for (place, study) in studies.enumerated() {
            do throws(SpoolError) {
                try tell(study)
            } catch {
                desk.update { schedule, now, _ in
                    for study in studies[place...] { schedule.progress.resume(study, at: now) }
                }
                throw error
            }
        }
    }

    private func tell(_ study: ImageProgress.Study) throws(SpoolError) {
        var forwarding = study.forwarding
        if !study.isEmptied, try isWaiting(forwarding.study) {
            return desk.update { schedule, now, _ in schedule.progress.resume(study, at: now) }
        }
        guard study.isWorthTelling, let entry = try spool.study(forwarding.study) else { return }
        (forwarding.source, forwarding.studyUID) = (entry.source, entry.uid)
        if forwarding.instances > 0 {
            try spool.append(
                [forwarding.event(destination, at: clock.date())],
                counting: forwarding.remarks(of: outbox, at: clock.date()).map { [$0] } ?? [], to: entry.id)
            desk.read { schedule, _, _ in schedule.ourTrouble.worked(.writing) }
        }
        report(.studyForwarded(forwarding, destination: destination))
    }

    private func isWaiting(_ study: StudyEntry.ID) throws(SpoolError) -> Bool {
        try spool.images(of: study).contains { image in
            guard image.id.destination == outbox else { return false }
            return switch image.state {
            case .waiting: !image.isWithheld
            case .sent: true
            case .dead: false
            }
        }
    }

    /// Whether the peer answers the release changes nothing of what it has acknowledged.
    func letGo() {
        if let open = association.take() { try? open.release() }
        awaited.withLock { $0 = [] }
    }

    private func listen() {
        guard var open = association.take() else { return }
        // What ended it says nothing of what was sent on it.
        guard (try? open.listen()) != nil else { return }
        association = consume open
    }

    /// Neither the destination nor an image is at fault.
    func stuck(_ reason: String, _ work: OurTrouble.Work) {
        let (delay, isNews) = desk.update { schedule, now, date in
            schedule.stuck(work, reason, at: now, date: date, chance: clock.chance())
        }
        report(.stuck(destination: destination, reason: reason, retryIn: delay, isNews: isNews))
    }
}

extension ImageSchedule.Step {
    /// What the spool does for it.
    fileprivate var work: OurTrouble.Work {
        switch self {
        case .read, .learnMode, .wait, .listen, .letGo, .end: .reading
        case .begin, .send, .acknowledge, .commit, .askAgain, .tell: .writing
        }
    }
}

extension StudyForwarding {
    fileprivate func event(_ destination: String, at: Timestamp) -> HistoryEvent {
        let count = instances == 1 ? "1 instance" : "\(instances) instances"
        return HistoryEvent(kind: "images delivered", detail: "\(count), \(bytes) bytes to \(destination)", at: at)
    }

    /// Nil: the destination made none.
    fileprivate func remarks(of outbox: String, at: Timestamp) -> HistoryCount? {
        lastRemark.map { last in
            HistoryCount(
                kind: "remark", subject: "instances that \(outbox) took with a remark", count: remarks,
                detail: "the last \(last)", at: at)
        }
    }
}

extension Timestamp {
    fileprivate static let endOfTime = Timestamp(milliseconds: .max)

    /// Saturates.
    fileprivate static func - (a: Timestamp, b: Timestamp) -> Duration {
        let (difference, overflow) = a.milliseconds.subtractingReportingOverflow(b.milliseconds)
        return .milliseconds(overflow ? (a < b ? Int64.min / 2 : .max / 2) : difference)
    }
}
