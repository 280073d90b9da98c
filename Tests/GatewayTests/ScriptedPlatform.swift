import Associations
import DICOM
import DICOMNetwork
import Gateway
import KeyObjects
import Threads

/// A platform that answers as the test says and keeps what it was sent.
final class ScriptedPlatform: AssociationHandler {
    private struct State {
        var answers: [Status]
        var received: [[UInt8]] = []
        var isSilent = false
    }

    private let state: Monitor<State>

    /// - Parameter answers: one for each C-STORE; success after the last.
    init(_ answers: [Status] = []) { state = Monitor(State(answers: answers)) }

    /// The data sets that came, in order.
    var received: [[UInt8]] { state.withLock { $0.received } }

    /// The document that came as the n-th; nil after twenty seconds.
    func document(_ count: Int) -> KeyObjectFile? {
        let bytes = state.wait(until: .now + .seconds(20)) { $0.received.count < count ? nil : $0.received[count - 1] }
        return bytes.flatMap { try? DataSet(parsing: $0, transferSyntax: .explicitVRLittleEndian) }
            .map { KeyObjectFile($0) }
    }

    /// From now on no association is let in, or every one.
    func fallSilent(_ isSilent: Bool = true) { state.update { $0.isSilent = isSilent } }

    // MARK: AssociationHandler

    func accept(_ request: AssociationRequest) -> Admission {
        state.withLock { $0.isSilent } ? .reject(.temporaryCongestion) : .accept
    }

    func store(_ instance: ReceivedInstance) -> StoreStatus {
        state.update { state in
            state.received.append(instance.capture.header)
            return StoreStatus(state.answers.isEmpty ? .success : state.answers.removeFirst())
        }
    }

    func ended(_ summary: AssociationSummary) {}
}

extension Configuration.Platform {
    /// One that is tried again at once.
    init(retriedAtOnce aeTitle: String, port: UInt16) {
        self.init(aeTitle: AETitle(aeTitle), host: "127.0.0.1", port: port)
        retryDelay = .milliseconds(5)
        retryCeiling = .milliseconds(20)
    }
}
