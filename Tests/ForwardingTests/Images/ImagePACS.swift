import DICOM
import DICOMNetwork
import TestSupport
import Testing
import Threads

/// A storage SCP on a free port of this machine that takes any number of associations at once, answers as the test says
/// and keeps what it was sent.
final class ImagePACS: Sendable {
    struct Stored: Equatable {
        var instance: String
        var sopClass: String
        var transferSyntax: TransferSyntax
        var dataSet: [UInt8]
        /// Of its association.
        var association: Int
    }

    enum Reaction {
        case answer(Status)
        /// A-ABORT, without an answer.
        case abort
        /// Waits for `letGo`, then answers.
        case hold
        /// Waits for `letGo`, then A-ABORT.
        case holdAndAbort
    }

    /// What it does with a request for storage commitment.
    enum Commitment {
        case refuse(Status)
        /// Says nothing afterwards.
        case silence
        /// On the same association, at once; of these instances that they are not committed, and why.
        case report(failed: [String: UInt16])
        /// On the same association, after `letGo`.
        case reportLater
    }

    struct Script {
        /// Of an association, with so many open already.
        var reject: @Sendable (Int) -> Rejection? = { _ in nil }
        /// The transfer syntax that is accepted of those proposed in one context; nil: none.
        var accept: @Sendable (SOPClassUID, [TransferSyntax]) -> TransferSyntax? = { $1.first }
        /// To an instance, after so many of all associations.
        var react: @Sendable (Stored, Int) -> Reaction = { _, _ in .answer(.success) }
        var commit: @Sendable (Int) -> Commitment = { _ in .report(failed: [:]) }
    }

    struct State {
        var script: Script
        var stored: [Stored] = []
        /// Answered with success or a warning.
        var taken: [String] = []
        var requests: [(transaction: String, instances: [String])] = []
        var isLetGo = false
        var associations = 0
        var open = 0
        var mostOpen = 0
        var isOver = false
    }

    let port: UInt16
    let state: Monitor<State>

    init(_ script: Script = Script()) throws {
        let listener = ScriptedPeer.Listener()
        let state = Monitor(State(script: script))
        (port, self.state) = (listener.port, state)
        try OSThread(name: "pacs") {
            while true {
                let peer = Connection(listener.accept(), state)
                if state.withLock({ $0.isOver }) { return }
                try? OSThread(name: "association") { peer.serve() }.detach()
            }
        }.detach()
    }

    deinit {
        state.update { $0.isOver = true }
        _ = ScriptedPeer(connectingTo: port)
    }

    func change(_ body: (inout Script) -> Void) { state.withLock { body(&$0.script) } }

    func letGo() { state.update { $0.isLetGo = true } }

    var stored: [Stored] { state.withLock { $0.stored } }
    /// Names of the instances that were taken, as `TestImages` knows them, each as often as it was.
    var taken: [String] { state.withLock { $0.taken } }

    /// Waits until `condition` holds; false after ten seconds.
    func wait(_ condition: (State) -> Bool) -> Bool {
        state.wait(until: .now + .seconds(10)) { condition($0) ? true : nil } ?? false
    }
}

/// One association. Owned by its thread.
private final class Connection: @unchecked Sendable {
    private let peer: ScriptedPeer
    private let state: Monitor<ImagePACS.State>
    private var contexts: [UInt8: TransferSyntax] = [:]
    private var number = 0

    init(_ peer: ScriptedPeer, _ state: Monitor<ImagePACS.State>) {
        self.peer = peer
        self.state = state
    }

    func serve() {
        guard associate() else { return peer.close() }
        while let (command, context, dataSet) = receive(), handle(command, context, dataSet) {}
        // Before the end is seen by the other side.
        state.update { $0.open -= 1 }
        peer.close()
    }

    private func associate() -> Bool {
        let body = Array(peer.receivePDU().dropFirst(6))
        guard let request = try? AssociateRequest(body: body.span.bytes) else { return false }
        let script = state.withLock { $0.script }
        let (rejection, number) = state.update { state -> (Rejection?, Int) in
            if let rejection = script.reject(state.open) { return (rejection, 0) }
            state.open += 1
            state.associations += 1
            state.mostOpen = max(state.mostOpen, state.open)
            return (nil, state.associations)
        }
        if let rejection {
            peer.send(rejection.pdu)
            return false
        }
        self.number = number
        let answers = request.contexts.map { proposed in
            let chosen = script.accept(
                proposed.abstractSyntax, proposed.transferSyntaxesBytes.map { TransferSyntax(padded: $0) })
            contexts[proposed.id] = chosen
            return NegotiatedContext(
                id: proposed.id, result: chosen == nil ? .transferSyntaxesNotSupported : .acceptance,
                abstractSyntaxBytes: proposed.abstractSyntaxBytes,
                transferSyntaxBytes: Array((chosen?.text ?? Wire.implicitVR).utf8))
        }
        peer.send(AssociateAccept(to: request, contexts: answers, user: .ours(maximumLength: 32768)).pdu)
        return true
    }

    /// The next message; nil: there is none.
    private func receive() -> (CommandSet, UInt8, [UInt8])? {
        var command: CommandSet?
        var bytes: [UInt8] = []
        while true {
            let pdu = peer.receivePDU()
            if pdu == Wire.releaseRequest { peer.send(Wire.releaseResponse) }
            guard pdu.first == 4, pdu.count >= 12 else { return nil }
            bytes += pdu.dropFirst(12)
            guard pdu[11] & 2 != 0 else { continue }
            if let command { return (command, pdu[10], bytes) }
            guard let read = try? CommandSet(decoding: bytes.span.bytes) else { return nil }
            guard read.hasDataSet else { return (read, pdu[10], []) }
            command = read
            bytes = []
        }
    }

    private func handle(_ command: CommandSet, _ context: UInt8, _ dataSet: [UInt8]) -> Bool {
        if command.field == .actionRequest { return commit(command, context, dataSet) }
        guard command.field == .storeRequest, let transferSyntax = contexts[context] else { return true }
        let stored = ImagePACS.Stored(
            instance: InstanceUID(padded: command.affectedSOPInstanceUID).text,
            sopClass: SOPClassUID(padded: command.affectedSOPClassUID).text, transferSyntax: transferSyntax,
            dataSet: dataSet, association: number)
        let reaction = state.update { state in
            state.stored.append(stored)
            return state.script.react(stored, state.stored.count - 1)
        }
        let status: Status
        switch reaction {
        case .answer(let answer): status = answer
        case .hold:
            _ = state.wait(until: .now + .seconds(10)) { $0.isLetGo ? true : nil }
            status = .success
        case .abort, .holdAndAbort:
            if case .holdAndAbort = reaction {
                _ = state.wait(until: .now + .seconds(10)) { $0.isLetGo ? true : nil }
            }
            peer.send(Wire.abort(source: 0, reason: 0))
            return false
        }
        if status.isStored || status == .duplicateSOPInstance { state.update { $0.taken.append(stored.instance) } }
        answer(command, context, status)
        return true
    }

    private func answer(_ command: CommandSet, _ context: UInt8, _ status: Status) {
        var response = CommandSet(field: command.field.response)
        response.messageIDBeingRespondedTo = command.messageID
        response.status = status.rawValue
        response.dataSetType = 0x0101
        peer.send(response.pdu(context: context))
    }

    private func commit(_ command: CommandSet, _ context: UInt8, _ dataSet: [UInt8]) -> Bool {
        let syntax = contexts[context] ?? .implicitVRLittleEndian
        guard let request = try? DataSet(parsing: dataSet.span.bytes, transferSyntax: syntax) else { return false }
        let transaction = request.uid(.transactionUID, as: TransactionUID.self)?.text ?? ""
        let instances = request.items(.referencedSOPSequence).compactMap {
            $0.uid(.referencedSOPInstanceUID, as: InstanceUID.self)?.text
        }
        let commitment = state.update { state in
            state.requests.append((transaction, instances))
            return state.script.commit(state.requests.count - 1)
        }
        switch commitment {
        case .refuse(let status): answer(command, context, status)
        case .silence: answer(command, context, .success)
        case .report(let failed):
            answer(command, context, .success)
            report(transaction, instances, failed, syntax, context)
        case .reportLater:
            answer(command, context, .success)
            _ = state.wait(until: .now + .seconds(10)) { $0.isLetGo ? true : nil }
            report(transaction, instances, [:], syntax, context)
        }
        return true
    }

    private func report(
        _ transaction: String, _ instances: [String], _ failed: [String: UInt16], _ syntax: TransferSyntax,
        _ context: UInt8
    ) {
        var set = DataSetBuilder(syntax.encoding)
        set.element(.transactionUID, .UI, transaction)
        set.sequence(.failedSOPSequence) { sequence in
            for instance in instances where failed[instance] != nil {
                sequence.item { item in
                    item.element(.referencedSOPInstanceUID, .UI, instance)
                    let reason = failed[instance] ?? 0
                    item.element(.failureReason, .US, bytes: [UInt8(reason & 0xFF), UInt8(reason >> 8)])
                }
            }
        }
        set.sequence(.referencedSOPSequence) { sequence in
            for instance in instances where failed[instance] == nil {
                sequence.item { $0.element(.referencedSOPInstanceUID, .UI, instance) }
            }
        }
        var event = CommandSet(field: .eventReportRequest)
        event.affectedSOPClassUID = Array(SOPClassUID.storageCommitmentPushModel.text.utf8)
        event.affectedSOPInstanceUID = Array(InstanceUID.storageCommitmentPushModel.text.utf8)
        event.eventTypeID = failed.isEmpty ? 1 : 2
        event.messageID = 9
        event.dataSetType = 1
        peer.send(event.pdu(context: context))
        peer.send(Wire.data(Wire.pdv(context, 2, set.bytes)))
    }
}
