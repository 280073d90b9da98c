import Glibc
import Threads

/// Asks the running gateway.
public enum ControlClient {
    /// Sends a request and waits for its answer, however long the gateway works at it.
    /// - Parameter path: of the gateway's control socket.
    public static func ask(_ request: ControlRequest, at path: String) throws(ControlFailure) -> ControlReply {
        let connection: UnixSocket
        do throws(UnixSocket.Failure) {
            connection = try UnixSocket(connectingTo: path)
        } catch {
            throw ControlFailure(unanswered: error, path: path)
        }
        let bytes: [UInt8]
        do throws(UnixSocket.Failure) {
            do throws(UnixSocket.Failure) {
                try connection.write(request.bytes, before: .now + .seconds(30))
            } catch {
                // A gateway that is busy says so without reading, and closes.
                guard error.code == EPIPE || error.code == ECONNRESET else { throw error }
            }
            bytes = try connection.readToEnd()
        } catch {
            throw ControlFailure(sentence: "the gateway at \(path) does not answer: \(error.reason)")
        }
        guard let reply = ControlReply(bytes: bytes) else {
            throw ControlFailure(sentence: "the gateway at \(path) ended before it answered; look at its log")
        }
        return reply
    }
}

/// Why a command got no answer: one sentence that says what to do.
public struct ControlFailure: Error, Equatable {
    public var sentence: String

    init(sentence: String) { self.sentence = sentence }

    init(unanswered failure: UnixSocket.Failure, path: String) {
        switch failure.code {
        case EACCES, EPERM:
            sentence =
                "\(path) may not be written to by this user: run the command as the gateway's user or in its group"
        case _:
            sentence =
                "no gateway answers at \(path) (\(failure.reason)): start it with 'kosgate run', or say where it is "
                + "with --config, --data or --socket"
        }
    }
}
