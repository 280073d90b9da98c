import Associations
import DICOM
import DICOMNetwork
import TestSupport
import Threads

/// A platform on a free port of this machine that answers as the test says and keeps what it was sent.
final class ScriptedPlatform {
    private let handler: Handler
    private let listener: AssociationListener
    private let thread: OSThread

    /// - Parameter answers: one for each C-STORE; success after the last.
    init(_ answers: [StoreStatus] = [], admission: Admission = .accept) throws {
        let handler = Handler(answers, admission)
        var configuration = AssociationListener.Configuration()
        configuration.port = 0
        let listener = try AssociationListener(configuration, handler: handler)
        self.handler = handler
        self.listener = listener
        thread = try OSThread(name: "platform") { listener.run() }
    }

    deinit {
        listener.stop(within: .zero)
        thread.join()
    }

    var port: UInt16 { listener.port }
    var received: [[UInt8]] { handler.state.withLock { $0.received } }

    /// Waits for so many associations to have ended; false after ten seconds.
    func waitForEndings(_ count: Int) -> Bool {
        handler.state.wait(until: .now + .seconds(10)) { $0.endings >= count ? true : nil } ?? false
    }

    private final class Handler: AssociationHandler {
        struct State {
            var answers: [StoreStatus]
            var received: [[UInt8]] = []
            var endings = 0
        }

        let state: Monitor<State>
        private let admission: Admission

        init(_ answers: [StoreStatus], _ admission: Admission) {
            state = Monitor(State(answers: answers))
            self.admission = admission
        }

        func accept(_ request: AssociationRequest) -> Admission { admission }

        func store(_ instance: ReceivedInstance) -> StoreStatus {
            state.update { state in
                state.received.append(instance.capture.header)
                return state.answers.isEmpty ? .success : state.answers.removeFirst()
            }
        }

        func ended(_ summary: AssociationSummary) { state.update { $0.endings += 1 } }
    }
}

/// A platform that does what no listener of ours does: each connection in turn is handed to the next of `scripts`, once
/// its association is accepted.
final class RudePlatform {
    let port: UInt16
    private let thread: OSThread

    /// - Parameter contextResult: PS3.8 §9.3.3.2; 0 accepts explicit VR in context 1.
    init(contextResult: UInt8 = 0, _ scripts: [@Sendable (ScriptedPeer) -> Void]) throws {
        let listener = ScriptedPeer.Listener()
        port = listener.port
        thread = try OSThread(name: "rude platform") {
            for script in scripts {
                let peer = listener.accept()
                _ = peer.receivePDU()
                peer.send(RudePlatform.accept(contextResult))
                script(peer)
                peer.close()
            }
        }
    }

    /// Waits until every script was played.
    func end() { thread.join() }

    private static func accept(_ result: UInt8) -> [UInt8] {
        let context = Wire.item(0x21, [1, 0, result, 0] + Wire.item(0x40, Array(Wire.explicitVR.utf8)))
        let user = Wire.item(0x50, Wire.item(0x51, Wire.big32(16_384)) + Wire.item(0x52, Array("1.2.3".utf8)))
        let application = Wire.item(0x10, Array("1.2.840.10008.3.1.1.1".utf8))
        return Wire.pdu(2, [0, 1, 0, 0] + [UInt8](repeating: 0x20, count: 64) + application + context + user)
    }

    /// Takes a whole C-STORE request, and answers with these elements of a command set.
    static func answer(_ peer: ScriptedPeer, _ elements: [UInt8]) {
        takeDocument(peer)
        let fields =
            Wire.element(0x0100, 0x8001) + Wire.element(0x0120, 1) + Wire.element(0x0800, 0x0101) + elements
        peer.send(Wire.data(Wire.pdv(1, 3, fields)))
    }

    static func takeDocument(_ peer: ScriptedPeer) {
        // The command, then the data set in one PDU.
        _ = (peer.receivePDU(), peer.receivePDU())
    }
}
