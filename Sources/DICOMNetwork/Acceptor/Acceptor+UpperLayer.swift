import DICOM

extension Acceptor {
    /// Answers `Demand.admit`.
    public mutating func admit(_ admission: Admission) {
        guard let request else { return }
        switch admission {
        case .accept: handle(.associateAcceptPrimitive, answer: accept(request))
        case .reject(let rejection):
            conclude(.rejected(rejection))
            handle(.associateRejectPrimitive, answer: rejection.pdu)
        }
    }

    private mutating func accept(_ request: AssociateRequest) -> [UInt8] {
        let answers = configuration.negotiation.answer(request.contexts, roles: request.user.roles)
        for answer in answers where answer.isAccepted && contexts[answer.id] == nil {
            contexts[answer.id] = AcceptedContext(
                transferSyntax: answer.transferSyntax, service: .init(answer.abstractSyntax))
        }
        var user = UserInformation.ours(maximumLength: configuration.maximumPDULength)
        if contexts.values.contains(where: { $0.service == .storageCommitment }) {
            user.roles = [Negotiation.committing]
        }
        return AssociateAccept(to: request, contexts: answers, user: user).pdu
    }

    /// One step of the machine, and what it asks for.
    /// - Parameters:
    ///   - answer: the PDU that this event sends, where it sends one.
    ///   - abort: what the peer is told if the event leads to an abort.
    mutating func handle(
        _ event: AssociationMachine.Event, isAcceptable: Bool = true, answer: [UInt8] = [],
        abort: Abort = .unexpectedPDU
    ) {
        guard let action = try? machine.handle(event, isAcceptable: isAcceptable) else {
            // The table is silent: the event comes too late to matter, such as an answer after the peer's abort.
            if machine.state == .idle { phase = .closed }
            return
        }
        switch action {
        case .examineRequest where isAcceptable: break
        case .examineRequest, .sendAccept, .sendReject: send(answer)
        case .sendReleaseResponse, .sendReleaseResponseInCollision: send(.pdu(.releaseResponse, [0, 0, 0, 0]))
        case .sendAbort, .sendAbortAgain, .sendProviderAbort: send((event == .abortPrimitive ? .user : abort).pdu)
        case .close, .indicateAbortAndClose, .indicateProviderAbort, .stopTimer, .stopTimerQuietly,
            .confirmRejectionAndClose, .confirmReleaseAndClose:
            phase = .closed
        case .indicateRelease, .indicateReleaseCollision:
            conclude(.released)
            handle(.releaseResponsePrimitive)
        case .awaitRequest, .sendData, .indicateData, .indicateDataInRelease, .sendDataInRelease, .ignore,
            .confirmReleaseInCollision:
            break
        case .connect, .sendRequest, .confirmAcceptance, .sendReleaseRequest: break  // a requestor's
        }
    }

    private mutating func send(_ bytes: [UInt8]) { output = (output ?? []) + bytes }

    /// Reads the header of a PDU (PS3.8 §9.3.1).
    mutating func takeHeader() throws(ProtocolFault) {
        let header = gathered.take()
        let rawType = UInt8(truncatingIfNeeded: header >> 40)
        let length = Int(header & 0xFFFF_FFFF)
        guard let type = PDUType(rawValue: rawType) else { throw unknown(header, type: rawType) }
        let limit = type == .dataTransfer ? PDULimits.dataTransfer : PDULimits.associate
        guard length <= limit else { throw .tooLong(type, length: length, limit: limit) }
        // A PDU of the upper layer ends the message that was arriving, and takes its place.
        if type != .dataTransfer { body = [] }
        switch type {
        case .dataTransfer where machine.state == .established:
            handle(.dataPDU)
            lastPDULength = length
            if configuration.maximumPDULength > 0, length > Int(configuration.maximumPDULength) { oversizedPDUs += 1 }
            phase = .valueHeader(left: length)
        case .associateRequest where machine.state == .awaitingRequest: phase = .request(left: length)
        case .releaseRequest, .abort: phase = .short(type, left: length)
        case .associateRequest, .associateAccept, .associateReject, .dataTransfer, .releaseResponse:
            refuse(type, length)
        }
    }

    /// A PDU that has no place in this state.
    private mutating func refuse(_ type: PDUType, _ length: Int) {
        if machine.state != .awaitingClose { conclude(.fault(.unexpectedPDU(type, state: machine.state))) }
        phase = .passing(left: length)
        handle(type.event)
    }

    private func unknown(_ header: UInt64, type: UInt8) -> ProtocolFault {
        guard machine.state == .awaitingRequest else { return .unrecognizedPDU(type: type) }
        let first = (0..<6).map { UInt8(truncatingIfNeeded: header >> (40 - 8 * UInt64($0))) }
        return Stranger(first).map { .notDICOM($0) } ?? .unrecognizedPDU(type: type)
    }

    /// The body of the A-ASSOCIATE-RQ is complete.
    mutating func takeRequest() throws(ProtocolFault) -> Demand? {
        let request = try AssociateRequest(body: body.span.bytes)
        body = []
        self.request = request
        phase = .header
        if let rejection = rejection(request) {
            conclude(.rejected(rejection))
            handle(.associateRequestPDU, isAcceptable: false, answer: rejection.pdu)
            return nil
        }
        handle(.associateRequestPDU)
        return .admit(request)
    }

    /// What the upper layer itself refuses (PS3.8 §7.1.1.2, §9.3.4).
    private func rejection(_ request: AssociateRequest) -> Rejection? {
        if request.protocolVersion & 1 == 0 { return .protocolVersionNotSupported }
        let context = SOPClassUID(padded: request.applicationContext)
        return context.text.isEmpty || context.text == "1.2.840.10008.3.1.1.1"
            ? nil : .applicationContextNameNotSupported
    }

    /// The body of a release or abort is complete; `body` holds at most its first four bytes.
    mutating func takeShort(_ type: PDUType) {
        phase = .header
        if type == .abort, machine.state != .awaitingClose {
            conclude(.abortedByPeer(Abort(body: body.span.bytes) ?? .reasonNotSpecified))
        } else if type == .releaseRequest, machine.state != .established, machine.state != .awaitingClose {
            conclude(.fault(.unexpectedPDU(type, state: machine.state)))
        }
        body = []
        handle(type.event)
    }
}
