import Sockets
import Threads
import Trust

extension AcceptorThread {
    /// Runs the TLS handshake, which must end in the time for the association request.
    /// - Returns: why there is none; nil: the connection is in TLS.
    mutating func secure(with context: TLSContext?) -> ConnectionRefusal.Reason? {
        guard let context else { return .notConfigured }
        let limit = PeerConnection.Limit.total(started + deadlines.associationRequest)
        switch connection.secure(with: TLSEngine(context), within: limit) {
        case nil: break
        case .notTLS: return .plainOnTLSPort
        case .timedOut: return .handshake(.timedOut)
        case let fault?:
            // The alert that says why must not be lost by a reset.
            connection.finish(before: .now + min(deadlines.close, .seconds(2)))
            return .handshake(fault)
        }
        if let session = connection.session { security = .tls(session) }
        return nil
    }
}
