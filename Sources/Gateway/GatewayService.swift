public import Associations
import DICOM
import Forwarding
import Glibc
import KeyObjects
public import Spool
import Studies
public import Threads

/// The gateway, whole: listens, keeps, curates, delivers. Composes its parts and decides nothing.
public final class GatewayService: Sendable {
    private let configuration: Configuration
    private let post: @Sendable (OperatorEvent) -> Void
    private let spool: Spool
    private let curation: Curation
    private let forwarder: Forwarder
    private let listener: AssociationListener

    /// Opens the spool and the ports; nothing is accepted before `start`.
    public init(
        configuration: Configuration, post: @escaping @Sendable (OperatorEvent) -> Void
    ) throws(GatewayError) {
        self.configuration = configuration
        self.post = post
        do throws(SpoolError) {
            try DataDirectory.make(configuration.dataDirectory)
            var settings = Spool.Configuration(directory: configuration.dataDirectory + "/spool")
            settings.reserve = configuration.limits.diskReserve
            spool = try Spool(settings)
        } catch {
            throw .spool(error)
        }
        let recovery = SpoolRecovery(spool, post: post)
        let destination = configuration.destinations[0]
        let forwarder = Forwarder(
            Forwarder.Configuration(
                outbox: Configuration.outbox, destination: destination.name, schedule: destination.schedule),
            spool: spool,
            carrier: destination.carrier(aeTitle: configuration.aeTitle)
        ) { [post] event in
            post(OperatorEvent(event))
            // What was delivered may be waiting to be written down.
            _ = recovery.attempt()
        }
        self.forwarder = forwarder
        let settler = Settler(
            configuration: configuration, spool: spool, published: { forwarder.wake() }, post: post)
        curation = Curation(settler: settler, recovery: recovery, post: post)
        let ingest = Ingest(
            configuration: configuration, spool: spool, recovery: recovery, curation: curation, post: post)
        do throws(ListenError) {
            listener = try AssociationListener(AssociationListener.Configuration(configuration), handler: ingest)
        } catch {
            throw .listen(error)
        }
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
            let isForwarding = Monitor(true)
            let forwarding = try OSThread(name: "forwarding") { [forwarder] in
                forwarder.run()
                isForwarding.update { $0 = false }
            }
            post(
                .started(
                    aeTitle: configuration.aeTitle.text, addresses: configuration.listen.map { "\($0):\(port)" },
                    data: configuration.dataDirectory, version: Version.text))
            listener.run()
            curation.stop()
            forwarder.stop()
            curating.join()
            // A platform that does not answer holds up no end: what it has not acknowledged is sent again.
            let hasEnded = isForwarding.wait(until: .now + Self.deliveryGrace) { $0 ? nil : true } ?? false
            if hasEnded { forwarding.join() } else { forwarding.detach() }
            spool.close()
        } catch {
            throw .thread(error)
        }
        post(.stopped)
    }

    /// Ends `run`: associations may end by themselves for a while, then they are aborted. Callable from any thread.
    public func stop(reason: String, within grace: Duration = .seconds(10)) {
        post(.stopping(reason: reason))
        listener.stop(within: grace)
    }

    /// `run` until SIGTERM or SIGINT. To be called on the first thread, before there are others.
    public func runUntilSignal() throws(GatewayError) {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        // Every thread made from here on leaves the two signals to the one that waits for them.
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        let awaited = signals
        do throws(ThreadError) {
            let waiting = try OSThread(name: "signals") { [self] in
                var awaited = awaited
                var signal: Int32 = 0
                sigwait(&awaited, &signal)
                stop(reason: signal == SIGINT ? "interrupted" : "asked to end")
            }
            waiting.detach()
        } catch {
            throw .thread(error)
        }
        try run()
    }

    /// Studies that were open, and those held for a reason that the configuration may have cured, are settled again.
    private func recover() throws(SpoolError) {
        let open = try spool.openStudies()
        let held = try spool.heldStudies()
        let sources = Swift.Dictionary(
            configuration.sources.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for entry in open + held {
            let key = StudyKey(source: entry.source, studyInstanceUID: StudyUID(entry.uid))
            let source =
                sources[entry.source] ?? Configuration.Source(name: entry.source, settings: configuration.defaults)
            curation.stored(key, source: source, at: .now)
        }
        let undelivered = try spool.pending(for: Configuration.outbox).count
        post(.recovered(openStudies: open.count, heldStudies: held.count, undelivered: undelivered))
    }
}

/// Why the gateway does not start.
public enum GatewayError: Error, Sendable, CustomStringConvertible {
    case spool(SpoolError)
    case listen(ListenError)
    case thread(ThreadError)

    public var description: String {
        switch self {
        case .spool(let error): error.description
        case .listen(let error) where error.code == EADDRINUSE:
            "\(error); stop what listens there, or choose another port"
        case .listen(let error): error.description
        case .thread(let error): "the system gives no thread: \(String(cString: strerror(error.code)))"
        }
    }
}
