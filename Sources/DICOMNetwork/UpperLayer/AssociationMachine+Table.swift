// PS3.8 Table 9-10. The one place with `default` over own enums: the test compares every cell with the standard.
extension AssociationMachine {
    static func action(_ event: Event, in state: State) -> Action? {
        switch state {
        case .idle: inIdle(event)
        case .awaitingRequest: inAwaitingRequest(event)
        case .awaitingTransport: inAwaitingTransport(event)
        case .awaitingClose: inAwaitingClose(event)
        default: inAssociation(event, state)
        }
    }

    private static func inIdle(_ event: Event) -> Action? {
        switch event {
        case .associateRequestPrimitive: .connect
        case .transportIndicated: .awaitRequest
        default: nil
        }
    }

    private static func inAwaitingRequest(_ event: Event) -> Action? {
        switch event {
        case .associateRequestPDU: .examineRequest
        case .associateAcceptPDU, .associateRejectPDU, .dataPDU, .releaseRequestPDU, .releaseResponsePDU, .invalidPDU:
            .sendAbort
        case .abortPDU, .timerExpired: .close
        case .transportClosed: .stopTimerQuietly
        default: nil
        }
    }

    private static func inAwaitingTransport(_ event: Event) -> Action? {
        switch event {
        case .transportConfirmed: .sendRequest
        case .abortPrimitive: .close
        case .transportClosed: .indicateProviderAbort
        default: nil
        }
    }

    private static func inAwaitingClose(_ event: Event) -> Action? {
        switch event {
        case .associateAcceptPDU, .associateRejectPDU, .dataPDU, .releaseRequestPDU, .releaseResponsePDU: .ignore
        case .associateRequestPDU, .invalidPDU: .sendAbortAgain
        case .abortPDU, .timerExpired: .close
        case .transportClosed: .stopTimer
        default: nil
        }
    }

    /// Sta3 and Sta5 to Sta12: a PDU that is not expected ends the association.
    private static func inAssociation(_ event: Event, _ state: State) -> Action? {
        if let expected = expected(event, state) { return expected }
        return switch event {
        case .associateAcceptPDU, .associateRejectPDU, .associateRequestPDU, .dataPDU, .releaseRequestPDU,
            .releaseResponsePDU, .invalidPDU:
            .sendProviderAbort
        case .abortPrimitive: .sendAbort
        case .abortPDU: .indicateAbortAndClose
        case .transportClosed: .indicateProviderAbort
        default: nil
        }
    }

    private static func expected(_ event: Event, _ state: State) -> Action? {
        switch (state, event) {
        case (.awaitingLocalResponse, .associateAcceptPrimitive): .sendAccept
        case (.awaitingLocalResponse, .associateRejectPrimitive): .sendReject
        case (.awaitingAcceptance, .associateAcceptPDU): .confirmAcceptance
        case (.awaitingAcceptance, .associateRejectPDU): .confirmRejectionAndClose
        case (.established, .dataPrimitive): .sendData
        case (.established, .dataPDU): .indicateData
        case (.established, .releaseRequestPrimitive): .sendReleaseRequest
        case (.established, .releaseRequestPDU): .indicateRelease
        case (.awaitingReleaseResponse, .dataPDU): .indicateDataInRelease
        case (.awaitingReleaseResponse, .releaseRequestPDU): .indicateReleaseCollision
        case (.awaitingReleaseResponse, .releaseResponsePDU): .confirmReleaseAndClose
        case (.awaitingLocalRelease, .dataPrimitive): .sendDataInRelease
        case (.awaitingLocalRelease, .releaseResponsePrimitive): .sendReleaseResponse
        case (.collisionRequestorLocal, .releaseResponsePrimitive): .sendReleaseResponseInCollision
        case (.collisionAcceptorPDU, .releaseResponsePDU): .confirmReleaseInCollision
        case (.collisionRequestorPDU, .releaseResponsePDU): .confirmReleaseAndClose
        case (.collisionAcceptorLocal, .releaseResponsePrimitive): .sendReleaseResponse
        default: nil
        }
    }

    func state(after action: Action, isAcceptable: Bool) -> State {
        switch action {
        case .connect: .awaitingTransport
        case .sendRequest: .awaitingAcceptance
        case .confirmAcceptance, .sendAccept, .sendData, .indicateData: .established
        case .awaitRequest: .awaitingRequest
        case .examineRequest: isAcceptable ? .awaitingLocalResponse : .awaitingClose
        case .sendReleaseRequest, .indicateDataInRelease: .awaitingReleaseResponse
        case .indicateRelease, .sendDataInRelease: .awaitingLocalRelease
        case .indicateReleaseCollision: role == .requestor ? .collisionRequestorLocal : .collisionAcceptorPDU
        case .sendReleaseResponseInCollision: .collisionRequestorPDU
        case .confirmReleaseInCollision: .collisionAcceptorLocal
        case .sendReject, .sendReleaseResponse, .sendAbort, .ignore, .sendAbortAgain, .sendProviderAbort:
            .awaitingClose
        case .confirmRejectionAndClose, .confirmReleaseAndClose, .stopTimer, .close, .indicateAbortAndClose,
            .indicateProviderAbort, .stopTimerQuietly:
            .idle
        }
    }
}
