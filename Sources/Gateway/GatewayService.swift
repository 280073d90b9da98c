import Associations
import DICOM
import Forwarding
import Glibc
import KeyObjects
public import Sockets
public import Spool
import Studies
public import Threads

/// The gateway, whole: listens, keeps, curates, delivers. Composes its parts and decides nothing.
public final class GatewayService: Sendable {
    let configuration: Configuration
    private let post: @Sendable (OperatorEvent) -> Void
    let spool: Spool
    let curation: Curation
    /// One for each destination, in the order of the configuration.
    let forwarders: [Forwarder]
    private let images: ImageIntake
    /// One for each image destination, in the order of the configuration.
    let imageForwarders: [ImageForwarder]
    let listener: AssociationListener
    let control: ControlSocket
    let ingest: Ingest
    private let presence: GatewayPresence
    private let completeness: CompletenessCheck
    private let sweep: ReconciliationSweep
    private let vitality: Vitality

    /// Opens the spool and the ports; nothing is accepted before `run`.
    /// - Parameters:
    ///   - adopting: sockets that were opened for us.
    ///   - vitality: has begun; nil: nobody is told how the gateway fares.
    public init(
        configuration: Configuration, adopting: ActivatedSockets = ActivatedSockets([]), vitality: Vitality? = nil,
        post: @escaping @Sendable (OperatorEvent) -> Void
    ) throws(GatewayError) {
        let configuration = configuration.narrowed(to: adopting)
        self.vitality = vitality ?? Vitality(nil, post: post)
        self.configuration = configuration
        self.post = post
        do throws(SpoolError) { spool = try Self.spool(configuration) } catch { throw .spool(error) }
        let recovery = SpoolRecovery(spool, post: post)
        // What is acknowledged may let other studies go; curation is made after those who tell it.
        let isCurating = Monitor<Curation?>(nil)
        let forwarders = configuration.destinations.map { [spool] destination in
            Forwarder(
                configuration, to: destination, spool: spool, recovery: recovery,
                acknowledged: { study in isCurating.withLock { $0 }?.acknowledged(study) },
                isWithheld: { study in isCurating.withLock { $0 }?.isWithheld(study) ?? false }, post: post)
        }
        self.forwarders = forwarders
        let images = ImageIntake(configuration, spool: spool, post: post)
        self.images = images
        imageForwarders = configuration.imageDestinations.map { [spool] destination in
            ImageForwarder(configuration, to: destination, spool: spool, recovery: recovery, post: post)
        }
        images.connect(zip(configuration.imageDestinations, imageForwarders).map { ImageOutlet($0.name, $1) })
        let settler = Settler(configuration: configuration, spool: spool, images: images, post: post)
        completeness = CompletenessCheck(configuration, spool: spool, post: post)
        curation = Curation(
            settler: settler, completeness: completeness, recovery: recovery,
            published: { study in for forwarder in forwarders { forwarder.wake(study) } }, post: post)
        isCurating.update { [curation] in $0 = curation }
        ingest = Ingest(
            configuration: configuration, spool: spool, images: images, recovery: recovery, curation: curation,
            post: post)
        do throws(ListenError) {
            listener = try AssociationListener(
                AssociationListener.Configuration(configuration), adopting: adopting.descriptors(for: .dicom),
                handler: ingest)
        } catch {
            throw .listen(error)
        }
        presence = GatewayPresence(startedAt: .now, addresses: listener.addresses)
        let desk = StudyDesk(
            configuration, presence: presence, spool: spool, curation: curation, forwarders: forwarders,
            caution: images.caution,
            imageSwitches: zip(configuration.imageDestinations, imageForwarders).map {
                ImageSwitch($0.name, $1, images.modes)
            })
        sweep = ReconciliationSweep(configuration, desk: desk, post: post)
        let responder = CommandResponder(configuration: configuration, spool: spool, desk: desk, post: post)
        do throws(ControlFailure) {
            control = try ControlSocket(
                ControlSocket.Configuration(path: configuration.socketPath),
                troubled: { reason in post(.controlTroubled(reason: reason)) },
                answer: { request, user in responder.answer(request, user: user) })
        } catch {
            throw .control(error)
        }
    }

    private static func spool(_ configuration: Configuration) throws(SpoolError) -> Spool {
        try DataDirectory.make(configuration.dataDirectory)
        var settings = Spool.Configuration(directory: configuration.dataDirectory + "/spool")
        settings.reserve = configuration.limits.diskReserve
        settings.imageReserve = configuration.limits.imageReserve
        settings.imageBudget = configuration.limits.imageBudget
        return try Spool(settings)
    }

    /// The port it listens on.
    public var port: UInt16 { listener.port }

    /// For the answer to a manifest that is on its way when the gateway ends.
    private static let deliveryGrace = Duration.seconds(5)

    /// Runs until `stop`; blocks.
    public func run() throws(GatewayError) {
        do throws(SpoolError) { try recover() } catch { throw .spool(error) }
        do throws(ThreadError) {
            let curating = try OSThread(name: "curation") { [curation] in curation.run() }
            var forwarding = try forwarders.map { forwarder throws(ThreadError) in
                try EndingThread(name: "forwarding") { forwarder.run() }
            }
            forwarding += try imageForwarders.map { forwarder throws(ThreadError) in
                try EndingThread(name: "images") { forwarder.run() }
            }
            post(
                .started(
                    aeTitle: configuration.aeTitle.text, addresses: presence.addresses,
                    data: configuration.dataDirectory, version: Version.text))
            let checking = try OSThread(name: "completeness") { [completeness, ingest] in
                completeness.run(into: ingest)
            }
            let sweeping = try OSThread(name: "reconciliation") { [sweep] in sweep.run() }
            try control.start()
            vitality.serve(signs, at: .now)
            listener.run()
            control.stop()
            // A PACS that does not answer holds up no end.
            completeness.stop()
            sweep.stop()
            checking.detach()
            sweeping.detach()
            curation.stop()
            for forwarder in forwarders { forwarder.stop() }
            for forwarder in imageForwarders { forwarder.stop() }
            curating.join()
            // A platform that does not answer holds up no end: what it has not acknowledged is sent again.
            let deadline = MonotonicInstant.now + Self.deliveryGrace
            for thread in forwarding { thread.end(before: deadline) }
            spool.close()
        } catch {
            throw .thread(error)
        }
        post(.stopped)
        vitality.end()
    }

    /// Ends `run`: associations may end by themselves for a while, then they are aborted. Callable from any thread.
    public func stop(reason: String, within grace: Duration = .seconds(10)) {
        vitality.stopping(at: .now)
        post(.stopping(reason: reason))
        listener.stop(within: grace)
    }

    /// `run` until SIGTERM or SIGINT. To be called after `SignalMask.hold`.
    public func runUntilSignal() throws(GatewayError) {
        do throws(ThreadError) {
            let waiting = try OSThread(name: "signals") { [self] in
                while true {
                    switch SignalMask.wait() {
                    case .reload: reload()
                    case .end(let reason): return stop(reason: reason)
                    }
                }
            }
            waiting.detach()
        } catch {
            throw .thread(error)
        }
        try run()
    }

    /// Nothing is read anew while the gateway runs; whoever asked for it is told so.
    private func reload() {
        vitality.reload { post(.configurationRemark("asked to reload: a changed configuration holds after a restart")) }
    }

    /// Studies that were open, and those held for a reason that the configuration may have cured, are settled again.
    private func recover() throws(SpoolError) {
        try images.recover()
        let open = try spool.openStudies()
        let held = try spool.heldStudies()
        for entry in open + held {
            // A note may be among what is not settled.
            curation.stored(
                StudyKey(entry), source: configuration.source(named: entry.source), withholding: entry.isUnsettled,
                lane: .many, at: .now)
        }
        var undelivered = 0
        for destination in configuration.destinations {
            undelivered += try spool.outboxSummary()[destination.outbox]?.depth ?? 0
        }
        let known = Set(configuration.destinations.map(\.outbox))
        for (outbox, summary) in try spool.outboxSummary() where !known.contains(outbox) && summary.depth > 0 {
            post(.documentsOrphaned(destination: outbox, documents: summary.depth))
        }
        post(.recovered(openStudies: open.count, heldStudies: held.count, undelivered: undelivered))
    }
}

/// Why the gateway does not start.
public enum GatewayError: Error, Sendable, CustomStringConvertible {
    case spool(SpoolError)
    case listen(ListenError)
    case control(ControlFailure)
    case thread(ThreadError)

    public var description: String {
        switch self {
        case .spool(let error): error.description
        case .listen(let error) where error.code == EADDRINUSE:
            "\(error); stop what listens there, or choose another port"
        case .listen(let error): error.description
        case .control(let error): error.sentence
        case .thread(let error): "the system gives no thread: \(String(cString: strerror(error.code)))"
        }
    }
}
