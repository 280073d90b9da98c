public import DICOM
public import DICOMNetwork

/// A scripted SCP of Query/Retrieve for one association: accepts every context in its first transfer syntax.
public struct QueryPeer {
    /// What the requestor sent: a command, and its data set when it has one.
    public struct Received {
        public let command: CommandSet
        public let context: UInt8
        public let dataSet: [UInt8]?
    }

    public let request: AssociateRequest
    private let peer: ScriptedPeer

    /// Waits for the next requestor.
    /// - Parameter refused: abstract syntaxes whose contexts are refused.
    public init(
        _ listener: ScriptedPeer.Listener, refusing refused: Set<SOPClassUID> = [], maximumLength: UInt32 = 16384
    ) {
        peer = listener.accept()
        let body = Array(peer.receivePDU().dropFirst(6))
        request =
            (try? AssociateRequest(body: body.span.bytes))
            ?? AssociateRequest(called: AETitle(""), calling: AETitle(""), contexts: [], user: .ours(maximumLength: 0))
        let contexts = request.contexts.map {
            NegotiatedContext(
                id: $0.id, result: refused.contains($0.abstractSyntax) ? .abstractSyntaxNotSupported : .acceptance,
                abstractSyntaxBytes: $0.abstractSyntaxBytes,
                transferSyntaxBytes: $0.transferSyntaxesBytes.first ?? [])
        }
        peer.send(AssociateAccept(to: request, contexts: contexts, user: .ours(maximumLength: maximumLength)).pdu)
    }

    /// The next message; nil when what comes is no message.
    public func receive() -> Received? {
        var command: CommandSet?
        var bytes: [UInt8] = []
        while true {
            let pdu = peer.receivePDU()
            guard pdu.first == 4, pdu.count >= 12 else { return nil }
            bytes += pdu.dropFirst(12)
            guard pdu[11] & 2 != 0 else { continue }
            if let command { return Received(command: command, context: pdu[10], dataSet: bytes) }
            guard let read = try? CommandSet(decoding: bytes.span.bytes) else { return nil }
            guard read.hasDataSet else { return Received(command: read, context: pdu[10], dataSet: nil) }
            command = read
            bytes = []
        }
    }

    /// The next command, of which a data set may follow; nil when what comes is none.
    public func receiveCommand() -> Received? {
        let pdu = peer.receivePDU()
        guard pdu.first == 4, pdu.count >= 12, let command = try? CommandSet(decoding: Array(pdu[12...]).span.bytes)
        else {
            return nil
        }
        return Received(command: command, context: pdu[10], dataSet: nil)
    }

    /// Answers a request, with an identifier in fragments of so many bytes at most.
    public func answer(
        _ received: Received?, _ status: Status, identifier: [UInt8]? = nil, fragment: Int = .max,
        _ change: (inout CommandSet) -> Void = { _ in }
    ) {
        guard let received else { return }
        var response = CommandSet(field: received.command.field.response)
        response.messageIDBeingRespondedTo = received.command.messageID
        response.affectedSOPClassUID = received.command.affectedSOPClassUID
        response.status = status.rawValue
        response.dataSetType = identifier == nil ? 0x0101 : 0x0001
        change(&response)
        peer.send(response.pdu(context: received.context))
        if let identifier { sendData(identifier, context: received.context, fragment: fragment) }
    }

    /// A C-STORE sub-operation.
    public func store(
        _ dataSet: [UInt8], instance: String, context: UInt8 = 1, fragment: Int = .max,
        sopClass: String = Wire.ctImageStorage
    ) {
        peer.send(Wire.data(Wire.pdv(context, 3, Wire.storeCommand(instance: instance, sopClass: sopClass))))
        sendData(dataSet, context: context, fragment: fragment)
    }

    public func sendData(_ bytes: [UInt8], context: UInt8, fragment: Int = .max, isLast: Bool = true) {
        var rest = bytes[...]
        repeat {
            let part = Array(rest.prefix(fragment))
            rest = rest.dropFirst(part.count)
            peer.send(Wire.data(Wire.pdv(context, rest.isEmpty && isLast ? 2 : 0, part)))
        } while !rest.isEmpty
    }

    /// One PDU, header and all; empty when the other side closes.
    public func receivePDU() -> [UInt8] { peer.receivePDU() }

    public func send(_ bytes: [UInt8]) { peer.send(bytes) }

    /// The other side asks to end the association; false when it does something else.
    @discardableResult
    public func release() -> Bool {
        let isAsked = peer.receivePDU() == Wire.releaseRequest
        peer.send(Wire.releaseResponse)
        return isAsked
    }

    /// Waits until the other side closes, whatever it says before.
    public func waitForEnd() { while !peer.receivePDU().isEmpty {} }
}
