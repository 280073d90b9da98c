import Associations
import DICOM
import Sockets
import TestSupport
import Threads
import Trust

/// A listener on a free port of the loopback address, running on a thread of its own until it goes out of scope.
final class RunningListener {
    let handler: RecordingHandler
    let listener: AssociationListener
    private let thread: OSThread

    init(
        _ handler: RecordingHandler = RecordingHandler(), tls: Monitor<TLSContext?>? = nil,
        _ change: (inout AssociationListener.Configuration) -> Void = { _ in }
    ) throws {
        var configuration = AssociationListener.Configuration()
        configuration.port = 0
        configuration.deadlines.close = .milliseconds(500)
        if tls != nil { configuration.tlsDoor = Door(addresses: ["127.0.0.1"], port: 0, isTLS: true) }
        change(&configuration)
        let listener = try AssociationListener(configuration, tls: tls ?? Monitor(nil), handler: handler)
        self.handler = handler
        self.listener = listener
        thread = try OSThread(name: "listener") { listener.run() }
    }

    deinit { stop() }

    private var isStopped = false

    /// Stops at once, and waits until every thread has ended.
    func stop(within grace: Duration = .zero) {
        guard !isStopped else { return }
        isStopped = true
        listener.stop(within: grace)
        thread.join()
    }

    func connect(receiveBuffer: Int32? = nil) -> ScriptedPeer {
        ScriptedPeer(connectingTo: listener.port, receiveBuffer: receiveBuffer)
    }

    /// A peer with an association: context 1 for CT, context 3 for Verification.
    func associate() -> ScriptedPeer {
        let peer = connect()
        peer.send(Wire.associateRequest())
        _ = peer.receivePDU()
        return peer
    }

    func requestor() -> Association.Configuration {
        Association.Configuration(
            host: "127.0.0.1", port: listener.port, called: AETitle("KOSGATE"), calling: AETitle("CT1"))
    }
}
